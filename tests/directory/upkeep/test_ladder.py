from datetime import date, timedelta

import pytest
from django.db.models import QuerySet

from accounts.models import Message
from accounts.queries import system
from core import jobs as clock
from directory.upkeep import jobs
from directory.upkeep.models import RequestLine, VerificationRequest, VerificationTask
from directory.upkeep.operations import checks
from directory.upkeep.operations.checks import TooEarly
from directory.upkeep.states import Kind, Method, Stage, TaskState
from tests.directory.upkeep.conftest import Listing, days, late
from tests.factories import catalogue as make

pytestmark = pytest.mark.django_db


def tasks(listing: Listing) -> "QuerySet[VerificationTask]":
    """Return the checks of this listing; the national hotlines have their own."""
    return VerificationTask.objects.filter(service__organization=listing.organization)


def tick() -> None:
    """Run what the scheduler runs, in its order."""
    jobs.open_checks()
    jobs.advance_checks()
    jobs.send_requests()
    jobs.age_listings()


def run_from(listing: Listing, start: date, on: list[int]) -> list[tuple[int, str, str, str]]:
    """Run the scheduler on these days after the start, and return when something moved."""
    seen = []
    before: tuple[str, str, str] | None = None
    for number in on:
        offset = start + timedelta(days=number) - clock.today()
        with clock.shifted(offset):
            tick()
        listing.reload()
        task = tasks(listing).order_by("-pk").first()
        now = (task.stage if task else "", listing.place.freshness, listing.place.state)
        if now != before:
            seen.append((number, *now))
            before = now
    return seen


def test_an_unanswered_provider_is_called_ranked_last_and_hidden(listing: Listing) -> None:
    listing.confirm()
    due = listing.place.verify_by
    assert due is not None

    moved = run_from(listing, due - days(31), [0, 1, 8, 22, 30, 31, 60, 61, 90, 91, 150, 151, 160])

    assert moved == [
        (0, "", "fresh", "active"),
        (1, "ask", "fresh", "active"),
        (31, "phone", "due", "active"),
        (61, "visit", "due", "active"),
        (91, "visit", "stale", "active"),
        (151, "visit", "stale", "suspended"),
    ]
    listing.reload()
    assert listing.service.state == "suspended"
    assert listing.place.state_reason == "unconfirmed"
    assert RequestLine.objects.count() == 3


def test_the_ladder_survives_a_leap_day_and_two_clock_jumps(listing: Listing) -> None:
    listing.confirm()
    due = date(2028, 2, 29)
    for record in (listing.service, listing.place):
        type(record).objects.filter(pk=record.pk).update(verify_by=due)

    for day in (-31, -30, -31, -30, -29):
        with clock.shifted(due + days(day) - clock.today()):
            tick()

    assert RequestLine.objects.count() == 1
    assert tasks(listing).get().due_on == due


def test_after_ninety_days_off_a_listing_gets_one_check_and_one_message(listing: Listing) -> None:
    listing.confirm()
    due = listing.place.verify_by
    assert due is not None

    with clock.shifted(due - days(30) - clock.today()):
        jobs.open_checks()
    with clock.shifted(due - days(5) - clock.today()):
        tick()
        tick()

    task = tasks(listing).get()
    assert (task.step, task.skipped) == (3, 2)
    assert RequestLine.objects.count() == 1


def test_a_listing_nobody_ever_confirmed_is_due_after_its_first_days(listing: Listing) -> None:
    jobs.age_listings()
    listing.reload()

    assert listing.place.verify_by == clock.today() + days(30)
    assert listing.place.freshness == "unverified"


def test_a_crisis_service_climbs_faster(listing: Listing) -> None:
    make.tag(listing.service, "FM01")
    listing.confirm()
    due = listing.place.verify_by
    assert due is not None
    assert due <= clock.today() + days(99)

    moved = run_from(listing, due - days(15), [0, 1, 8, 13, 14, 15, 21, 22, 29, 59, 60])

    assert [(day, stage) for day, stage, *_rest in moved][:4] == [
        (0, ""),
        (1, "ask"),
        (15, "phone"),
        (22, "visit"),
    ]
    assert moved[-1] == (60, "visit", "stale", "suspended")


def test_without_any_address_the_check_goes_to_the_phone_at_once(listing: Listing) -> None:
    listing.service.contacts.update(email="")
    type(listing.organization).objects.filter(pk=listing.organization.pk).update(email="")
    late(listing, -30)

    tick()

    assert tasks(listing).get().stage == Stage.PHONE
    assert not VerificationRequest.objects.exists()


def test_one_address_gets_one_message_a_day_for_all_its_listings(listing: Listing) -> None:
    second = make.complete(listing.organization)
    make.contact(service=second, email="fang@example.org", is_verification_contact=True)
    type(second).objects.filter(pk=second.pk).update(verify_by=clock.today() + days(30))
    late(listing, -30)

    tick()
    tick()

    assert VerificationRequest.objects.count() == 1
    assert RequestLine.objects.count() == 2
    assert Message.objects.filter(template="upkeep.confirm").count() == 1


def test_reminders_go_to_the_next_address(listing: Listing) -> None:
    listing.confirm()
    due = listing.place.verify_by
    assert due is not None

    run_from(listing, due - days(30), [0, 6, 7, 20, 21])

    addresses = [
        m.body["to"] for m in Message.objects.filter(template="upkeep.confirm").order_by("pk")
    ]
    assert addresses == ["fang@example.org", "office@example.org", "office@example.org"]


def test_the_third_self_confirmation_in_a_row_makes_somebody_call(listing: Listing) -> None:
    for number in range(3):
        with clock.shifted(-days(10 * (3 - number))):
            listing.confirm(method=Method.PARTNER_UPDATE, by=listing.editor)

    task = checks.start(
        listing.service, listing.place, by=system(), kind=Kind.PERIODIC,
        due_on=clock.today() + days(30),
    )  # fmt: skip

    assert task.stage == Stage.PHONE


def test_unreachable_needs_three_attempts_on_two_days(listing: Listing) -> None:
    task = checks.start(
        listing.service, listing.place, by=system(), kind=Kind.PERIODIC, due_on=clock.today()
    )
    for offset in (-1, 0):
        checks.attempt(
            task, by=listing.worker, method=Method.PHONE, disposition="no_answer",
            at=clock.now() + days(offset),
        )  # fmt: skip

    with pytest.raises(TooEarly):
        checks.give_up(task, by=listing.worker)

    checks.attempt(task, by=listing.worker, method=Method.PHONE, disposition="no_answer")
    checks.give_up(task, by=listing.worker)
    listing.reload()
    assert (listing.place.state, listing.place.state_reason) == ("suspended", "unreachable")


def test_two_calls_without_answer_are_told_to_the_coordinators(listing: Listing) -> None:
    task = checks.start(
        listing.service, listing.place, by=system(), kind=Kind.PERIODIC, due_on=clock.today()
    )

    for _number in range(2):
        checks.attempt(task, by=listing.worker, method=Method.PHONE, disposition="no_answer")

    told = Message.objects.filter(template="upkeep.unreached", recipient=listing.coordinator)
    assert told.exists()


def test_a_new_question_widens_the_open_check(listing: Listing) -> None:
    first = checks.start(
        listing.service, listing.place, by=system(), kind=Kind.PERIODIC,
        due_on=clock.today() + days(9), groups=["hours"],
    )  # fmt: skip

    again = checks.start(
        listing.service, listing.place, by=system(), kind=Kind.INTERIM, due_on=clock.today(),
        groups=["phone"], priority=1,
    )  # fmt: skip

    assert again.pk == first.pk
    assert (again.groups, again.due_on, again.priority) == (["hours", "phone"], clock.today(), 1)


def test_checks_of_a_closed_listing_are_dropped(listing: Listing) -> None:
    checks.start(
        listing.service, listing.place, by=system(), kind=Kind.PERIODIC, due_on=clock.today()
    )
    type(listing.service).objects.filter(pk=listing.service.pk).update(state="closed")

    jobs.drop_checks()

    assert tasks(listing).get().state == TaskState.DROPPED
