import pytest

from accounts.queries import system
from core import jobs
from core.errors import Conflict
from directory.catalogue.models import Service
from directory.catalogue.operations import listing as catalogue
from directory.upkeep.models import Doubt, FieldConfirmation, Verification, VerificationTask
from directory.upkeep.operations import checks, confirmations, doubts
from directory.upkeep.operations.confirmations import Word
from directory.upkeep.states import DoubtState, Kind, Method, Origin, TaskState
from tests.directory.upkeep.conftest import Listing, days, late

pytestmark = pytest.mark.django_db


def word(listing: Listing, **values: object) -> Word:
    facts = {"method": Method.PHONE, "seen_version": listing.service.version} | values
    return Word(**facts)  # type: ignore[arg-type]  # keywords of the dataclass


def test_confirming_all_makes_the_listing_fresh(listing: Listing) -> None:
    listing.confirm()

    assert listing.place.verified_on == jobs.today()
    assert listing.place.freshness == listing.service.freshness == "fresh"
    assert listing.place.verified_how == "phone"
    assert listing.place.verify_by
    assert listing.place.verify_by > jobs.today() + days(300)


def test_one_missing_critical_fact_leaves_it_unverified(listing: Listing) -> None:
    confirmations.confirm(
        listing.service, listing.place, by=listing.worker, word=word(listing), groups={"phone"}
    )

    listing.reload()
    assert listing.place.verified_on is None
    assert listing.place.freshness == "unverified"


def test_verified_on_is_the_oldest_of_the_critical_facts(listing: Listing) -> None:
    with jobs.shifted(-days(40)):
        listing.confirm()
    listing.reload()
    confirmations.confirm(
        listing.service, listing.place, by=listing.worker, word=word(listing), groups={"phone"}
    )

    listing.reload()
    assert listing.place.verified_on == jobs.today() - days(40)


def test_saving_and_importing_never_verify(listing: Listing) -> None:
    catalogue.change(
        listing.service,
        by=listing.coordinator,
        changes={"service.description": "送餐上门"},
        base_version=listing.service.version,
    )

    listing.reload()
    assert listing.service.verified_on is None


def test_a_listing_that_changed_since_it_was_seen_is_not_confirmed(listing: Listing) -> None:
    seen = word(listing)
    catalogue.change(
        listing.service,
        by=listing.coordinator,
        changes={"service.description": "新的说明"},
        base_version=listing.service.version,
    )

    with pytest.raises(Conflict):
        confirmations.confirm(listing.service, listing.place, by=listing.worker, word=seen)

    assert not Verification.objects.exists()


def test_a_look_at_the_site_counts_for_half(listing: Listing) -> None:
    listing.confirm(method=Method.ONLINE)

    assert listing.place.verify_by
    assert listing.place.verify_by < jobs.today() + days(210)


def test_confirming_settles_the_check_and_the_second_answer_is_told(listing: Listing) -> None:
    task = checks.start(
        listing.service, listing.place, by=listing.worker, kind=Kind.PERIODIC, due_on=jobs.today()
    )

    listing.confirm()

    task.refresh_from_db()
    assert (task.state, task.result) == (TaskState.DONE, "confirmed")
    with pytest.raises(Conflict):
        checks.settle(task, by=listing.worker, result="confirmed")


def test_half_an_answer_leaves_the_check_open_for_the_rest(listing: Listing) -> None:
    task = checks.start(
        listing.service, listing.place, by=listing.worker, kind=Kind.PERIODIC, due_on=jobs.today()
    )

    confirmations.confirm(
        listing.service, listing.place, by=listing.worker, word=word(listing), groups={"phone"}
    )

    task.refresh_from_db()
    assert task.state == TaskState.OPEN
    assert "phone" not in task.groups


def test_corrections_go_through_the_one_door_and_what_waits_is_not_confirmed(
    listing: Listing,
) -> None:
    said = confirmations.correct(
        listing.service,
        listing.place,
        by=listing.worker,
        word=word(listing),
        changes={"service.name": "新名字", "service.application_process": "先打电话"},
        key="k",
    )

    listing.reload()
    assert listing.service.application_process == "先打电话"
    assert listing.service.name != "新名字"
    assert "scope" not in said.groups
    assert said.corrected == ["application"]


def test_a_closed_door_is_hidden_at_once_and_a_moderator_decides(listing: Listing) -> None:
    confirmations.report_closed(
        listing.service, listing.place, by=listing.worker, word=word(listing)
    )

    listing.reload()
    assert (listing.place.state, listing.place.state_reason) == ("suspended", "reported_closed")


def test_a_refusal_takes_the_listing_down(listing: Listing) -> None:
    confirmations.refuse(listing.service, listing.place, by=listing.worker, word=word(listing))

    listing.reload()
    assert (listing.service.state, listing.service.state_reason) == ("suspended", "refused")


def test_confirmation_brings_back_what_was_hidden_for_silence(listing: Listing) -> None:
    catalogue.lapse(listing.place, by=system(), reason="unconfirmed")
    catalogue.lapse(listing.service, by=system(), reason="unconfirmed")

    listing.confirm()

    assert (listing.place.state, listing.service.state) == ("active", "active")


def test_confirmation_does_not_bring_back_what_a_provider_closed(listing: Listing) -> None:
    catalogue.suspend(listing.service, by=listing.coordinator, reason="operator", note="x")

    listing.confirm()

    assert listing.service.state == "suspended"


def test_a_referral_that_was_accepted_stamps_and_settles_but_never_verifies(
    listing: Listing,
) -> None:
    doubts.doubt(
        listing.service, listing.place, by=listing.worker, groups=["phone"],
        reason="CONTACT_WRONG", origin=Origin.REFERRAL, weight=3, key="event-1",
    )  # fmt: skip

    confirmations.referred(listing.service, listing.place, by=listing.worker, at=jobs.now())

    listing.reload()
    assert listing.place.referral_confirmed_on == jobs.today()
    assert listing.place.verified_on is None
    assert Doubt.objects.get().state == DoubtState.DISMISSED
    assert listing.place.doubt == 0


def test_wrong_twice_halves_the_interval(listing: Listing) -> None:
    for number in range(2):
        with jobs.shifted(days(number)):
            listing.reload()
            confirmations.correct(
                listing.service, listing.place, by=listing.worker, word=word(listing),
                changes={"service.application_process": f"方式 {number}"}, key=f"k{number}",
            )  # fmt: skip

    listing.reload()
    assert listing.place.verify_by
    assert listing.place.verify_by < jobs.today() + days(215)


def test_every_confirmation_is_kept(listing: Listing) -> None:
    listing.confirm()
    late(listing, 1)
    with jobs.shifted(days(1)):
        listing.confirm()

    assert Verification.objects.count() == 2
    assert FieldConfirmation.objects.filter(group="phone").count() == 1


def test_place_and_service_are_dated_apart(listing: Listing) -> None:
    listing.confirm()

    assert Service.objects.get(pk=listing.service.pk).verified_on == jobs.today()
    assert not VerificationTask.objects.exists()
