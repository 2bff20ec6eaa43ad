from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from core.jobs import now
from directory.catalogue import queries
from directory.catalogue.models import Language, ScheduleException, ServiceArea
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return catalogue.place(at=catalogue.measured())


def test_hours_of_the_place_win_over_the_service_and_the_location(site):
    at_location = catalogue.schedule(location=site.location)
    assert queries.effective(site).schedules == [at_location]
    assert queries.effective(site).hours_origin == "location"

    of_service = catalogue.schedule(service=site.service)
    assert (queries.effective(site).schedules, queries.effective(site).hours_origin) == (
        [of_service], "service",
    )  # fmt: skip

    own = catalogue.schedule(service_at_location=site)
    assert (queries.effective(site).schedules, queries.effective(site).hours_origin) == (
        [own], "place",
    )  # fmt: skip


def test_an_exception_nearer_to_the_place_counts_for_hours_passed_down(site):
    catalogue.schedule(service=site.service)
    near = ScheduleException.objects.create(
        service_at_location=site, starts_on="2026-11-23", ends_on="2026-11-23"
    )
    ScheduleException.objects.create(
        location=site.location, starts_on="2026-11-24", ends_on="2026-11-24"
    )

    assert queries.effective(site).exceptions == [near]


def test_phones_are_united_most_specific_first_and_say_whose_they_are(site):
    catalogue.phone(organization=site.service.organization, number="1", e164="1")
    catalogue.phone(service=site.service, number="2", e164="2")
    catalogue.phone(location=site.location, number="3", e164="3")
    catalogue.phone(service_at_location=site, number="4", e164="4")

    found = [(each.row.number, each.origin) for each in queries.effective(site).phones]

    assert found == [("4", "place"), ("3", "location"), ("2", "service"), ("1", "organization")]


def test_a_number_that_is_given_twice_is_shown_once(site):
    for parent in ({"service": site.service}, {"organization": site.service.organization}):
        catalogue.phone(**parent)

    assert [each.origin for each in queries.effective(site).phones] == ["service"]


def test_areas_of_the_place_win_over_the_services(site):
    wide = catalogue.nationwide(site.service)
    assert queries.effective(site).areas == [wide]

    narrow = ServiceArea.objects.create(service_at_location=site, name="听雨街道")
    assert (queries.effective(site).areas, queries.effective(site).areas_origin) == (
        [narrow], "place",
    )  # fmt: skip


def test_languages_of_location_and_service_are_united(site):
    Language.objects.create(service=site.service, code="cmn")
    Language.objects.create(location=site.location, code="cmn")
    Language.objects.create(location=site.location, code="yue")

    assert {each.code for each in queries.effective(site).languages} == {"cmn", "yue"}


def test_the_word_on_free_places_is_the_places_own_if_it_has_one(site):
    catalogue.capacity(site.service, availability="full")
    assert queries.effective(site).availability == "full"

    catalogue.capacity(site.service, place=site, availability="open")
    assert queries.effective(site).availability == "open"
    assert queries.effective(site.service).availability == "full"


def test_a_word_whose_time_is_over_says_nothing(site):
    catalogue.capacity(site.service, expires_at=now() - timedelta(minutes=1))

    assert queries.effective(site).availability == "unknown"


def test_a_reader_gets_phones_and_contacts_of_the_audience_alone(site):
    catalogue.phone(service=site.service, audience="staff")
    catalogue.contact(service=site.service)

    seen = {
        name: len(
            queries.effective(site, to=reader).phones + queries.effective(site, to=reader).contacts
        )
        for name, reader in {
            "visitor": AnonymousUser(),
            "partner": accounts.member("partner_intake"),
            "worker": accounts.member("worker"),
            "own": accounts.member("partner_editor", site.service.organization),
        }.items()
    }

    assert seen == {"visitor": 0, "partner": 0, "worker": 2, "own": 2}


def test_what_hangs_on_a_protected_location_itself_is_withheld(site):
    site.location.latitude = site.location.longitude = None
    site.location.protected = True
    site.location.save()
    catalogue.phone(location=site.location)
    catalogue.schedule(location=site.location)

    shown = queries.effective(site, to=AnonymousUser())

    assert (shown.phones, shown.schedules) == ([], [])


def test_many_services_are_read_in_one_statement_per_table(django_assert_num_queries):
    sites = [catalogue.place() for _ in range(8)]
    for each in sites:
        catalogue.phone(service=each.service)
        catalogue.schedule(service_at_location=each)
    tree = queries.Tree([each.service for each in sites])

    # phones, contacts, hours, exceptions, areas, languages, capacities
    with django_assert_num_queries(7):
        found = [queries.effective(place, tree=tree) for place in tree.places]

    assert all(each.phones and each.schedules for each in found)


@pytest.mark.parametrize(
    ("facts", "verdict", "reasons"),
    [
        ({}, "ok", ()),
        ({"state": "suspended", "state_reason": "operator"}, "no", ("not_active",)),
        ({"state": "draft"}, "no", ("not_active",)),
        ({"referral_mode": "none"}, "no", ("no_referrals",)),
        ({"referral_mode": "self_only"}, "no", ("no_referrals",)),
        ({"referral_mode": "referral_only"}, "ok", ()),
        ({"freshness": "stale"}, "warn", ("stale",)),
        ({"freshness": "due"}, "ok", ()),
        ({"freshness": "unverified"}, "ok", ()),
        ({"doubt": 2}, "warn", ("doubted",)),
        ({"doubt": 1}, "ok", ()),
    ],
)
def test_whether_a_person_may_be_referred_to_a_service(facts, verdict, reasons):
    assert queries.referable(catalogue.service(**facts)) == (verdict, reasons)


@pytest.mark.parametrize(
    ("word", "verdict", "reasons"),
    [
        ("open", "ok", ()),
        ("limited", "ok", ()),
        ("waitlist", "warn", ("waitlist",)),
        ("full", "warn", ("full",)),
        ("paused", "no", ("paused",)),
        ("unknown", "warn", ("availability_unknown",)),
    ],
)
def test_the_word_on_free_places_decides_too(word, verdict, reasons):
    service = catalogue.service()
    catalogue.capacity(service, availability=word)

    assert queries.referable(service) == (verdict, reasons)


def test_an_expired_word_asks_first():
    service = catalogue.service()
    catalogue.capacity(service, availability="open", expires_at=now() - timedelta(days=1))

    assert queries.referable(service) == ("warn", ("availability_unknown",))


def test_a_provider_that_takes_no_referrals_is_not_referred_to():
    service = catalogue.service(catalogue.organization(accepts_referrals=False))

    assert queries.referable(service) == ("no", ("organization_not_accepting",))


def test_a_suspended_place_is_not_referred_to_while_its_service_runs():
    site = catalogue.place(state="suspended", state_reason="unconfirmed")

    assert queries.referable(site.service, site).verdict == "no"
    assert queries.referable(site.service).verdict == "ok"


def test_a_stale_place_warns():
    site = catalogue.place(freshness="stale")

    assert queries.referable(site.service, site) == ("warn", ("stale",))


def test_alternatives_are_of_the_same_kind_and_the_nearest_come_first():
    def offer(code, district=None):
        made = catalogue.service(name=f"{code}{district}")
        catalogue.tag(made, code)
        if district:
            catalogue.place(made, catalogue.location(area=catalogue.area(district)))
        return made

    closed = offer("EL04", "330106")
    far, near, same_city = offer("EL04", "110101"), offer("EL04", "330106"), offer("EL04", "330108")
    offer("LE02", "330106")
    hidden = offer("EL04", "330106")
    hidden.__class__.objects.filter(pk=hidden.pk).update(audience="staff")

    assert queries.alternatives(closed) == [near, same_city, far]


def test_a_listing_without_a_kind_has_no_alternatives():
    assert queries.alternatives(catalogue.service()) == []


def test_eighteen_hotlines_come_with_the_product_and_say_their_hours_as_told():
    lines = {line.number: line for line in queries.hotlines()}

    assert len(lines) == 18
    assert lines["110"].hours_note == "24小时"
    assert lines["12348"].hours_note == "各地不同"
    assert queries.effective(lines["110"].service).status().kind == "always"
    assert queries.effective(lines["12348"].service).status().kind == "unknown"
    assert lines["12348"].service.service_areas.get().nationwide


def test_hotlines_are_chosen_by_category_or_by_its_letters():
    assert {line.number for line in queries.hotlines(["MH"])} == {"12356"}
    assert {line.number for line in queries.hotlines(["CR01", "CR04"])} == {"110", "119"}


def test_a_postcode_lies_in_the_middle_of_its_public_listings_if_there_are_enough():
    def listed(lat, **facts):
        spot = catalogue.measured(latitude=lat, longitude="120.1", **facts)
        spot.addresses.update(postal_code="310012")
        catalogue.place(at=spot)

    listed("30.1")
    listed("30.2")
    assert queries.postcode_point("CN", "310012") is None

    listed("30.3")
    found = queries.postcode_point("CN", "310012")
    assert (round(float(found.lat), 4), round(float(found.lon), 4)) == (30.2, 120.1)


def test_hotlines_that_are_kept_tell_their_hours_in_the_language_of_each_reader():
    lines = {line.number: line for line in queries.hotlines()}

    with override("zh-hans"):
        chinese = lines["110"].hours_note
    with override("en"):
        english = lines["110"].hours_note

    assert (chinese, english) == ("24小时", "24 hours")
