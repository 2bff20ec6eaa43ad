from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from accounts.permissions import Role
from core.errors import NotPermitted
from core.jobs import now, today
from referrals.casefiles import operations as casefiles
from referrals.reports.errors import FactsMissing, InvalidFacts
from referrals.reports.models import ResourceLink
from referrals.reports.operations import links
from referrals.reports.states import Mode
from tests.factories import accounts, handoffs, reports
from tests.factories.handoffs import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Scene:
    return handoffs.scene()


def results(made: Any, code: str) -> dict[str, Any]:
    rows = made.needs.select_related("need")
    return {
        "verification": "client_phone",
        "results": [{"need": str(row.need.uid), "result": code} for row in rows],
    }


# ---- Referrals ---------------------------------------------------------------------------------
def test_a_referral_that_begins_links_each_of_its_needs(at: Scene) -> None:
    second = handoffs.casefiles.need(at.client, "EL02", urgency="u4")
    made = handoffs.draft(at, needs=[at.need, second])
    for event in ("send", "accept", "start"):
        handoffs.take(made, event, at)

    written = at.client.resource_links.all()

    assert {link.need for link in written} == {at.need, second}
    assert {link.mode for link in written} == {Mode.REFERRED}
    assert {(link.service, link.provider) for link in written} == {(at.service, at.provider)}


def test_a_referral_that_nobody_began_links_nothing(at: Scene) -> None:
    handoffs.referral(at, "accepted")

    assert not at.client.resource_links.exists()


def test_closing_writes_down_what_the_client_confirmed(at: Scene) -> None:
    made = handoffs.referral(at, "in_service")
    need = str(at.need.uid)
    outcome = {
        "need": need,
        "outcome": "RECEIVED_FULL",
        "quantity": 12,
        "unit": "次",
        "amount": 600,
    }
    handoffs.take(made, "report_outcome", at, data={"outcomes": [outcome], "ongoing": True})

    handoffs.take(made, "verify_close", at, data=results(made, "RECEIVED_PART"))

    link = at.client.resource_links.get()
    assert (link.result, link.quantity, link.unit, link.amount) == ("RECEIVED_PART", 12, "次", 600)


def test_help_that_was_reported_without_a_start_is_linked_at_the_close(at: Scene) -> None:
    made = handoffs.referral(at, "accepted")
    handoffs.take(made, "report_outcome", at)
    before = at.client.resource_links.count()

    handoffs.take(made, "verify_close", at)

    assert before == 0
    assert at.client.resource_links.get().result == "RECEIVED_FULL"


def test_a_close_without_help_links_nothing_new(at: Scene) -> None:
    made = handoffs.referral(at, "accepted")
    handoffs.take(made, "report_outcome", at)

    handoffs.take(made, "verify_close", at, data=results(made, "NOT_RECEIVED"))

    assert not at.client.resource_links.exists()


# ---- Log only ----------------------------------------------------------------------------------
def test_log_only_notes_the_handout_and_asks_later(at: Scene) -> None:
    link = reports.handout(at)

    at.need.refresh_from_db()
    look = at.need.follow_ups.open().get()
    assert (link.mode, link.service, link.referral) == (Mode.INTRODUCED, at.service, None)
    assert at.need.status == "in_progress"
    assert (look.referral, look.due_at > now()) == (None, True)


def test_log_only_tells_nobody_there(at: Scene) -> None:
    reports.handout(at)

    assert not at.client.referrals.exists()
    assert not at.client.grants.exists()
    assert not Message.objects.filter(recipient=at.partner).exists()


def test_log_only_needs_no_consent(at: Scene) -> None:
    casefiles.consent.withdraw(at.consent, by=at.worker, via="phone")

    assert reports.handout(at).pk


def test_log_only_is_for_needs_that_are_open(at: Scene) -> None:
    casefiles.need.settle(at.need, by=at.worker, status="no_longer_needed")

    with pytest.raises(InvalidFacts):
        reports.handout(at)


def test_log_only_is_the_teams(at: Scene) -> None:
    colleague = accounts.member(Role.WORKER, at.station)

    with pytest.raises(NotPermitted):
        links.log_only(at.need, by=colleague, service=at.service)


# ---- Everything else ---------------------------------------------------------------------------
def test_goods_for_many_name_a_number_instead_of_people(at: Scene) -> None:
    link = links.record(
        by=at.worker,
        organization=at.station,
        head_count=30,
        resource_type="goods",
        mode=Mode.DONATED,
        provider_name="街道商会",
        content="御寒衣物",
        quantity=30,
        unit="套",
        amount=6000,
        valuation="按采购价",
    )

    assert (link.client, link.head_count, link.on) == (None, 30, today())
    assert link in ResourceLink.objects.visible_to(at.supervisor)
    assert link not in ResourceLink.objects.visible_to(at.partner)


@pytest.mark.parametrize(
    ("facts", "error", "field"),
    [
        ({"head_count": None}, InvalidFacts, "head_count"),
        ({"provider_name": " "}, FactsMissing, "provider_name"),
        ({"amount": 100}, FactsMissing, "valuation"),
        ({"resource_type": "gold"}, InvalidFacts, "resource_type"),
        ({"mode": "stolen"}, InvalidFacts, "mode"),
        ({"on": today() + timedelta(days=1)}, InvalidFacts, "on"),
    ],
)
def test_a_link_that_says_too_little_is_refused(
    at: Scene, facts: dict[str, Any], error: type[Exception], field: str
) -> None:
    whole: dict[str, Any] = {
        "organization": at.station,
        "head_count": 3,
        "resource_type": "goods",
        "mode": Mode.DONATED,
        "provider_name": "街道商会",
    }

    with pytest.raises(error) as refused:
        links.record(by=at.worker, **whole | facts)

    assert refused.value.errors[0]["field"] == field  # type: ignore[attr-defined]  # a DomainError


def test_a_need_of_another_file_cannot_be_named(at: Scene) -> None:
    other = handoffs.casefiles.need(handoffs.casefiles.adult(at.worker, name="李国强"), "EL04")

    with pytest.raises(InvalidFacts):
        links.record(
            by=at.worker, client=at.client, need=other, resource_type="goods",
            mode=Mode.DONATED, provider_name="街道商会",
        )  # fmt: skip


def test_other_houses_record_nothing_for_this_one(at: Scene) -> None:
    with pytest.raises(NotPermitted):
        links.record(
            by=at.partner, organization=at.station, head_count=3, resource_type="goods",
            mode=Mode.DONATED, provider_name="街道商会",
        )  # fmt: skip


def test_the_table_itself_refuses_a_link_that_reached_nobody(at: Scene) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourceLink.objects.create(
            on=today(), organization=at.station, resource_type="goods", mode=Mode.DONATED,
            provider_name="街道商会", author=at.worker,
        )  # fmt: skip
