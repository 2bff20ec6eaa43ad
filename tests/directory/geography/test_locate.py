"""Finding an address: providers that are on, then place names, then the area."""

import logging
from datetime import timedelta

import pytest
from django.db import connection

from accounts.queries import system
from core.jobs import shifted
from directory.geography import operations
from directory.geography.coordinates import Point, meters_between
from directory.geography.geocoding import providers
from directory.geography.models import Area, GeocodeAnswer, GeocodingProvider
from tests.directory.geography import geocoders
from tests.factories import geography as make

pytestmark = pytest.mark.django_db
ADDRESS = "文三路90号"


@pytest.fixture(name="service")
def _service(settings, monkeypatch):
    monkeypatch.setattr(providers, "PACE", dict.fromkeys(providers.HOSTS, 0))
    monkeypatch.setattr(providers, "_lines", {kind: providers._Line() for kind in providers.HOSTS})
    with geocoders.serve() as service:
        settings.GEOCODER_URLS = dict.fromkeys(providers.HOSTS, service.url)
        yield service


@pytest.fixture(name="west")
def _west():
    return Area.objects.get(code="330106")


class TestOffline:
    def test_place_names_are_found_without_any_provider(self):
        answer = operations.locate("浙江省杭州市西湖区文三路90号", purpose="listing")

        assert (answer.status, answer.area.code) == ("found", "330106")
        assert (answer.precision, answer.source) == ("county", "gazetteer")
        assert answer.point is not None

    def test_the_given_area_is_better_than_nothing(self, west):
        answer = operations.locate("某处", area=west, purpose="listing")

        assert (answer.area, answer.source) == (west, "area")

    def test_no_such_place_is_said(self):
        answer = operations.locate("某处", purpose="listing")

        assert (answer.status, answer.point) == ("not_found", None)

    def test_an_empty_address_is_the_area(self, west):
        assert operations.locate(" ", area=west, purpose="listing").area == west


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("amap", geocoders.AMAP),
        ("tianditu", geocoders.TIANDITU),
        ("baidu_v3", geocoders.BAIDU),
        ("nominatim", geocoders.NOMINATIM),
    ],
)
def test_every_provider_leads_to_the_same_house(service, west, kind, answer):
    make.provider(kind)
    service.answer = answer

    found = operations.locate(ADDRESS, area=west, purpose="listing")

    assert (found.status, found.precision, found.source) == ("found", "exact", "provider")
    assert meters_between(found.point, Point(*geocoders.WGS84)) < 5


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("amap", geocoders.AMAP_NOTHING),
        ("tianditu", geocoders.TIANDITU_NOTHING),
        ("baidu_v3", geocoders.BAIDU_NOTHING),
        ("nominatim", []),
    ],
)
def test_nothing_found_is_remembered_for_a_month(service, kind, answer):
    make.provider(kind)
    service.answer = answer

    first = operations.locate(ADDRESS, purpose="listing")
    operations.locate(ADDRESS, purpose="listing")
    with shifted(timedelta(days=31)):
        operations.locate(ADDRESS, purpose="listing")

    assert first.status == "not_found"
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    ("kind", "answer", "status"),
    [
        ("amap", geocoders.AMAP_REFUSED, 200),
        ("tianditu", geocoders.TIANDITU_REFUSED, 200),
        ("baidu_v3", geocoders.BAIDU_REFUSED, 200),
        ("nominatim", {"error": "x"}, 403),
        ("amap", b"<html>", 200),
        ("amap", b"[]", 200),
        ("amap", {"status": "1", "geocodes": [{"location": "x"}]}, 200),
        ("amap", {"status": "1", "geocodes": [{}]}, 200),
        ("tianditu", {"status": "0", "location": {"lon": None}}, 200),
        ("baidu_v3", {"status": 0, "result": {"location": {}}}, 200),
        ("nominatim", [{"lat": "x"}], 200),
        ("amap", b"9" * 2_000_000, 200),
        ("amap", b"", 500),
        ("amap", b"", 429),
    ],
)
def test_a_provider_that_does_not_answer_says_nothing_about_the_place(
    service, kind, answer, status
):
    make.provider(kind)
    service.answer, service.status = answer, status

    found = operations.locate(ADDRESS, purpose="listing")

    assert found.status == "unavailable"
    assert not GeocodeAnswer.objects.exists()


def test_a_provider_that_is_down_leaves_the_gazetteer(service):
    make.provider("amap")
    service.status = 500

    found = operations.locate("浙江省杭州市西湖区文三路90号", purpose="listing")

    assert (found.status, found.precision) == ("found", "county")


def test_a_redirect_is_not_followed(service):
    make.provider("amap")
    service.status, service.headers = 302, {"Location": f"{service.url}/elsewhere"}

    assert operations.locate(ADDRESS, purpose="listing").status == "unavailable"
    assert [path for path, _query in service.asked] == ["/v3/geocode/geo"]


def test_providers_are_asked_in_order_until_one_knows(service):
    make.provider("tianditu", order=2)
    make.provider("amap", order=1)
    service.answer = geocoders.AMAP_NOTHING | {"status": "1"}

    operations.locate(ADDRESS, purpose="listing")

    assert [path for path, _query in service.asked] == ["/v3/geocode/geo", "/geocoder"]


def test_a_found_answer_is_kept_and_the_address_is_not(service, west):
    make.provider("amap")
    service.answer = geocoders.AMAP

    first = operations.locate(ADDRESS, area=west, purpose="listing")
    second = operations.locate(ADDRESS, area=west, purpose="listing")

    assert first == second
    assert len(service.asked) == 1
    kept = GeocodeAnswer.objects.get()
    assert "文三路" not in str(kept.__dict__)


def test_the_question_names_the_given_area(service, west):
    make.provider("amap")
    service.answer = geocoders.AMAP

    operations.locate(ADDRESS, area=west, purpose="listing")

    assert service.asked[0][1]["address"] == ["浙江省杭州市西湖区文三路90号"]


def test_a_namesake_far_away_is_not_taken(service):
    make.provider("amap")
    service.answer = geocoders.AMAP
    harbin = Area.objects.get(code="230102")

    found = operations.locate(ADDRESS, area=harbin, purpose="listing")

    assert (found.area, found.source) == (harbin, "area")


class TestClients:
    def test_an_address_of_a_client_stays_here(self, service):
        make.provider("amap")

        operations.locate("杭州市西湖区某路1号", purpose="client")

        assert service.asked == []

    def test_where_the_operator_allows_it_it_is_asked_and_never_kept(self, service):
        make.provider("amap", allow_client_places=True)
        service.answer = geocoders.AMAP

        found = operations.locate(ADDRESS, purpose="client")

        assert found.source == "provider"
        assert not GeocodeAnswer.objects.exists()


class TestLimits:
    def test_a_provider_that_is_off_is_not_asked(self, service):
        make.provider("amap", enabled=False)

        operations.locate(ADDRESS, purpose="listing")

        assert service.asked == []

    def test_the_day_has_its_limit(self, service):
        make.provider("amap", daily_limit=2)
        service.answer = geocoders.AMAP_NOTHING

        answers = [operations.locate(f"{n}号", purpose="listing").status for n in range(3)]

        assert answers == ["not_found", "not_found", "unavailable"]
        assert len(service.asked) == 2

    def test_a_new_day_counts_anew(self, service):
        make.provider("amap", daily_limit=1)
        service.answer = geocoders.AMAP_NOTHING

        operations.locate("1号", purpose="listing")
        with shifted(timedelta(days=1)):
            tomorrow = operations.locate("2号", purpose="listing")

        assert tomorrow.status == "not_found"

    def test_after_three_failures_a_provider_rests_for_a_minute(self, service):
        make.provider("amap")
        service.status = 500

        for n in range(5):
            operations.locate(f"{n}号", purpose="listing")
        asked = len(service.asked)
        with shifted(timedelta(seconds=61)):
            operations.locate("9号", purpose="listing")

        assert asked == 3
        assert len(service.asked) == 4

    def test_requests_keep_their_distance(self, service, monkeypatch):
        waits = []
        monkeypatch.setattr(providers, "PACE", {"nominatim": 1.0})
        monkeypatch.setattr(providers.time, "sleep", waits.append)
        make.provider("amap")
        make.provider("nominatim")
        service.answer = []

        for n in range(2):
            operations.locate(f"{n}号", purpose="listing")

        assert waits[0] == waits[1] == 0
        assert 0.2 < max(waits) <= 1


def test_addresses_and_keys_are_not_logged(service, caplog):
    caplog.set_level(logging.DEBUG)
    make.provider("amap", key="s3cret")
    service.status = 500

    operations.locate("文三路90号", purpose="listing")

    assert "s3cret" not in caplog.text
    assert "文三路" not in caplog.text
    assert "%E6%96%87" not in caplog.text


def test_what_was_found_can_be_forgotten(service, west):
    make.provider("amap")
    service.answer = geocoders.AMAP
    operations.locate(ADDRESS, area=west, purpose="listing")

    operations.forget(ADDRESS, by=system(), area=west)

    assert not GeocodeAnswer.objects.exists()


def test_expired_answers_are_swept(service):
    make.provider("amap")
    service.answer = geocoders.AMAP
    operations.locate(ADDRESS, purpose="listing")

    with shifted(timedelta(days=181)):
        swept = operations.forget_expired(by=system())

    assert swept == 1


def test_the_key_is_encrypted_on_disk():
    row = make.provider("amap", key="s3cret")

    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM geography_geocodingprovider")
        assert "s3cret" not in cursor.fetchone()[0]
    assert GeocodingProvider.objects.get(pk=row.pk).key == "s3cret"
