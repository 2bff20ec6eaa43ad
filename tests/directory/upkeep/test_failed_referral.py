"""From a referral that failed to the order of search results, and back, with nothing in between."""

from pathlib import Path
from typing import Any

import pytest

from accounts.queries import guest
from core.jobs import today
from directory.catalogue.models import Service
from directory.upkeep import jobs
from directory.upkeep.models import VerificationTask
from directory.upkeep.operations import confirmations
from directory.upkeep.operations.confirmations import Word
from directory.upkeep.states import Method
from search import queries as found
from search.requests import SearchRequest
from tests.factories import catalogue, handoffs, search

pytestmark = pytest.mark.django_db


def results() -> list[int]:
    """Return the services that a visitor finds, best first, after the index has caught up."""
    search.settle()
    page = found.find(SearchRequest(text="上门助浴"), guest())
    return [hit.service.pk for hit in page.hits]


def confirm(service: Service, at: handoffs.Scene) -> None:
    service.refresh_from_db()
    word = Word(method=Method.PHONE, seen_version=service.version)
    confirmations.confirm(service, None, by=at.worker, word=word)


def test_not_offered_opens_a_check_and_sinks_the_listing_until_somebody_confirms_it(
    settings: Any, tmp_path: Path
) -> None:
    search.live(settings, tmp_path / "index")
    at = handoffs.scene()
    other = catalogue.complete(catalogue.organization(name="暖巢助浴队"), name="上门助浴")
    catalogue.tag(other, handoffs.CATEGORY)
    for service in (at.service, other):
        confirm(service, at)
    assert results()[0] == at.service.pk

    sent = handoffs.referral(at, "sent")
    handoffs.take(sent, "decline", at, data={"reason": "SERVICE_NOT_OFFERED", "note": "已停办"})

    assert results() == [other.pk, at.service.pk]
    task = VerificationTask.objects.get(service=at.service)
    assert (task.kind, task.groups, task.priority) == ("interim", ["scope"], 1)
    assert task.due_on > today()
    jobs.advance_checks()
    jobs.age_listings()
    assert results() == [other.pk, at.service.pk]

    confirm(at.service, at)

    task.refresh_from_db()
    assert task.state == "done"
    assert results() == [at.service.pk, other.pk]
