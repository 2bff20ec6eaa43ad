from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from accounts.permissions import Role
from core.errors import NotPermitted
from core.jobs import local_date, now, shifted, today
from referrals.casefiles import operations as casefiles
from referrals.casefiles.errors import CaseBlocked
from referrals.casefiles.signals import client_erased
from referrals.handoffs import clocks
from referrals.handoffs.states import Status
from referrals.reports import jobs
from referrals.reports.errors import AlreadyDone, FactsMissing, InvalidFacts
from referrals.reports.models import FollowUp
from referrals.reports.operations import follow_ups
from referrals.reports.states import OFFERED, Kind, Result
from tests.factories import accounts, handoffs, reports
from tests.factories.handoffs import Scene

pytestmark = pytest.mark.django_db
UNMET = {"reason": "NO_CAPACITY", "review_on": today() + timedelta(days=20)}


@pytest.fixture
def at() -> Scene:
    return handoffs.scene()


def settle(at: Scene, look: FollowUp, result: str, **told: Any) -> FollowUp:
    look = FollowUp.objects.visible_to(at.worker).get(pk=look.pk)
    return follow_ups.settle(
        look, by=at.worker, result=result, expected_version=look.version, **told
    )


def result(made: Any, name: str = "result", code: str = "RECEIVED_FULL") -> dict[str, Any]:
    told = {"verification": "client_phone"} if name == "result" else {"ongoing": True}
    return told | {
        f"{name}s": [{"need": str(row.need.uid), name: code} for row in made.needs.all()]
    }


# ---- Opening -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "status", ["declined", "cancelled", "failed", "expired", "entered_in_error"]
)
def test_every_end_without_help_opens_a_look(at: Scene, status: str) -> None:
    made = handoffs.referral(at, status)

    look = at.need.follow_ups.get()

    assert look.kind == Kind.UNRESOLVED
    assert look.referral == made
    assert look.is_open


def test_the_look_is_due_by_the_clock_of_unresolved_needs(at: Scene) -> None:
    made = handoffs.referral(at, "declined")
    made.refresh_from_db()

    look = at.need.follow_ups.get()

    expected = clocks.due(
        "H", made.clock_class, category="EL02", organization=at.station, start=made.ended_at
    )
    assert abs(look.due_at - expected) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("code", "opens"),
    [("RECEIVED_FULL", False), ("RECEIVED_PART", True), ("NOT_RECEIVED", True), ("UNKNOWN", True)],
)
def test_a_closed_loop_opens_a_look_unless_the_need_was_met(
    at: Scene, code: str, opens: bool
) -> None:
    made = handoffs.referral(at, "outcome_reported")

    handoffs.take(made, "verify_close", at, data=result(made, code=code))

    assert at.need.follow_ups.exists() == opens


@pytest.mark.parametrize("event", ["auto_close", "basis_lost"])
def test_an_unverified_close_opens_a_look_whatever_the_provider_said(at: Scene, event: str) -> None:
    made = handoffs.referral(at, "outcome_reported")

    handoffs.take(made, event, at)

    assert made.status == Status.CLOSED
    assert at.need.follow_ups.open().count() == 1


def test_a_need_that_another_attempt_serves_waits_for_its_end(at: Scene) -> None:
    other = handoffs.contact()
    first = handoffs.referral(at, "sent")
    second = handoffs.draft(at, off_platform=other)

    handoffs.take(first, "decline", at, data={"reason": "OUT_OF_AREA"})
    before = at.need.follow_ups.open().count()
    handoffs.take(second, "cancel", at)

    assert before == 0
    assert at.need.follow_ups.open().count() == 1


def test_a_need_that_is_solved_already_needs_no_look(at: Scene) -> None:
    made = handoffs.referral(at, "sent")
    at.need.refresh_from_db()
    casefiles.need.settle(at.need, by=at.worker, status="resolved", note="女儿来帮忙")

    handoffs.take(made, "cancel", at, data={"reason": "NEED_RESOLVED_ELSEWHERE"})

    assert not at.need.follow_ups.exists()


def test_one_look_is_open_per_need_and_kind(at: Scene) -> None:
    first = reports.follow_up(at)

    again = reports.follow_up(at, due_at=now() + timedelta(days=1))
    other = reports.follow_up(at, kind=Kind.AFTERCARE)

    assert again == first
    assert other != first
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(need=at.need, due_at=now())


# ---- A new attempt -----------------------------------------------------------------------------
def test_the_next_draft_ends_the_look(at: Scene) -> None:
    look = reports.declined(at)

    handoffs.draft(at)

    look.refresh_from_db()
    assert (look.result, look.author) == (Result.RE_REFER, at.worker)


def test_a_reopened_referral_ends_the_look(at: Scene) -> None:
    made = handoffs.referral(at, "failed")
    look = at.need.follow_ups.get()

    handoffs.take(made, "reopen", at)

    look.refresh_from_db()
    assert look.result == Result.RE_REFER


def test_a_draft_that_is_dropped_brings_the_look_back(at: Scene) -> None:
    reports.declined(at)
    made = handoffs.draft(at)

    handoffs.take(made, "cancel", at)

    assert at.need.follow_ups.open().count() == 1
    assert at.need.follow_ups.count() == 2


# ---- Settling ----------------------------------------------------------------------------------
def test_referring_again_opens_the_next_draft_of_the_chain(at: Scene) -> None:
    look = reports.declined(at)
    other = handoffs.scene().service

    settle(at, look, Result.RE_REFER, service=other)

    draft = at.client.referrals.get(status=Status.DRAFT)
    assert (draft.parent, draft.attempt_no, draft.service) == (look.referral, 2, other)
    assert not at.need.follow_ups.open().exists()


def test_after_a_handout_referring_again_begins_a_chain(at: Scene) -> None:
    reports.handout(at)
    look = at.need.follow_ups.get()

    settle(at, look, Result.RE_REFER, service=at.service)

    draft = at.client.referrals.get()
    assert (draft.parent, draft.status) == (None, Status.DRAFT)


def test_waiting_brings_the_need_back_on_the_day(at: Scene) -> None:
    look = reports.declined(at)
    day = today() + timedelta(days=10)

    settle(at, look, Result.WAIT, wait_until=day)

    look.refresh_from_db()
    assert (look.result, look.wait_until) == (Result.WAIT, day)
    assert local_date(at.need.follow_ups.open().get().due_at) == day


@pytest.mark.parametrize(
    ("answer", "told", "status"),
    [
        (Result.SELF_MANAGED, {"note": "女儿搬来同住"}, "resolved"),
        (Result.UNMET, UNMET, "unmet"),
        (Result.NO_LONGER_NEEDED, {}, "no_longer_needed"),
    ],
)
def test_other_answers_settle_the_need(
    at: Scene, answer: str, told: dict[str, Any], status: str
) -> None:
    look = reports.declined(at)

    settle(at, look, answer, **told)

    at.need.refresh_from_db()
    assert at.need.status == status
    assert not at.need.follow_ups.open().exists()


def test_a_partly_met_need_can_be_solved_without_us(at: Scene) -> None:
    made = handoffs.referral(at, "outcome_reported")
    handoffs.take(made, "verify_close", at, data=result(made, code="RECEIVED_PART"))

    settle(at, at.need.follow_ups.get(), Result.SELF_MANAGED, note="其余由家人照顾")

    at.need.refresh_from_db()
    assert at.need.status == "resolved"


def test_aftercare_that_finds_all_well_leaves_the_need_as_it_is(at: Scene) -> None:
    made = handoffs.referral(at, "closed")
    look = follow_ups.plan(at.need, by=at.worker, kind=Kind.AFTERCARE)

    settle(at, look, Result.NO_LONGER_NEEDED)

    at.need.refresh_from_db()
    assert made.status == Status.CLOSED
    assert at.need.status == "resolved"


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        (Result.RE_REFER, {"service"}),
        (Result.WAIT, {"wait_until"}),
        (Result.SELF_MANAGED, {"note"}),
        (Result.UNMET, {"reason", "review_on"}),
    ],
)
def test_an_answer_names_all_that_it_lacks(at: Scene, answer: str, missing: set[str]) -> None:
    look = reports.follow_up(at)

    with pytest.raises(FactsMissing) as refused:
        settle(at, look, answer)

    assert {error["field"] for error in refused.value.errors} == missing
    assert at.need.follow_ups.open().get() == look


def test_no_conference_is_promised_that_nobody_convenes(at: Scene) -> None:
    look = reports.follow_up(at)

    with pytest.raises(InvalidFacts):
        settle(at, look, Result.CONFERENCE)

    assert Result.CONFERENCE not in OFFERED


def test_waiting_until_today_is_no_waiting(at: Scene) -> None:
    look = reports.follow_up(at)

    with pytest.raises(InvalidFacts):
        settle(at, look, Result.WAIT, wait_until=today())


def test_of_two_answers_the_second_is_told(at: Scene) -> None:
    look = reports.follow_up(at)
    settle(at, look, Result.NO_LONGER_NEEDED)

    with pytest.raises(AlreadyDone):
        follow_ups.settle(look, by=at.worker, result=Result.NO_LONGER_NEEDED, expected_version=1)
    with pytest.raises(AlreadyDone):
        settle(at, look, Result.NO_LONGER_NEEDED)


def test_only_the_team_of_the_file_settles(at: Scene) -> None:
    look = reports.follow_up(at)
    colleague = accounts.member(Role.WORKER, at.station)

    for stranger in (colleague, at.supervisor, at.coordinator, at.partner):
        with pytest.raises(NotPermitted):
            follow_ups.settle(look, by=stranger, result=Result.NO_LONGER_NEEDED, expected_version=1)


def test_what_became_of_it_stands_in_the_timeline_without_words(at: Scene) -> None:
    look = reports.follow_up(at)

    settle(at, look, Result.SELF_MANAGED, note="女儿搬来同住")

    entry = at.client.timeline.filter(kind="follow_up.done").get()
    assert (entry.thing_uid, entry.note) == (look.uid, "")


# ---- Planning ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "days"),
    [(Kind.AFTERCARE, 30), (Kind.RETENTION_CHECK, 90), (Kind.DISPUTE_CHECK, 7)],
)
def test_a_plan_without_a_day_takes_the_usual_one(at: Scene, kind: str, days: int) -> None:
    look = follow_ups.plan(at.need, by=at.worker, kind=kind)

    assert local_date(look.due_at) == today() + timedelta(days=days)


def test_nobody_plans_what_only_an_end_opens_or_a_day_that_is_over(at: Scene) -> None:
    with pytest.raises(InvalidFacts):
        follow_ups.plan(at.need, by=at.worker, kind=Kind.UNRESOLVED)
    with pytest.raises(InvalidFacts):
        follow_ups.plan(
            at.need, by=at.worker, kind=Kind.AFTERCARE, due_on=today() - timedelta(days=1)
        )


# ---- Unattended --------------------------------------------------------------------------------
def test_the_owner_is_reminded_once_a_day_however_much_is_due(at: Scene) -> None:
    second = handoffs.casefiles.need(at.client, "EL04", urgency="u4")
    for need in (at.need, second):
        reports.follow_up(at, need=need, due_at=now() - timedelta(minutes=1))

    for _round in range(2):
        jobs.remind_of_follow_ups()

    told = Message.objects.filter(template="reports.follow_up", channel="page")
    assert [message.recipient for message in told] == [at.worker]
    assert FollowUp.objects.visible_to(at.worker).filter(reminded_at=None).count() == 0


def test_an_emergency_is_told_at_once_and_apart() -> None:
    at = handoffs.scene(urgency="u1")
    look = reports.follow_up(at, due_at=now())

    jobs.remind_of_follow_ups()

    message = Message.objects.get(template="reports.follow_up_urgent", channel="page")
    assert str(look.uid) in message.body["link"]


def test_nothing_is_said_before_its_time(at: Scene) -> None:
    reports.follow_up(at, due_at=now() + timedelta(hours=1))

    jobs.remind_of_follow_ups()

    assert not Message.objects.filter(template__startswith="reports.").exists()


def test_an_unmet_need_comes_back_on_its_review_date(at: Scene) -> None:
    reports.unmet(at, review_on=today() + timedelta(days=3))

    jobs.review_unmet_needs()
    early = at.need.follow_ups.count()
    with shifted(timedelta(days=3)):
        for _round in range(2):
            jobs.review_unmet_needs()

    assert early == 0
    assert at.need.follow_ups.open().count() == 1


def test_a_review_does_not_come_while_the_next_attempt_is_open(at: Scene) -> None:
    reports.unmet(at, review_on=today())
    at.need.refresh_from_db()
    handoffs.draft(at)

    jobs.review_unmet_needs()

    assert not at.need.follow_ups.open().exists()


# ---- Case and erasure --------------------------------------------------------------------------
def test_a_case_does_not_close_over_an_open_look(at: Scene) -> None:
    case = handoffs.casefiles.case(at.client)
    look = reports.follow_up(at)
    at.need.refresh_from_db()
    casefiles.need.settle(at.need, by=at.worker, status="no_longer_needed")

    with pytest.raises(CaseBlocked) as refused:
        casefiles.case.close(case, by=at.worker, reason="moved", expected_version=case.version)
    settle(at, look, Result.NO_LONGER_NEEDED)
    closed = casefiles.case.close(case, by=at.worker, reason="moved", expected_version=case.version)

    assert [error["code"] for error in refused.value.errors] == ["follow_up_open"]
    assert not closed.is_open


def test_an_erased_client_leaves_counts_and_no_words(at: Scene) -> None:
    done = reports.follow_up(at)
    settle(at, done, Result.SELF_MANAGED, note="女儿搬来同住")
    link = reports.handout(replace(at, need=handoffs.casefiles.need(at.client, "EL04")))
    answer = reports.evaluation(at, text="谢谢小周")
    reports.alert(at.need, at.service)

    client_erased.send(type(at.client), client=at.client)

    for row in (done, link, answer):
        row.refresh_from_db()
    assert (done.note, link.content, answer.text) == ("", "", "")
    assert not FollowUp.objects.visible_to(at.worker).open().exists()
    assert not at.need.alerts.exists()
