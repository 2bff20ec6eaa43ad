import pytest

from accounts.queries import guest
from core import jobs
from directory.upkeep.models import Doubt, VerificationTask
from directory.upkeep.operations import doubts
from directory.upkeep.states import DoubtState, Origin
from tests.directory.upkeep.conftest import Listing

pytestmark = pytest.mark.django_db


def doubt(listing: Listing, weight: int, key: str, **values: object) -> Doubt | None:
    facts: dict[str, object] = {
        "by": listing.coordinator,
        "groups": ["phone"],
        "reason": "SERVICE_NOT_OFFERED",
        "origin": Origin.REFERRAL,
    }
    return doubts.doubt(
        listing.service,
        listing.place,
        weight=weight,
        key=key,
        **(facts | values),  # type: ignore[arg-type]  # keywords
    )


def test_a_heavy_doubt_ranks_the_listing_last_and_is_looked_at_in_two_working_days(
    listing: Listing,
) -> None:
    listing.confirm()

    doubt(listing, 3, "a")

    listing.reload()
    task = VerificationTask.objects.get()
    assert (listing.place.doubt, listing.place.freshness) == (2, "stale")
    assert (task.kind, task.groups, task.priority) == ("interim", ["phone"], 1)
    assert 1 <= (task.due_on - jobs.today()).days <= 11


def test_a_light_doubt_makes_it_due_in_a_week(listing: Listing) -> None:
    listing.confirm()

    doubt(listing, 1, "a")

    listing.reload()
    assert (listing.place.doubt, listing.place.freshness) == (1, "due")
    assert (VerificationTask.objects.get().due_on - jobs.today()).days == 7


def test_one_cause_counts_once(listing: Listing) -> None:
    assert doubt(listing, 1, "same") is not None
    assert doubt(listing, 1, "same") is None

    assert Doubt.objects.count() == 1


def test_light_doubts_add_up(listing: Listing) -> None:
    for key in "abc":
        doubt(listing, 1, key)

    listing.reload()
    assert listing.place.doubt == 2


def test_an_organization_that_says_it_twice_counts_once(listing: Listing) -> None:
    doubt(listing, 2, "a", by=listing.worker)
    doubt(listing, 2, "b", by=listing.worker)

    listing.reload()
    assert listing.place.doubt == 1


def test_no_weight_no_doubt(listing: Listing) -> None:
    assert doubt(listing, 0, "a") is None


def test_confirming_the_doubted_fact_settles_it(listing: Listing) -> None:
    doubt(listing, 3, "a")

    listing.confirm()

    assert Doubt.objects.get().state == DoubtState.DISMISSED
    assert listing.place.freshness == "fresh"


def test_two_visitors_weigh_as_much_as_a_worker(listing: Listing) -> None:
    for key in "ab":
        doubts.report(
            listing.service, listing.place, by=guest(), kind="phone", groups=["phone"],
            text="没人接", contact="", key=key,
        )  # fmt: skip

    listing.reload()
    assert [d.weight for d in Doubt.objects.order_by("pk")] == [1, 2]
    assert listing.place.doubt == 2


def test_a_worker_is_believed_at_once(listing: Listing) -> None:
    doubts.report(
        listing.service, listing.place, by=listing.worker, kind="closed", groups=[], text="关门了",
        contact="", key="k",
    )  # fmt: skip

    listing.reload()
    assert listing.place.doubt == 2
