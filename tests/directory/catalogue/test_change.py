import pytest

from accounts.models import AuditEntry
from core.errors import Conflict, NotPermitted
from directory.catalogue import queries
from directory.catalogue.errors import DuplicateRecord, InvalidListing, NobodyDecides
from directory.catalogue.models import Location, Phone, Service
from directory.catalogue.models.shapes import LOCATION, SERVICE, plain
from directory.catalogue.operations import listing, place, taxonomy
from directory.catalogue.signals import Outcome, change_proposed, listing_changed
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return accounts.member("coordinator")


@pytest.fixture
def news():
    """What listing_changed said: (table, ids) → fields."""
    said = {}

    def listen(sender, **facts):
        said[facts["table"]] = (set(facts["ids"]), set(facts["fields"]))

    listing_changed.connect(listen)
    yield said
    listing_changed.disconnect(listen)


@pytest.fixture
def only_receiver():
    """Stand in for the room that decides on proposals."""
    asked = []

    def decide(sender, **proposal):
        asked.append(proposal)
        return Outcome(live=(), review=tuple(proposal["changes"]))

    others, change_proposed.receivers = change_proposed.receivers, []
    change_proposed.sender_receivers_cache.clear()
    change_proposed.connect(decide)
    yield asked
    change_proposed.receivers = others
    change_proposed.sender_receivers_cache.clear()


def change(target, by, **changes):
    return listing.change(target, by=by, changes=changes, base_version=target.version)


def test_a_moderator_changes_a_field_at_once(moderator, news):
    service = catalogue.service()

    outcome = change(service, moderator, name="新名称")

    service.refresh_from_db()
    assert (outcome.live, service.name, service.version) == (("service.name",), "新名称", 2)
    assert news["service"] == ({service.pk}, {"service.name"})
    assert service.history.latest().name == "新名称"
    assert service.history.latest().history_change_reason == "moderator:"
    assert "新名称" in service.plain_text


def test_what_stands_there_already_is_no_change(moderator):
    service = catalogue.service(name="旧名称")

    assert change(service, moderator, name="旧名称") == Outcome()
    service.refresh_from_db()
    assert service.version == 1


def test_a_change_of_an_old_version_loses(moderator):
    service = catalogue.service()
    change(service, moderator, name="先到")

    with pytest.raises(Conflict):
        listing.change(service, by=moderator, changes={"name": "后到"}, base_version=1)


def test_whoever_is_not_a_moderator_only_proposes(only_receiver):
    service = catalogue.service(name="旧名称", description="不变")
    editor = accounts.member("partner_editor", service.organization)

    outcome = listing.change(
        service, by=editor, base_version=1, source="partner", key="k1",
        changes={"name": "新名称", "description": "不变", "name@en": "New name"},
    )  # fmt: skip

    service.refresh_from_db()
    assert service.name == "旧名称"
    assert set(outcome.review) == {"service.name", "service.name@en"}
    assert only_receiver[0]["changes"] == {"service.name": "新名称", "service.name@en": "New name"}
    assert (only_receiver[0]["author"], only_receiver[0]["key"]) == (editor, "k1")


def test_without_a_room_that_decides_nothing_is_lost_silently():
    service = catalogue.service()
    others, change_proposed.receivers = change_proposed.receivers, []
    change_proposed.sender_receivers_cache.clear()
    try:
        with pytest.raises(NobodyDecides):
            change(service, accounts.member("partner_editor", service.organization), name="x")
    finally:
        change_proposed.receivers = others
        change_proposed.sender_receivers_cache.clear()


@pytest.mark.parametrize("name", ["audience", "sensitivity", "organization"])
def test_editors_never_set_whose_a_listing_is_or_who_reads_it(name, only_receiver):
    service = catalogue.service()
    editor = accounts.member("partner_editor", service.organization)

    with pytest.raises(NotPermitted):
        change(service, editor, **{name: "staff"})


def test_translations_are_written_by_language(moderator):
    service = catalogue.service(name="送餐")

    listing.change(service, by=moderator, changes={"name@en": "Meals"}, base_version=1)
    listing.change(service, by=moderator, changes={"name@zh-Hans": "送餐上门"}, base_version=2)

    service.refresh_from_db()
    assert service.text("name", "en") == ("Meals", "en")
    assert service.name == "送餐上门"


def test_a_list_is_written_whole_and_matched_by_uid(moderator, news):
    service = catalogue.service()
    kept = catalogue.phone(service=service)
    gone = catalogue.phone(service=service, number="0571-88881111", e164="+8657188881111")

    change(service, moderator, phones=[
        {"uid": str(kept.uid), "description": "白天"}, {"number": "12345"},
    ])  # fmt: skip

    kept.refresh_from_db()
    assert (kept.description, kept.number) == ("白天", "0571-88880000")
    assert not Phone.objects.filter(pk=gone.pk).exists()
    assert set(service.phones.values_list("e164", flat=True)) == {"+8657188880000", "12345"}
    assert news["service"][1] == {"service.phones"}
    assert Phone.history.filter(id=gone.pk, history_type="-").get().history_user == moderator


def test_a_list_that_leaves_out_what_its_writer_cannot_see_removes_nothing(moderator):
    service = catalogue.service()
    catalogue.phone(service=service, audience="staff", number="0571-88881111")

    listing.write(
        service, by=accounts.queries.guest(), base_version=1,
        changes={"phones": [{"number": "12345"}]},
    )  # fmt: skip

    assert service.phones.count() == 2


def test_terms_of_one_kind_are_written_as_codes(moderator):
    service = catalogue.service()
    catalogue.tag(service, "EL04")
    catalogue.tag(service, "population:elder", "target_population")

    listing.change(
        service, by=moderator, base_version=1,
        changes={
            "terms.service_type": ["EL03", "EL04"],
            "terms.eligibility": [{"term": "disability_cert", "polarity": "excludes"}],
        },
    )  # fmt: skip

    found = set(service.attributes.values_list("link_type", "term__code", "polarity"))
    assert found == {
        ("service_type", "EL03", "requires"),
        ("service_type", "EL04", "requires"),
        ("target_population", "elder", "requires"),
        ("eligibility", "disability_cert", "excludes"),
    }


def test_the_tree_of_a_service_is_changed_under_one_version(moderator, news):
    service = catalogue.service()
    site = catalogue.place(service, catalogue.measured())

    listing.change(
        service, by=moderator, base_version=1,
        changes={
            f"service_at_location:{site.uid}.schedules": [
                {"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}
            ],
            f"location:{site.location.uid}.transportation": "6 路到榆钱巷口",
        },
    )  # fmt: skip

    service.refresh_from_db()
    site.refresh_from_db()
    assert (service.version, site.version) == (2, 2)
    assert site.schedules.get().opens_at.hour == 9
    assert Location.objects.get(pk=site.location_id).transportation == "6 路到榆钱巷口"
    assert {"service", "service_at_location", "location"} <= set(news)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"nonsense": 1}, "nonsense", "unknown_field"),
        ({"phones": [{"number": "电话"}]}, "service.phones.0.number", "bad_phone"),
        ({"phones": [{"digits": "1"}]}, "service.phones.0.digits", "unknown_field"),
        ({"url": "javascript:alert(1)"}, "service.url", "invalid"),
        ({"url": "http://a:b@example.org/"}, "service.url", "invalid"),
        ({"minimum_age": -1}, "service.minimum_age", "invalid"),
        ({"minimum_age": 60, "maximum_age": 18}, "service.minimum_age", "bad_range"),
        ({"name": ""}, "service.name", "invalid"),
        ({"name": "x" * 301}, "service.name", "too_long"),
        ({"referral_mode": "often"}, "service.referral_mode", "invalid"),
        ({"terms.service_type": ["ZZ99"]}, "service.terms.service_type", "bad_code"),
        (
            {"schedules": [{"byday": "MO", "opens_at": "17:00", "closes_at": "09:00"}]},
            "service.schedules.0.closes_at",
            "bad_time",
        ),
        ({"schedules": [{"byday": "XX"}]}, "service.schedules.0.byday", "bad_code"),
        ({"schedules": [{"tz": "Mars/Base"}]}, "service.schedules.0.tz", "bad_code"),
        ({"service_areas": [{"areas": ["999999"]}]}, "service.service_areas.0.areas", "bad_code"),
        ({"phones": "12345"}, "service.phones", "invalid"),
        ({"phones": [{"uid": "7", "number": "12345"}]}, "service.phones.0.uid", "bad_uuid"),
    ],
)
def test_what_cannot_be_kept_names_its_field(moderator, changes, field, code):
    service = catalogue.service()

    with pytest.raises(InvalidListing) as refusal:
        listing.change(service, by=moderator, changes=changes, base_version=1)

    assert (refusal.value.errors[0]["field"], refusal.value.errors[0]["code"]) == (field, code)
    service.refresh_from_db()
    assert service.version == 1


def test_a_row_of_another_listing_cannot_be_reached_through_this_one(moderator):
    service, foreign = catalogue.service(), catalogue.place()

    with pytest.raises(InvalidListing):
        listing.change(
            service, by=moderator, base_version=1,
            changes={f"service_at_location:{foreign.uid}.description": "x"},
        )  # fmt: skip


def test_a_foreign_uid_in_a_list_makes_a_new_row(moderator):
    service = catalogue.service()
    foreign = catalogue.phone(service=catalogue.service())

    change(service, moderator, phones=[{"uid": str(foreign.uid), "number": "12345"}])

    foreign.refresh_from_db()
    assert foreign.number == "0571-88880000"
    assert service.phones.get().number == "12345"


def test_a_mobile_stays_with_staff_unless_it_is_a_published_work_number(moderator):
    service = catalogue.service()

    change(service, moderator, phones=[
        {"number": "138 1234 5678"}, {"number": "139 1234 5678", "is_published": True},
    ])  # fmt: skip

    assert dict(service.phones.values_list("e164", "audience")) == {
        "+8613812345678": "staff", "+8613912345678": "public",
    }  # fmt: skip


def test_a_second_place_at_the_same_location_is_a_duplicate(moderator):
    site = catalogue.place()

    with pytest.raises(DuplicateRecord):
        place.add(site.service, by=moderator, values={"location": str(site.location.uid)})


def test_renaming_an_organization_reaches_all_its_services_at_once(
    moderator, news, django_assert_max_num_queries
):
    owner = catalogue.organization()
    services = [catalogue.service(owner) for _ in range(30)]
    foreign = catalogue.service()

    with django_assert_max_num_queries(45):
        change(owner, moderator, name="新名称")

    assert news["service"] == ({one.pk for one in services}, {"organization.name"})
    assert set(Service.objects.filter(organization=owner).values_list("version", flat=True)) == {2}
    assert all("新名称" in one.plain_text for one in Service.objects.filter(organization=owner))
    foreign.refresh_from_db()
    assert foreign.version == 1


def test_a_location_carries_its_places_and_services_along(moderator, news):
    site = catalogue.place()
    other = catalogue.place(catalogue.service(), site.location)

    change(site.location, moderator, name="新楼")

    assert news["service"][0] == {site.service_id, other.service_id}
    assert news["service_at_location"][0] == {site.pk, other.pk}


def test_a_term_that_is_replaced_tags_its_listings_anew(news):
    administrator = accounts.member("system_administrator")
    service, both = catalogue.service(), catalogue.service()
    for one, code in ((service, "EL03"), (both, "EL03"), (both, "EL04")):
        catalogue.tag(one, code)

    taxonomy.retire(catalogue.term("EL03"), by=administrator, successor=catalogue.term("EL04"))

    assert [row.term.code for row in service.attributes.all()] == ["EL04"]
    assert [row.term.code for row in both.attributes.all()] == ["EL04"]
    assert news["service"][0] == {service.pk, both.pk}


def test_a_change_is_in_the_access_log_with_its_fields(moderator):
    service = catalogue.service()

    change(service, moderator, name="新名称")

    entries = AuditEntry.objects.filter(object_uid=service.uid)
    assert entries.get(action="listing.change").meta["fields"] == ["service.name"]


def test_current_values_are_read_by_the_same_paths(moderator):
    service = catalogue.service(name="送餐")
    catalogue.phone(service=service)

    assert queries.value_at(service, queries.path("name", service)) == "送餐"
    phones = queries.value_at(service, queries.path("service.phones", service))
    assert (phones[0]["number"], phones[0]["languages"]) == ("0571-88880000", [])


def test_what_is_read_can_be_written_back_without_a_change(moderator):
    service = catalogue.complete()
    site = catalogue.place(service, catalogue.measured())
    catalogue.schedule(service=service)
    catalogue.contact(service=service)
    catalogue.capacity(service)

    told = plain(Service.objects.get(pk=service.pk), SERVICE)
    changes = {name: told[name] for name in (*SERVICE.fields, *SERVICE.lists)}
    here = plain(Location.objects.get(pk=site.location_id), LOCATION)

    assert listing.change(service, by=moderator, changes=changes, base_version=1) == Outcome()
    assert (
        listing.change(
            site.location, by=moderator, base_version=1,
            changes={name: here[name] for name in (*LOCATION.fields, *LOCATION.lists)},
        )
        == Outcome()
    )  # fmt: skip
