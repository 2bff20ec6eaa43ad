"""Settings of geocoders and holidays, the area picker, areas and geocoding for programs."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError, NotPermitted
from directory.geography import operations
from directory.geography.models import Area, AreaName, CalendarDay, GeocodingProvider
from directory.geography.operations import AreaRow
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture(name="administrator")
def _administrator():
    return accounts.member("system_administrator")


@pytest.fixture(name="browser")
def _browser(administrator):
    return accounts.browser(administrator)


def posted(browser, path, **values):
    return browser.post(path, {"idempotency_key": str(uuid.uuid4()), **values})


class TestProviders:
    def test_a_geocoder_is_off_until_it_is_switched_on(self, administrator):
        provider = operations.set_provider("amap", by=administrator, key="k")

        assert not provider.enabled
        assert not provider.allow_client_places

    def test_an_empty_key_keeps_the_one_on_file(self, administrator):
        operations.set_provider("amap", by=administrator, key="k3y")

        operations.set_provider("amap", by=administrator, enabled=True)

        provider = GeocodingProvider.objects.get()
        assert (provider.key, provider.enabled) == ("k3y", True)

    def test_without_a_key_a_geocoder_cannot_be_asked(self, administrator):
        with pytest.raises(DomainError):
            operations.set_provider("amap", by=administrator, enabled=True)

    def test_nominatim_needs_no_key(self, administrator):
        assert operations.set_provider("nominatim", by=administrator, enabled=True).enabled

    @pytest.mark.parametrize("role", ["worker", "coordinator", "auditor"])
    def test_others_may_not(self, role):
        with pytest.raises(NotPermitted):
            operations.set_provider("amap", by=accounts.member(role), key="k")

    def test_the_page_lists_all_kinds_and_never_shows_a_key(self, browser, administrator):
        operations.set_provider("amap", by=administrator, key="s3cret", enabled=True)

        page = browser.get("/settings/geocoding/")
        form = browser.get("/settings/geocoding/amap/")

        assert page.status_code == form.status_code == 200
        assert "tianditu" in page.content.decode()
        assert "s3cret" not in page.content.decode() + form.content.decode()

    def test_the_form_saves(self, browser):
        answer = posted(
            browser, "/settings/geocoding/amap/", key="k", order=1, daily_limit=5, enabled="on"
        )

        assert answer.status_code == 302
        assert GeocodingProvider.objects.get().enabled

    def test_strangers_do_not_get_in(self, client):
        worker = accounts.browser(accounts.member("worker"))

        assert worker.get("/settings/geocoding/").status_code == 403
        assert client.get("/settings/geocoding/").status_code == 302
        assert worker.get("/settings/holidays/").status_code == 403

    def test_an_unknown_kind_is_no_address(self, browser):
        assert browser.get("/settings/geocoding/nothing/").status_code == 404


class TestHolidays:
    def test_a_day_is_entered_corrected_and_removed(self, administrator):
        on = date(2030, 5, 1)
        operations.set_special_day(on, by=administrator, kind="holiday", name="劳动节")
        day = operations.set_special_day(
            on, by=administrator, kind="make_up_workday", acts_as="MO", name="上班"
        )

        assert CalendarDay.objects.get(on=on).acts_as == "MO"
        operations.remove_special_day(day, by=administrator)
        assert not CalendarDay.objects.filter(on=on).exists()

    def test_a_make_up_workday_says_what_it_runs_as(self, administrator):
        with pytest.raises(DomainError):
            operations.set_special_day(date(2030, 5, 1), by=administrator, kind="make_up_workday")

    def test_the_page_shows_a_year_and_takes_a_day(self, browser):
        page = browser.get("/settings/holidays/?year=2026")
        answer = posted(browser, "/settings/holidays/", on="2030-05-01", kind="holiday", name="节")

        assert "2026-02-17" in page.content.decode()
        assert answer.status_code == 302
        day = CalendarDay.objects.get(on="2030-05-01")
        assert browser.post(f"/settings/holidays/{day.pk}/remove/").status_code == 302
        assert not CalendarDay.objects.filter(on="2030-05-01").exists()

    def test_the_form_names_what_is_missing(self, browser):
        answer = posted(browser, "/settings/holidays/", on="2030-05-01", kind="make_up_workday")

        assert answer.status_code == 200
        assert "acts_as" in answer.context["form"].errors


class TestAreaPicker:
    def test_visitors_get_suggestions(self, client):
        body = client.get("/areas/suggestions/", {"q": "gulou"}).json()

        assert body["results"][0] == {
            "value": "320106", "label": "鼓楼区", "note": "江苏省 南京市",
        }  # fmt: skip

    def test_an_unknown_parameter_is_refused(self, client):
        assert client.get("/areas/suggestions/", {"x": "1"}).status_code == 400

    def test_an_area_is_chosen_step_by_step(self, client):
        page = client.get("/areas/", {"parent": "330100", "next": "/search/?q=a&area=1#list"})

        text = page.content.decode()
        assert "西湖区" in text
        assert "/search/?q=a&amp;area=330106#list" in text

    @pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "javascript:x"])
    def test_the_way_back_never_leads_elsewhere(self, client, address):
        text = client.get("/areas/", {"parent": "330100", "next": address}).content.decode()

        assert "evil.example" not in text.split("<main", 1)[1].split("</main>", 1)[0]
        assert "javascript:x" not in text.split("<main", 1)[1].split("</main>", 1)[0]

    def test_an_unknown_area_is_not_found(self, client):
        assert client.get("/areas/", {"parent": "999999"}).status_code == 404


class TestApi:
    def test_areas_are_narrowed(self, browser):
        body = browser.get("/api/v1/areas", {"parent": "330100", "q": "xihu"}).json()

        assert [area["code"] for area in body["results"]] == ["330106"]
        assert body["results"][0]["parent"] == "330100"

    @pytest.mark.parametrize(("name", "value"), [("level", "x"), ("parent", "x"), ("x", "1")])
    def test_unknown_values_are_named(self, browser, name, value):
        answer = browser.get("/api/v1/areas", {name: value})

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == name

    def test_an_address_is_looked_up(self, browser):
        answer = browser.post(
            "/api/v1/geocode",
            {"text": "浙江省杭州市西湖区文三路"},
            content_type="application/json",
        )

        assert answer.status_code == 200
        assert (answer.json()["status"], answer.json()["area"]) == ("found", "330106")

    def test_visitors_may_not(self, client):
        assert client.get("/api/v1/areas").status_code == 401


class TestPutAreas:
    ROWS = (
        AreaRow("900000", "云泽省", "province", name_en="Yunze"),
        AreaRow("900100", "澜安市", "city", "900000", short="澜安", lat=Decimal("30.1"),
                lon=Decimal("120.2")),
    )  # fmt: skip

    def test_areas_are_loaded_with_their_names(self, administrator):
        _province, city = operations.put_areas(self.ROWS, by=administrator)

        assert city.path == "900000/900100/"
        assert AreaName.objects.get(area=city, name="澜安").initials == "la"

    def test_loading_again_changes_nothing(self, administrator):
        operations.put_areas(self.ROWS, by=administrator)

        operations.put_areas(self.ROWS, by=administrator)

        assert Area.objects.filter(code__startswith="900").count() == 2

    def test_a_parent_is_known_and_higher(self, administrator):
        with pytest.raises(DomainError):
            operations.put_areas([AreaRow("9001", "x", "city", "8888")], by=administrator)
        with pytest.raises(DomainError):
            operations.put_areas([AreaRow("9001", "x", "province", "330100")], by=administrator)
