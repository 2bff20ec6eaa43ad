from datetime import timedelta
from decimal import Decimal

import pytest

from core import jobs
from core.errors import NotPermitted
from core.jobs import now
from directory.catalogue.errors import InvalidListing
from directory.catalogue.models import ListingChange, ServiceCapacity
from directory.catalogue.operations import listing, place
from directory.catalogue.signals import listing_changed
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return catalogue.place(catalogue.complete())


def test_the_provider_says_whether_it_takes_people(site):
    editor = accounts.member("partner_editor", site.service.organization)

    place.set_availability(site, by=editor, state="limited", wait_days=3)
    place.set_availability(site, by=editor, state="full")

    row = ServiceCapacity.objects.get()
    assert (row.place, row.availability, row.wait_days) == (site, "full", None)
    assert row.expires_at > now() + timedelta(days=29)


def test_a_service_without_a_place_has_a_word_of_its_own(site):
    place.set_availability(site.service, by=accounts.system(), state="open")
    place.set_availability(site, by=accounts.system(), state="full")

    assert set(ServiceCapacity.objects.values_list("place", "availability")) == {
        (None, "open"), (site.pk, "full"),
    }  # fmt: skip


def test_a_stranger_has_no_word_in_it(site):
    for person in (accounts.member("partner_editor"), accounts.member("partner_intake")):
        with pytest.raises(NotPermitted):
            place.set_availability(site, by=person, state="full")


def test_a_word_that_is_none_is_refused(site):
    with pytest.raises(InvalidListing):
        place.set_availability(site, by=accounts.system(), state="maybe")


def test_a_word_on_free_places_renews_the_listing_in_the_feed(site):
    place.set_availability(site, by=accounts.system(), state="open")

    assert ListingChange.objects.filter(uid=site.service.uid).exists()
    before = site.service.version
    site.service.refresh_from_db()
    assert site.service.version == before + 1


def test_a_word_that_was_renewed_meanwhile_does_not_expire(site):
    row = place.set_availability(
        site, by=accounts.system(), state="open", expires_at=now() + timedelta(days=1)
    )
    stale = ServiceCapacity.objects.get(pk=row.pk)
    place.set_availability(
        site, by=accounts.system(), state="open", expires_at=now() + timedelta(days=9)
    )

    assert place.expire_availability(stale, by=accounts.system()) is False
    assert ServiceCapacity.objects.get().availability == "open"


def test_a_geocoder_never_moves_a_pin_nor_makes_a_point_coarser():
    pinned = catalogue.measured(coord_source="pin")
    exact = catalogue.measured()
    found = {
        "latitude": Decimal("30.1"), "longitude": Decimal("120.1"), "precision": "street",
        "area": None, "coord_source": "provider",
    }  # fmt: skip

    for spot in (pinned, exact):
        assert place.locate(spot, by=accounts.system(), **found) is False
        spot.refresh_from_db()
        assert spot.latitude == Decimal("30.2596")
        assert spot.geocoded_at is not None


def test_a_geocoder_gives_a_point_to_what_had_none():
    spot = catalogue.location(area=None)

    place.locate(
        spot, by=accounts.system(), latitude=Decimal("30.1"), longitude=Decimal("120.1"),
        precision="street", area=catalogue.area(), coord_source="provider",
    )  # fmt: skip

    spot.refresh_from_db()
    assert (spot.latitude, spot.precision, spot.area.code) == (Decimal("30.1"), "street", "330106")


def test_freshness_is_written_without_a_new_version_but_reaches_the_feed(site):
    service = site.service
    heard = []

    def listen(sender, **facts):
        heard.append((facts["table"], facts["event"], set(facts["ids"])))

    listing_changed.connect(listen)
    with jobs.shifted(timedelta(days=1)):
        listing.record_freshness(
            site, by=accounts.system(), verified_on=jobs.today(), verified_how="phone",
            freshness="fresh",
        )  # fmt: skip
    listing_changed.disconnect(listen)

    before = service.last_modified
    service.refresh_from_db()
    site.refresh_from_db()
    assert (site.verified_how, site.freshness, site.version) == ("phone", "fresh", 1)
    assert service.version == 1
    assert service.last_modified > before
    assert ("service", "freshness", {service.pk}) in heard
    assert site.history.filter(history_type="~").count() == 0


def test_freshness_that_is_known_already_is_no_news(site):
    assert listing.record_freshness(site, by=accounts.system(), freshness="unverified") is False


def test_only_columns_of_freshness_are_written_there(site):
    with pytest.raises(TypeError):
        listing.record_freshness(site, by=accounts.system(), state="closed")
