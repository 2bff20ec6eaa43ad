import json

import pytest
from django.core import serializers
from django.db import connection

from accounts.models import AuditEntry
from core.errors import Conflict, NotPermitted
from directory.catalogue.errors import InvalidListing
from directory.catalogue.models import Address, Location, Phone, ProtectedDetail
from directory.catalogue.operations import listing, protected
from directory.catalogue.signals import listing_changed
from directory.geography.geocoding import pipeline
from directory.geography.models import GeocodeAnswer, GeocodingProvider
from tests.factories import accounts, catalogue, geography

pytestmark = pytest.mark.django_db

CANARY = ("金丝雀路 77 号", "30.2512345", "120.1234567", "0571-86868686", "地铁坐到金丝雀站")


@pytest.fixture
def coordinator():
    return accounts.member("coordinator")


@pytest.fixture
def refuge(coordinator):
    """A refuge whose address was changed before, so that its history knows more than its row."""
    made = catalogue.measured(
        latitude=CANARY[1], longitude=CANARY[2], transportation=CANARY[4],
        area=catalogue.area(),
    )  # fmt: skip
    made.addresses.update(address_1=CANARY[0])
    catalogue.phone(location=made, number=CANARY[3], e164="+8657186868686")
    made.refresh_from_db()
    catalogue.place(at=made)
    listing.change(
        made, by=coordinator, base_version=1,
        changes={"name": "临时住处", "addresses": [{"address_1": CANARY[0]}]},
    )  # fmt: skip
    return made


def everything():
    """Return every row of the catalogue and of the geocoders as one text."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("catalogue_", "geography_geocode", "accounts_audit")):
                cursor.execute(f'SELECT * FROM "{table}"')
                told += [str(row) for row in cursor.fetchall()]
    return "\n".join(told)


def test_before_protection_the_history_knows_the_address(refuge):
    assert all(canary in everything() for canary in CANARY)


def test_nothing_is_left_of_the_address_in_any_column_or_history(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="家庭暴力庇护")

    found = everything()
    assert [canary for canary in CANARY if canary in found] == []
    assert not Address.objects.filter(location=refuge).exists()
    assert not Phone.objects.filter(location=refuge).exists()
    assert not Address.history.exclude(address_1="文三路 1 号").exists()


def test_what_the_public_still_sees_is_the_district(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="庇护")

    shown = Location.objects.get(pk=refuge.pk)
    assert (shown.latitude, shown.longitude, shown.transportation) == (None, None, "")
    assert (shown.area.code, shown.precision, shown.no_address_reason) == (
        "330106", "county", "confidential",
    )  # fmt: skip


def test_geocoders_answers_go_too(refuge, coordinator):
    provider = GeocodingProvider(kind="amap")
    key = pipeline.key_of(provider, "杭州市西湖区" + CANARY[0], refuge.area)
    refuge.addresses.update(city="杭州市", region="西湖区")
    GeocodeAnswer.objects.create(key=key, status="found", expires_at="2030-01-01T00:00Z")

    protected.protect(refuge, by=coordinator, reason="庇护")

    assert not GeocodeAnswer.objects.filter(key=key).exists()


def test_the_rooms_above_hear_of_it_in_the_same_transaction(refuge, coordinator):
    heard = []

    def listen(sender, **facts):
        heard.append((facts["table"], facts["event"]))

    listing_changed.connect(listen)
    protected.protect(refuge, by=coordinator, reason="庇护")
    listing_changed.disconnect(listen)

    assert ("service", "protect") in heard
    assert ("location", "protect") in heard


def test_those_who_may_read_the_address_give_a_purpose_which_the_log_keeps(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="庇护", note="晚上按铃两次")
    supervisor = accounts.member("supervisor")

    details = protected.reveal(refuge, by=supervisor, purpose="referral_in")

    assert details["addresses"][0]["address_1"] == CANARY[0]
    assert (details["latitude"], details["note"]) == (CANARY[1], "晚上按铃两次")
    assert details["phones"][0]["number"] == CANARY[3]
    entry = AuditEntry.objects.get(action="protected.reveal")
    assert (entry.actor, entry.basis, entry.object_uid) == (
        supervisor.uid, "referral_in", refuge.uid,
    )  # fmt: skip


@pytest.mark.parametrize("role", ["worker", "partner_editor", "auditor", "system_administrator"])
def test_nobody_else_reads_the_address(refuge, coordinator, role):
    protected.protect(refuge, by=coordinator, reason="庇护")

    with pytest.raises(NotPermitted):
        protected.reveal(refuge, by=accounts.member(role), purpose="referral_in")


def test_a_purpose_that_is_none_is_refused(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="庇护")

    with pytest.raises(InvalidListing):
        protected.reveal(refuge, by=coordinator, purpose="curiosity")


def test_named_people_alone_read_it_once_there_are_names(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="庇护")
    named, other = accounts.member("supervisor"), accounts.member("supervisor")
    protected.name_people(refuge, by=coordinator, people=[named])

    assert protected.reveal(refuge, by=named, purpose="own_case")["addresses"]
    with pytest.raises(NotPermitted):
        protected.reveal(refuge, by=other, purpose="own_case")


def test_only_who_may_edit_protected_addresses_protects(refuge):
    with pytest.raises(NotPermitted):
        protected.protect(refuge, by=accounts.member("worker"), reason="x")


def test_a_location_is_protected_once(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="庇护")

    with pytest.raises(Conflict):
        protected.protect(refuge, by=coordinator, reason="庇护")


def test_a_later_edit_goes_into_the_sealed_row(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="庇护")

    listing.change(
        refuge, by=coordinator, base_version=refuge.version,
        changes={"addresses": [{"address_1": "新址 5 号"}], "latitude": "30.3"},
    )  # fmt: skip

    sealed = ProtectedDetail.objects.get().sealed
    assert (sealed["addresses"][0]["address_1"], sealed["latitude"]) == ("新址 5 号", "30.3")
    assert "新址" not in everything()
    assert not Address.objects.filter(location=refuge).exists()


def test_an_edit_by_somebody_without_the_right_is_dropped(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="庇护")

    listing.write(
        refuge, by=accounts.member("worker"), base_version=refuge.version,
        changes={"addresses": [{"address_1": "新址 5 号"}]},
    )  # fmt: skip

    assert "新址" not in json.dumps(ProtectedDetail.objects.get().sealed, ensure_ascii=False)


def test_an_import_brings_no_address_back(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="庇护")

    listing.store(
        by=coordinator, key="batch",
        added=[
            Address(location=refuge, address_1=CANARY[0]),
            Phone(location=refuge, number=CANARY[3]),
        ],
        changed=[(refuge, {"latitude": CANARY[1], "longitude": CANARY[2], "name": "住处"})],
    )  # fmt: skip

    refuge.refresh_from_db()
    assert (refuge.name, refuge.latitude) == ("住处", None)
    assert [canary for canary in CANARY if canary in everything()] == []


def test_the_sealed_row_is_no_text_in_a_dump(refuge, coordinator):
    protected.protect(refuge, by=coordinator, reason="庇护")

    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM catalogue_protecteddetail")
        stored = str(cursor.fetchone())

    assert not any(canary in stored for canary in CANARY)
    assert serializers.get_public_serializer_formats()


def test_a_town_would_narrow_the_search_too_far(coordinator):
    district = catalogue.area()
    town = geography.area("330106001", "听雨街道", district, level="town")
    refuge = catalogue.location(area=town)

    protected.protect(refuge, by=coordinator, reason="庇护")

    assert refuge.area == district
