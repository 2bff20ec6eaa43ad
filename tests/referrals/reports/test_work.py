from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.permissions import Role
from core.jobs import now, today
from referrals.casefiles import operations as casefiles
from referrals.casefiles.models import Client
from referrals.reports import queries
from referrals.reports.states import When, Work
from tests.factories import accounts, handoffs, reports
from tests.factories.handoffs import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Scene:
    return handoffs.scene()


def loaded(person: User) -> User:
    """Return somebody as a new request would see them."""
    return User.objects.get(pk=person.pk)


def kinds(person: User, *, own: bool = True) -> list[str]:
    entries = queries.work.desk(loaded(person)).entries
    return sorted(entry.kind for entry in entries if entry.mine or not own)


# ---- What lies on a desk -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "worker", "supervisor", "partner"),
    [
        ("draft", [Work.DRAFT, Work.NEED_OPEN], [], []),
        ("sent", [Work.WAITING], [], [Work.INCOMING]),
        ("info_requested", [Work.QUESTION], [], []),
        ("accepted", [Work.WAITING], [], [Work.INCOMING]),
        ("outcome_reported", [Work.OUTCOME], [], []),
        ("declined", [Work.FOLLOW_UP], [], []),
        ("closed", [], [], []),
    ],
)
def test_each_status_lies_on_the_desk_of_whose_turn_it_is(
    at: Scene, status: str, worker: list[str], supervisor: list[str], partner: list[str]
) -> None:
    handoffs.referral(at, status)

    found = {person: kinds(person) for person in (at.worker, at.supervisor, at.partner)}

    assert list(found.values()) == [worker, supervisor, partner]


def test_files_ask_for_reviews_consents_and_answers(at: Scene) -> None:
    case = handoffs.casefiles.case(at.client)
    type(case).objects.filter(pk=case.pk).update(next_review_on=today())
    type(at.consent).objects.filter(pk=at.consent.pk).update(expires_at=now() + timedelta(days=5))
    colleague = accounts.member(Role.WORKER, at.station)
    casefiles.case.offer(case, by=at.worker, to_user=colleague, reason="调岗")

    assert kinds(at.worker) == [Work.CASE_REVIEW, Work.CONSENT, Work.NEED_OPEN]
    assert kinds(colleague) == [Work.TRANSFER]


def test_an_unmet_need_that_is_followed_up_lies_there_once(at: Scene) -> None:
    reports.unmet(at, review_on=today() + timedelta(days=2))
    before = kinds(at.worker)
    reports.follow_up(at)

    assert before == [Work.NEED_REVIEW]
    assert kinds(at.worker) == [Work.FOLLOW_UP]


def test_a_chance_lies_there_until_somebody_has_looked(at: Scene) -> None:
    reports.unmet(at)
    alert = reports.alert(at.need, at.service)
    before = kinds(at.worker)
    reports.operations.alerts.mark_seen(alert, by=at.worker)

    assert before == [Work.CHANCE]
    assert kinds(at.worker) == []


def test_a_need_that_nobody_tried_to_meet_becomes_overdue_by_its_level() -> None:
    at = handoffs.scene(urgency="u1")
    type(at.need).objects.filter(pk=at.need.pk).update(identified_at=now() - timedelta(days=2))

    entry = queries.work.desk(loaded(at.worker)).entries[0]

    assert (entry.kind, entry.when) == (Work.NEED_OPEN, When.LATE)


def test_the_team_sees_what_is_a_colleagues_as_a_colleagues(at: Scene) -> None:
    handoffs.referral(at, "info_requested")

    assert kinds(at.supervisor) == []
    assert kinds(at.supervisor, own=False) == [Work.QUESTION]


def test_strangers_see_nothing(at: Scene) -> None:
    handoffs.referral(at, "info_requested")
    reports.follow_up(at)

    for stranger in (accounts.member(Role.WORKER), accounts.member(Role.WORKER, at.station)):
        assert kinds(stranger, own=False) == []


def test_a_restricted_file_stays_with_its_team(at: Scene) -> None:
    reports.follow_up(at)
    Client.objects.filter(pk=at.client.pk).update(sensitivity="restricted")

    assert kinds(at.supervisor, own=False) == []
    assert Work.FOLLOW_UP in kinds(at.worker)


# ---- Counts and lists --------------------------------------------------------------------------
def many(at: Scene) -> None:
    """Put something of most sorts on the desk."""
    reports.declined(at)
    for status in ("draft", "sent", "outcome_reported", "info_requested"):
        need = handoffs.casefiles.need(at.client, "EL02", urgency="u4")
        handoffs.referral(at, status, need=need)
    unmet = handoffs.casefiles.need(at.client, "EL02", urgency="u4")
    reports.unmet(at, unmet)
    reports.alert(unmet, at.service)
    handoffs.casefiles.need(at.client, "EL04")


def test_every_figure_leads_to_a_list_of_its_length(at: Scene) -> None:
    many(at)
    browser = accounts.browser(at.worker)

    figures = browser.get("/work/").context["figures"]
    lengths = []
    for figure in figures:
        url = figure["url"] if figure["url"].startswith("/") else f"/work/{figure['url']}"
        context = browser.get(url).context
        lengths.append(context["page"].paginator.count)

    assert [figure["number"] for figure in figures] == lengths
    assert sum(lengths) > 0


def test_every_filter_counts_what_it_keeps(at: Scene) -> None:
    many(at)
    browser = accounts.browser(at.worker)

    for group in browser.get("/work/").context["filters"]:
        for option in group["options"]:
            page = browser.get("/work/", {group["name"]: option["value"]})
            assert page.context["total"] == option["count"], (group["name"], option["value"])


def test_a_word_that_no_filter_knows_is_refused_by_name(at: Scene) -> None:
    page = accounts.browser(at.worker).get("/work/?kind=gossip")

    assert page.status_code == 400
    assert accounts.browser(at.worker).get("/work/?page=9&when=today").status_code == 404


def test_the_desk_costs_as_much_with_many_rows_as_with_few(at: Scene) -> None:
    many(at)
    browser = accounts.browser(at.worker)
    browser.get("/work/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/work/")
    other = handoffs.casefiles.adult(at.worker, name="李国强")
    handoffs.casefiles.safe(other)
    handoffs.casefiles.consent(other, at.service, handoffs.CLASSES)
    many(replace(at, client=other, need=handoffs.casefiles.need(other, "EL02")))

    with CaptureQueriesContext(connection) as twice:
        browser.get("/work/")

    assert len(twice) == len(few) <= 20


# ---- What is shown -----------------------------------------------------------------------------
def test_rows_mask_the_person_and_the_title_names_nobody(at: Scene) -> None:
    many(at)

    page = accounts.browser(at.worker).get("/work/").content.decode()

    assert at.client.name not in page
    assert "王**" in page
    title = page[page.index("<title>") : page.index("</title>")]
    assert "王" not in title


def test_a_recipient_reads_no_person_on_the_desk(at: Scene) -> None:
    """Somebody who works with files and answers referrals sees what came in without a name."""
    both = accounts.member(Role.WORKER, at.provider, user=at.partner)
    handoffs.referral(at, "sent")

    page = accounts.browser(both).get("/work/")

    assert page.context["total"] == 1
    assert "王**" not in page.content.decode()


def test_an_empty_desk_says_what_comes_next(at: Scene) -> None:
    type(at.need).objects.filter(pk=at.need.pk).update(deadline=today() + timedelta(days=40))

    page = accounts.browser(at.worker).get("/work/")

    assert page.context["idle"]
    assert page.context["next"].due == today() + timedelta(days=40)


@pytest.mark.parametrize("url", ["/work/", "/work/awaiting/", "/unmet/", "/follow-ups/"])
def test_only_people_with_files_have_a_desk(at: Scene, url: str) -> None:
    for stranger in (at.coordinator, at.partner):
        assert accounts.browser(stranger).get(url).status_code == 403
    assert accounts.browser(at.supervisor).get(url).status_code == 200


def test_there_is_no_other_list(at: Scene) -> None:
    assert accounts.browser(at.worker).get("/work/gossip/").status_code == 404


def test_visits_and_calls_that_one_took_on_lie_there_too(at: Scene) -> None:
    task: Any = reports.check(at.service, at.worker)

    entry = next(e for e in queries.work.desk(loaded(at.worker)).entries if e.kind == Work.CHECK)

    assert (entry.pk, entry.when) == (task.pk, When.TODAY)
