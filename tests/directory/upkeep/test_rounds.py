"""What upkeep does as the weeks go by, through the jobs themselves: asked, called, visited, ranked
last, hidden, back by one confirmation; imports, shared messages, wrong addresses, barred ways."""

import pytest

from accounts.models import Delivery, Message
from accounts.queries import system
from accounts.signals import message_bounced
from core import jobs as clock
from directory.catalogue.models import Service
from directory.catalogue.operations import listing as catalogue
from directory.catalogue.operations import restrictions
from directory.upkeep import jobs
from directory.upkeep.models import Doubt, RequestLine, VerificationRequest, VerificationTask
from directory.upkeep.operations import checks
from directory.upkeep.states import Kind, Method
from tests.directory.upkeep.conftest import Listing, days, late
from tests.directory.upkeep.test_ladder import run_from, tick
from tests.factories import accounts
from tests.factories import catalogue as make

pytestmark = pytest.mark.django_db


def test_one_confirmation_brings_back_what_went_all_the_way_down(listing: Listing) -> None:
    listing.confirm()
    due = listing.place.verify_by
    assert due is not None
    moved = run_from(listing, due - days(31), [1, 31, 61, 91, 151])
    assert moved[-1] == (151, "visit", "stale", "suspended")
    assert not Service.objects.listed().filter(pk=listing.service.pk).exists()

    with clock.shifted(due + days(130) - clock.today()):
        listing.confirm(method=Method.VISIT)

        tick()

        listing.reload()
        assert (listing.place.state, listing.service.state) == ("active", "active")
        assert listing.place.freshness == listing.service.freshness == "fresh"
        assert listing.place.verify_by > clock.today() + days(300)
        said = VerificationTask.objects.filter(service=listing.service)
        assert [(one.state, one.result) for one in said] == [("done", "confirmed")]


def test_an_import_dates_what_it_shows_at_once_and_verifies_nothing() -> None:
    owner = make.organization()
    added = [Service(organization=owner, name=f"服务 {n}", state="active") for n in range(3)]

    catalogue.store(by=accounts.member("coordinator"), key="b", added=added)

    found = Service.objects.filter(organization=owner)
    assert {one.verify_by for one in found} == {clock.today() + days(30)}
    assert {(one.freshness, one.verified_on) for one in found} == {("unverified", None)}


def test_an_import_of_many_listings_costs_no_statement_for_each(
    django_assert_max_num_queries: object,
) -> None:
    def statements(number: int) -> int:
        owner = make.organization()
        added = [
            Service(organization=owner, name=f"服务 {n}", state="active") for n in range(number)
        ]
        with django_assert_max_num_queries(200) as seen:  # type: ignore[operator]  # a fixture
            catalogue.store(by=by, key="b", added=added)
        return len(seen.captured_queries)

    by = accounts.member("coordinator")
    statements(1)

    # A database takes so many values in one statement; that is all the difference.
    assert statements(40) < statements(2) + 10


def test_listings_that_come_up_within_two_weeks_travel_in_the_same_message(
    listing: Listing,
) -> None:
    soon, later = (make.complete(listing.organization) for _n in range(2))
    for one in (soon, later):
        make.contact(service=one, email="fang@example.org", is_verification_contact=True)
    late(listing, -30)
    for one, ahead in ((soon, 44), (later, 45)):
        Service.objects.filter(pk=one.pk).update(verify_by=clock.today() + days(ahead))

    tick()

    assert {line.task.service for line in RequestLine.objects.all()} == {listing.service, soon}
    with clock.shifted(days(14)):
        tick()
    first = RequestLine.objects.filter(task__service=soon, step=1).get()
    assert first.request.day == clock.today()
    with clock.shifted(days(15)):
        tick()
    assert RequestLine.objects.filter(task__service=later).exists()


def test_no_more_than_five_hundred_addresses_an_hour(
    listing: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "ASKS_PER_HOUR", 2)
    for number in range(3):
        one = make.complete(make.organization(email=f"office{number}@example.org"))
        Service.objects.filter(pk=one.pk).update(verify_by=clock.today())
    jobs.open_checks()
    # The national hotlines, which have no address, are called and take no message.
    VerificationTask.objects.exclude(service__organization__email__endswith="example.org").delete()
    jobs.advance_checks()
    VerificationTask.objects.update(stage="ask", step=1)

    jobs.send_requests()
    jobs.send_requests()

    assert VerificationRequest.objects.count() == 2
    with clock.shifted(days(1)):
        jobs.send_requests()
    assert VerificationRequest.objects.count() == 3


def test_a_message_that_comes_back_makes_somebody_call(listing: Listing) -> None:
    late(listing, -30)
    tick()
    sent = Message.objects.get(template="upkeep.confirm")

    message_bounced.send(Message, message=sent)

    task = VerificationTask.objects.get(service=listing.service)
    assert task.stage == "phone"
    assert VerificationRequest.objects.get().state == "bounced"
    doubt = Doubt.objects.get()
    assert (doubt.groups, doubt.reason, doubt.origin) == (["phone"], "bounced", "bounce")


def test_other_messages_that_come_back_are_none_of_our_affair(listing: Listing) -> None:
    message_bounced.send(Message, message=Message(key="handoffs.sent:1", state=Delivery.FAILED))

    assert not Doubt.objects.exists()


@pytest.mark.parametrize(
    ("kind", "channels", "stage"),
    [("do_not_visit", [], "phone"), ("do_not_contact", ["phone"], "visit"),
     ("do_not_contact", ["email"], "phone")],
)  # fmt: skip
def test_the_ladder_leaves_out_the_ways_a_provider_bars(
    listing: Listing, kind: str, channels: list[str], stage: str
) -> None:
    entry = restrictions.enter(
        by=listing.coordinator, kind=kind, match_kind="uid", channels=channels, reason="本机构要求",
        value=str(listing.organization.uid), requested_by="负责人",
    )  # fmt: skip
    restrictions.activate(entry, by=listing.coordinator)
    due = late(listing, 40 if kind == "do_not_visit" else 0)
    checks.start(listing.service, listing.place, by=system(), kind=Kind.PERIODIC, due_on=due)
    VerificationTask.objects.update(opened_on=due - days(30), next_step_on=due)

    tick()

    assert VerificationTask.objects.get(service=listing.service).stage == stage
    assert VerificationRequest.objects.exists() is False
