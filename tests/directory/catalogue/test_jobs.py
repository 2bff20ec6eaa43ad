from datetime import timedelta

import pytest

from core.jobs import now, shifted, today
from directory.catalogue import jobs
from directory.catalogue.models import (
    Address,
    ListingChange,
    Location,
    ServiceAtLocation,
    ServiceCapacity,
)
from directory.catalogue.operations import feed, listing, place
from directory.catalogue.signals import listing_doubted
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_waits():
    ListingChange.objects.all().delete()


def lines():
    rows = ListingChange.objects.filter(seq__isnull=False).order_by("seq")
    return [(row.table, row.action, row.seq) for row in rows]


def change(service, **values):
    listing.change(
        service, by=accounts.system(), changes=values, base_version=service.version, source="t"
    )


def test_words_on_free_places_end_at_their_time():
    service = catalogue.service()
    soon = catalogue.capacity(service, expires_at=now() + timedelta(hours=1))
    later = catalogue.capacity(catalogue.service(), expires_at=now() + timedelta(days=2))

    with shifted(timedelta(hours=2)):
        assert jobs.expire_availability() == 1
        assert jobs.expire_availability() == 0

    assert ServiceCapacity.objects.get(pk=soon.pk).availability == "unknown"
    assert ServiceCapacity.objects.get(pk=later.pk).availability == "open"


def test_a_word_that_runs_out_twice_makes_the_listing_doubtful():
    service, heard = catalogue.service(), []

    def listen(sender, **facts):
        heard.append((facts["service"], facts["groups"], facts["weight"]))

    listing_doubted.connect(listen)
    for _ in range(2):
        place.set_availability(service, by=accounts.system(), state="open")
        with shifted(timedelta(days=31)):
            jobs.expire_availability()
    listing_doubted.disconnect(listen)

    assert heard == [(service, ["availability"], 1)]


def test_a_provider_that_planned_to_be_back_is_back():
    service = catalogue.complete()
    site = catalogue.place(catalogue.complete())
    waiting = catalogue.complete()
    for one in (service, site, waiting):
        owner = one.service.organization if hasattr(one, "service") else one.organization
        editor = accounts.member("partner_editor", owner)
        days = 9 if one is waiting else 3
        listing.pause(one, by=editor, back_on=today() + timedelta(days=days))

    with shifted(timedelta(days=4)):
        assert jobs.resume_pauses() == 2

    service.refresh_from_db()
    waiting.refresh_from_db()
    assert (service.state, waiting.state) == ("active", "suspended")
    assert ServiceAtLocation.objects.get(pk=site.pk).state == "active"


def test_changes_are_numbered_in_order_and_repeats_become_one_line():
    first, second = catalogue.service(), catalogue.service()
    change(first, name="一")
    change(second, name="二")
    change(first, name="三")

    jobs.seal_changes()

    told = [(table, seq) for table, _action, seq in lines() if table == "service"]
    assert len(told) == 2
    assert [seq for _table, seq in told] == sorted(seq for _table, seq in told)
    assert ListingChange.objects.filter(seq__isnull=True).count() == 0


def test_numbers_go_on_where_they_stopped_and_time_never_runs_back():
    service = catalogue.service()
    change(service, name="一")
    jobs.seal_changes()
    before = ListingChange.objects.order_by("-seq")[0]

    with shifted(timedelta(hours=-1)):
        change(service, name="二")
        jobs.seal_changes()

    after = ListingChange.objects.order_by("-seq")[0]
    assert after.seq > before.seq
    assert after.sealed_at >= before.sealed_at


def test_nothing_new_gets_no_number():
    jobs.seal_changes()

    assert feed.seal(by=accounts.system()) == 0


def test_old_lines_are_dropped():
    service = catalogue.service()
    change(service, name="一")
    jobs.seal_changes()

    with shifted(timedelta(days=401)):
        jobs.drop_old_changes()

    assert not ListingChange.objects.exists()


def test_an_address_without_a_point_is_looked_up_once():
    spot = catalogue.location(area=None)
    Address.objects.create(location=spot, city="杭州市", region="西湖区", address_1="文三路 1 号")

    assert jobs.geocode_pending() == 1
    assert jobs.geocode_pending() == 0

    spot.refresh_from_db()
    assert (spot.area.code, spot.precision) == ("330106", "county")
    assert spot.geocoded_at is not None


def test_protected_and_pinned_places_are_not_looked_up():
    pinned = catalogue.measured(coord_source="pin", precision="town")
    hidden = catalogue.location(protected=True)
    Address.objects.create(location=hidden, address_1="西湖区 1 号")

    assert jobs.geocode_pending() == 0
    assert not Location.objects.filter(
        pk__in=[pinned.pk, hidden.pk], geocoded_at__isnull=False
    ).exists()
