"""The HSDS endpoints: envelope, parameters, items, what is public."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from core.jobs import now
from directory.catalogue.models import (
    ChangeHead,
    Organization,
    Redirect,
    ScheduleException,
    Service,
    ServiceArea,
)
from directory.catalogue.operations import protected
from directory.exchange.api import streams, views
from tests.directory.exchange import conformance
from tests.factories import accounts, catalogue
from tests.factories import exchange as make

pytestmark = pytest.mark.django_db
LIST = "/hsds/v3/services"


@pytest.fixture(autouse=True)
def _no_hotlines(db):
    """Leave out what the migrations brought, and forget who read how much."""
    Service.objects.update(audience="staff")
    Organization.objects.update(audience="staff")
    streams._counts.clear()
    views.HsdsThrottle.per_minute = 10_000


@pytest.fixture(name="service")
def _service(db):
    owner = catalogue.organization(name="听雨社工站", website="https://example.org")
    return catalogue.service(owner, name="助餐", state="active")


def get(client, path, **query):
    return client.get(path, query)


def listed(client, **query):
    answer = get(client, LIST, **query)
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["contents"]]


def refusal(answer):
    body = answer.json()
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    return answer.status_code, body["code"], (body["errors"] or [{}])[0].get("parameter")


class TestBase:
    def test_it_says_what_is_spoken_and_where_the_rest_is(self, client):
        body = client.get("/hsds/v3/").json()

        assert body["version"] == "3.2"
        assert body["profile"].endswith("/hsds/v3/profile/")
        assert body["openapi_url"].endswith("/hsds/v3/openapi.json")
        assert {"description", "data_guide", "publisher"} <= set(body)

    def test_the_openapi_document_has_local_references_and_unique_operations(self, client):
        body = client.get("/hsds/v3/openapi.json").json()

        schemas = body["components"]["schemas"]
        references = set(_references(body))
        operations = [
            operation["operationId"]
            for path in body["paths"].values()
            for operation in path.values()
        ]
        assert {each.removeprefix("#/components/schemas/") for each in references} <= set(schemas)
        assert len(set(operations)) == len(operations)
        for path in body["paths"].values():
            for operation in path.values():
                assert {"200", "400", "429"} <= set(operation["responses"])
                assert set(operation["tags"]) <= {"required", "optional"}

    def test_the_document_knows_every_field_of_the_official_schemas(self, client):
        schemas = client.get("/hsds/v3/openapi.json").json()["components"]["schemas"]

        for table in ("service", "organization", "location", "schedule", "phone", "service_area"):
            official = conformance.validator(table, strict=False).schema["properties"]
            links = {name for name in official if name.endswith("_id")} | {"metadata"}
            assert set(official) - links - set(schemas[table]["properties"]) == set(), table

    def test_the_profile_names_its_patches(self, client):
        for address in client.get("/hsds/v3/profile/").json()["schemas"].values():
            path = address.split("8000", 1)[1]
            patch = client.get(path)
            assert patch.headers["Content-Type"] == "application/merge-patch+json"
            assert all(
                name.startswith("x_") or name == "services" for name in patch.json()["properties"]
            )
        assert client.get("/hsds/v3/profile/nothing.json").status_code == 404


def _references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


class TestEnvelope:
    @pytest.fixture(autouse=True)
    def _seven(self, service):
        for n in range(6):
            catalogue.service(service.organization, name=f"S{n}", state="active")

    @pytest.mark.parametrize("per_page", [1, 2, 3, 7, 100])
    def test_pages_hold_everything_once(self, client, per_page):
        seen, page = [], 1
        while True:
            body = get(client, LIST, per_page=per_page, page=page).json()
            assert body["total_items"] == 7
            assert body["total_pages"] == -(-7 // per_page)
            assert body["size"] == len(body["contents"])
            assert body["first_page"] == (page == 1)
            seen += [item["id"] for item in body["contents"]]
            if body["last_page"]:
                break
            page += 1

        assert len(seen) == len(set(seen)) == 7

    def test_beyond_the_end_is_an_empty_page(self, client):
        body = get(client, LIST, page=99).json()

        assert (body["empty"], body["contents"], body["total_items"]) == (True, [], 7)
        assert body["last_page"]

    def test_nothing_found_has_no_pages(self, client):
        body = get(client, LIST, organization_id=make.uid(99)).json()

        assert (body["total_pages"], body["empty"], body["last_page"]) == (0, True, True)

    def test_per_page_is_clamped_and_has_a_second_name(self, client):
        assert get(client, LIST, per_page=5000).status_code == 200
        assert get(client, LIST, perPage=2).json()["size"] == 2

    def test_minimal_is_ids_and_dates(self, client):
        full, minimal = listed(client), get(client, LIST, minimal="true").json()["contents"]

        assert [item["id"] for item in minimal] == full
        assert all(set(item) == {"id", "last_modified"} for item in minimal)

    def test_what_changes_moves_behind_the_reader(self, client):
        first = listed(client)[0]
        Service.objects.filter(uid=first).update(last_modified=now() + timedelta(seconds=1))

        assert listed(client)[-1] == first

    def test_a_stream_is_everything_once(self, client):
        answer = get(client, LIST, format="ndjson", full="true")

        lines = b"".join(answer.streaming_content).decode().splitlines()
        assert [json.loads(line)["id"] for line in lines] == listed(client)
        assert answer.headers["X-Total-Count"] == "7"
        assert answer.headers["Content-Type"].startswith("application/x-ndjson")

    def test_whole_downloads_are_counted(self, client):
        codes = [get(client, LIST, format="ndjson").status_code for _n in range(7)]

        assert codes == [200] * 6 + [429]

    def test_head_answers_without_a_body(self, client):
        answer = client.head(LIST)

        assert (answer.status_code, answer.content) == (200, b"")

    def test_the_number_of_statements_does_not_follow_the_rows(
        self, client, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(30):
            get(client, LIST, full="true", per_page=7)


class TestParameters:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("nothing", "1"),
            ("page", "0"),
            ("page", "-1"),
            ("page", "x"),
            ("page", "1.5"),
            ("page", "９"),
            ("page", "99999999999999999999"),
            ("per_page", "0"),
            ("organization_id", "x"),
            ("organization_id", "00000000-0000-4000-8000-00000000000g"),
            ("organization_id", "00000000000040008000000000000001"),
            ("taxonomy_id", "1"),
            ("taxonomy_term_id", "'"),
            ("modified_after", "yesterday"),
            ("modified_after", "2024-13-01"),
            ("full", "maybe"),
            ("minimal", "2"),
            ("format", "xml"),
            ("search", "x" * 201),
            ("minimum_age", "old"),
            ("minimum_age", "-1"),
            ("maximum_age", "NaN"),
            ("lat", "30"),
            ("lon", "120"),
            ("radius_m", "100"),
            ("bbox", "1,2,3"),
            ("bbox", "3,2,1,4"),
            ("bbox", "a,b,c,d"),
            ("proximity", "100"),
        ],
    )
    def test_what_cannot_be_read_is_named(self, client, name, value):
        status, code, parameter = refusal(get(client, LIST, **{name: value}))

        assert (status, code) == (400, "invalid_parameter")
        assert parameter in {name, {"lat": "lon", "lon": "lat"}.get(name)}

    def test_a_second_value_of_a_single_parameter_is_refused(self, client):
        assert refusal(client.get(f"{LIST}?page=1&page=2"))[2] == "page"

    def test_an_unknown_postcode_is_said(self, client):
        assert refusal(get(client, LIST, postcode="999999"))[:2] == (422, "postcode_unknown")

    def test_an_invisible_character_is_refused(self, client):
        assert refusal(get(client, LIST, postcode="1\x00"))[0] == 400

    def test_a_body_asks_the_same(self, client, service):
        answer = client.post(
            LIST,
            {"organization_id": [str(service.organization.uid)], "per_page": 5, "full": True},
            content_type="application/json",
        )

        assert [item["id"] for item in answer.json()["contents"]] == [str(service.uid)]

    @pytest.mark.parametrize("body", ["[]", '"x"', '{"page": {}}', '{"page": [[1]]}', "{"])
    def test_a_body_that_is_no_object_of_parameters_is_refused(self, client, body):
        assert client.post(LIST, body, content_type="application/json").status_code == 400

    def test_body_and_address_may_not_contradict_each_other(self, client):
        answer = client.post(f"{LIST}?page=1", {"page": 2}, content_type="application/json")

        assert refusal(answer)[2] == "page"

    def test_every_origin_may_read(self, client):
        answer = client.get(LIST)

        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert get(client, LIST, nothing=1).headers["Access-Control-Allow-Origin"] == "*"

    def test_reading_in_bulk_is_slowed_down(self, client, monkeypatch):
        monkeypatch.setattr(views.HsdsThrottle, "per_minute", 2)

        answers = [client.get(LIST, REMOTE_ADDR="192.0.2.77") for _n in range(4)]

        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["Retry-After"]) > 0


class TestSelecting:
    def test_by_organization(self, client, service):
        other = catalogue.service(catalogue.organization(name="B"), name="B", state="active")

        assert listed(client, organization_id=service.organization.uid) == [str(service.uid)]
        both = f"{service.organization.uid},{other.organization.uid}"
        assert len(listed(client, organization_id=both)) == 2

    def test_a_term_includes_what_lies_below(self, client, service):
        catalogue.tag(service, "EL01")
        leaf = catalogue.term("EL01")

        assert listed(client, taxonomy_term_id=leaf.parent.uid) == [str(service.uid)]
        assert listed(client, taxonomy_term_id=leaf.uid) == [str(service.uid)]
        assert listed(client, taxonomy_id=leaf.taxonomy.uid) == [str(service.uid)]
        assert listed(client, taxonomy_term_id=catalogue.term("HO01").uid) == []

    def test_modified_after_is_inclusive_and_utc(self, client, service):
        at = datetime(2025, 6, 1, 0, 0, tzinfo=UTC)
        Service.objects.filter(pk=service.pk).update(last_modified=at)

        assert listed(client, modified_after="2025-06-01") == [str(service.uid)]
        assert listed(client, modified_after="2025-06-01T00:00:00") == [str(service.uid)]
        assert listed(client, modified_after="2025-06-01T08:00:00+08:00") == [str(service.uid)]
        assert listed(client, modified_after="2025-06-01T00:00:01Z") == []

    def test_ages_overlap(self, client, service):
        Service.objects.filter(pk=service.pk).update(minimum_age=60, maximum_age=80)

        assert listed(client, minimum_age=70) == [str(service.uid)]
        assert listed(client, minimum_age=81) == []
        assert listed(client, maximum_age=59) == []
        assert listed(client, minimum_age=0, maximum_age=60) == [str(service.uid)]

    def test_distance_grows_monotonically(self, client, service):
        catalogue.place(service, catalogue.measured(latitude="30.27", longitude="120.15"))

        assert listed(client, lat="30.28", lon="120.15", radius_m=500) == []
        assert listed(client, lat="30.28", lon="120.15", radius_m=1500) == [str(service.uid)]
        assert listed(client, bbox="120,30,121,31") == [str(service.uid)]
        assert listed(client, bbox="121,30,122,31") == []

    def test_an_area_is_served_or_stood_in(self, client, service):
        district = catalogue.area("330106")
        area = ServiceArea.objects.create(service=service)
        area.served.create(area=district)

        assert listed(client, admin_code="330106") == [str(service.uid)]
        assert listed(client, admin_code="330100") == [str(service.uid)]
        assert listed(client, admin_code="110000") == []

    def test_parameters_narrow_each_other(self, client, service):
        catalogue.tag(service, "EL01")
        catalogue.service(service.organization, name="B", state="active")

        found = listed(
            client,
            organization_id=service.organization.uid,
            taxonomy_term_id=catalogue.term("EL01").uid,
        )

        assert found == [str(service.uid)]


class TestItems:
    def test_a_service_stands_with_all_that_hangs_on_it(self, client, service):
        catalogue.phone(service=service, number="0571-88880000")
        catalogue.schedule(service=service)
        catalogue.tag(service, "EL01")
        catalogue.place(service, catalogue.measured())

        body = client.get(f"{LIST}/{service.uid}").json()

        assert conformance.faults("service", body) == []
        assert body["organization"]["name"] == "听雨社工站"
        assert body["phones"][0]["number"] == "0571-88880000"
        assert body["attributes"][0]["taxonomy_term"]["code"] == "EL01"
        assert body["service_at_locations"][0]["location"]["latitude"]
        assert body["schedules"][0]["opens_at"].endswith("+08:00")

    def test_an_unknown_id_is_not_found_and_a_malformed_one_is_named(self, client):
        assert client.get(f"{LIST}/{make.uid(99)}").status_code == 404
        assert refusal(client.get(f"{LIST}/nothing"))[2] == "id"

    def test_a_merged_record_leads_to_its_survivor(self, client, service):
        Redirect.objects.create(table="service", old_uid=make.uid(98), new_uid=service.uid)

        answer = client.get(f"{LIST}/{make.uid(98)}")

        assert (answer.status_code, answer.headers["Location"]) == (301, f"{LIST}/{service.uid}")

    @pytest.mark.parametrize(
        "values",
        [
            {"state": "draft"},
            {"state": "rejected"},
            {"audience": "partner"},
            {"audience": "staff"},
            {"deleted_at": now()},
        ],
    )
    def test_what_is_not_public_is_in_no_body_and_no_count(self, client, service, values):
        Service.objects.filter(pk=service.pk).update(**values)

        assert client.get(f"{LIST}/{service.uid}").status_code == 404
        assert client.get(LIST).json()["total_items"] == 0
        body = client.get(f"/hsds/v3/organizations/{service.organization.uid}").json()
        assert "services" not in body

    def test_nobody_sees_more_by_signing_in(self, service):
        Service.objects.filter(pk=service.pk).update(audience="staff")
        browser = accounts.browser(accounts.member("coordinator"))

        assert browser.get(LIST).json()["total_items"] == 0

    def test_an_organization_names_its_services(self, client, service):
        catalogue.phone(organization=service.organization, number="12345")

        body = client.get(f"/hsds/v3/organizations/{service.organization.uid}").json()

        assert body["services"] == [{"id": str(service.uid), "name": "助餐", "status": "active"}]
        assert conformance.faults("organization", body) == []

    def test_or_gives_them_whole(self, client, service):
        catalogue.phone(service=service, number="12345")

        path = f"/hsds/v3/organizations/{service.organization.uid}"
        body = client.get(path, {"full_service": "true"}).json()

        assert body["services"][0]["phones"][0]["number"] == "12345"

    def test_organizations_are_listed(self, client, service):
        body = client.get("/hsds/v3/organizations").json()

        assert [item["name"] for item in body["contents"]] == ["听雨社工站"]
        assert "services" not in body["contents"][0]

    def test_the_language_follows_the_reader(self, client, service):
        Service.objects.filter(pk=service.pk).update(translations={"en": {"name": "Meals"}})

        zh = client.get(f"{LIST}/{service.uid}", headers={"accept-language": "zh-CN"})
        en = client.get(f"{LIST}/{service.uid}", headers={"accept-language": "en"})

        assert (zh.json()["name"], en.json()["name"]) == ("助餐", "Meals")
        assert en.headers["Content-Language"] == "en"
        assert "Accept-Language" in en.headers["Vary"]
        assert zh.headers["ETag"] != en.headers["ETag"]

    def test_a_known_version_is_not_sent_again(self, client, service):
        tag = client.get(f"{LIST}/{service.uid}").headers["ETag"]

        again = client.get(f"{LIST}/{service.uid}", headers={"if-none-match": tag})
        Service.objects.filter(pk=service.pk).update(version=9)
        changed = client.get(f"{LIST}/{service.uid}", headers={"if-none-match": tag})

        assert (again.status_code, changed.status_code) == (304, 200)

    def test_a_list_is_known_by_the_last_numbered_change(self, client, service):
        tag = client.get(LIST).headers["ETag"]

        assert client.get(LIST, headers={"if-none-match": tag}).status_code == 304
        assert client.get(f"{LIST}?page=2", headers={"if-none-match": tag}).status_code == 200
        ChangeHead.objects.update_or_create(pk=1, defaults={"last_seq": 999_999})
        assert client.get(LIST, headers={"if-none-match": tag}).status_code == 200


class TestPrivacy:
    CANARIES = ("暗号街1号", "30.1234567", "120.7654321", "13912345678", "Ann Canary")

    def test_a_protected_location_tells_nothing(self, client, service):
        location = catalogue.measured(latitude="30.1234567", longitude="120.7654321", name="Refuge")
        location.addresses.create(address_1="暗号街1号", city="杭州", country="CN")
        catalogue.phone(location=location, number="13912345678", is_published=True)
        catalogue.contact(location=location, name="Ann Canary", audience="public")
        catalogue.place(service, location)
        protected.protect(location, by=accounts.system(), reason="refuge")

        answers = [
            client.get(f"{LIST}/{service.uid}"),
            client.get(f"/hsds/v3/organizations/{service.organization.uid}?full_service=true"),
            get(client, LIST, full="true"),
        ]

        for answer in answers:
            text = answer.content.decode()
            assert "Refuge" in text
            assert not [canary for canary in self.CANARIES if canary in text]
        assert listed(client, lat="30.1234", lon="120.7654", radius_m=200_000) == []
        assert listed(client, bbox="120,30,121,31") == []
        location.refresh_from_db()
        assert location.latitude is None

    def test_staff_contacts_and_phones_are_absent(self, client, service):
        catalogue.contact(service=service, name="Ann Canary", audience="staff")
        catalogue.phone(service=service, number="13912345678", audience="staff")

        text = get(client, LIST, full="true").content.decode()

        assert not [canary for canary in self.CANARIES if canary in text]

    def test_contact_data_of_a_closed_service_go(self, client, service):
        catalogue.phone(service=service, number="12345")
        Service.objects.filter(pk=service.pk).update(state="closed")

        body = client.get(f"{LIST}/{service.uid}").json()

        assert body["status"] == "defunct"
        assert "phones" not in body


class TestSchedules:
    def test_an_exception_cuts_the_weekly_row(self, client, service):
        row = catalogue.schedule(service=service)
        ScheduleException.objects.create(
            service=service, starts_on="2026-02-15", ends_on="2026-02-23", kind="closed"
        )
        ScheduleException.objects.create(
            service=service, starts_on="2026-03-01", ends_on="2026-03-01", kind="hours",
            opens_at="10:00", closes_at="12:00",
        )  # fmt: skip

        body = client.get(f"{LIST}/{service.uid}").json()

        first, second, third, special = body["schedules"]
        assert (first["id"], first["valid_to"]) == (str(row.uid), "2026-02-14")
        assert (second["valid_from"], second["valid_to"]) == ("2026-02-24", "2026-02-28")
        assert third["valid_from"] == "2026-03-02"
        assert (special["valid_from"], special["opens_at"]) == ("2026-03-01", "10:00:00+08:00")
        assert conformance.faults("service", body) == []

    def test_a_yearly_exception_and_the_holiday_rule_are_words(self, client, service):
        catalogue.schedule(service=service, on_holidays="closed")
        ScheduleException.objects.create(
            service=service, starts_on="2000-01-01", ends_on="2000-01-02", every_year=True
        )

        [row] = client.get(f"{LIST}/{service.uid}", headers={"accept-language": "en"}).json()[
            "schedules"
        ]

        assert "Closed on public holidays." in row["notes"]
        assert "01-01" in row["notes"]
        assert row["x_on_holidays"] == "closed"
        assert row["x_exceptions"][0]["ends_on"] == "01-02"

    def test_the_whole_day_ends_a_second_before_midnight(self, client, service):
        catalogue.schedule(service=service, all_day=True, opens_at=None, closes_at=None)

        [row] = client.get(f"{LIST}/{service.uid}").json()["schedules"]

        assert (row["opens_at"], row["closes_at"]) == ("00:00:00+08:00", "23:59:59+08:00")
