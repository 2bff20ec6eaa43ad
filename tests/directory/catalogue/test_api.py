import uuid

import pytest
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from directory.catalogue.models import Location, Organization, Service
from directory.catalogue.operations import protected
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db


def api(person):
    client = APIClient()
    client.force_login(person)
    return client


def key():
    return {"Idempotency-Key": str(uuid.uuid4())}


@pytest.fixture
def coordinator():
    return accounts.member("coordinator")


@pytest.mark.parametrize(
    "name",
    [
        "services", "service_at_locations", "organizations", "programs", "locations",
        "taxonomies", "taxonomy_terms",
    ],
)  # fmt: skip
def test_lists_need_a_sign_in_and_answer_in_pages(name, coordinator):
    catalogue.place()

    assert APIClient().get(f"/api/v1/{name}").status_code == 401
    answer = api(coordinator).get(f"/api/v1/{name}?per_page=2")
    assert answer.status_code == 200
    assert answer.json()["per_page"] == 2


def test_a_service_is_told_with_all_its_children(coordinator):
    service = catalogue.complete(translations={"en": {"name": "Meals"}})
    catalogue.contact(service=service)
    catalogue.capacity(service)
    site = catalogue.place(service)

    answer = api(coordinator).get(f"/api/v1/services/{service.uid}")

    told = answer.json()
    assert answer.headers["ETag"] == '"1"'
    assert told["name"] == service.name
    assert told["organization"] == str(service.organization.uid)
    assert told["phones"][0]["number"] == "0571-88880000"
    assert told["attributes"][0]["term"] == str(catalogue.term("EL04").uid)
    assert told["contacts"][0]["name"] == "方师傅"
    assert told["capacities"][0]["availability"] == "open"
    assert told["places"][0]["location"] == str(site.location.uid)
    assert (told["listing_status"], told["translations"]["en"]["name"]) == ("active", "Meals")


def test_search_synonyms_are_in_no_answer(coordinator):
    told = api(coordinator).get("/api/v1/taxonomy_terms?code=SA01").content.decode()

    assert "低保）" in told
    assert "dibao" not in told.replace("Minimum living guarantee (dibao)", "")
    assert "吃低保" not in told


@pytest.mark.parametrize("name", ["services", "service_at_locations", "locations", "organizations"])
def test_a_page_of_rows_costs_the_same_however_many_there_are(
    name, coordinator, django_assert_max_num_queries
):
    for _ in range(6):
        site = catalogue.place(catalogue.complete(), catalogue.measured())
        catalogue.contact(service=site.service)
        catalogue.schedule(service_at_location=site)
    client = api(coordinator)

    with django_assert_max_num_queries(34):
        assert client.get(f"/api/v1/{name}").json()["total"] >= 6


def test_readers_get_rows_of_their_audience_alone(coordinator):
    service = catalogue.service(audience="staff")
    open_one = catalogue.complete()
    catalogue.phone(service=open_one, audience="staff", number="12345")
    intake = api(accounts.member("partner_intake"))

    assert intake.get(f"/api/v1/services/{service.uid}").status_code == 404
    told = intake.get(f"/api/v1/services/{open_one.uid}").json()
    assert [phone["number"] for phone in told["phones"]] == ["0571-88880000"]
    own = api(accounts.member("partner_editor", open_one.organization))
    assert len(own.get(f"/api/v1/services/{open_one.uid}").json()["phones"]) == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=draft", ["草稿"]),
        ("state=draft&state=active", ["草稿", "送餐"]),
        ("status=due", ["送餐"]),
        ("term=EL", ["送餐"]),
        ("term=EL04", ["送餐"]),
        ("term=LE02", []),
        ("area=330106", ["送餐"]),
        ("area=330000", ["送餐"]),
        ("area=110000", []),
        ("freshness=due", ["送餐"]),
    ],
)
def test_services_are_narrowed_by_the_filters_of_the_page(coordinator, query, expected):
    catalogue.service(name="草稿", state="draft")
    meals = catalogue.service(name="送餐", freshness="due")
    catalogue.tag(meals, "EL04")
    catalogue.place(meals)
    Service.objects.filter(organization__kind="hotline").update(deleted_at="2026-01-01T00:00Z")

    rows = api(coordinator).get(f"/api/v1/services?{query}").json()["results"]

    assert [row["name"] for row in rows] == expected


@pytest.mark.parametrize("query", ["colour=red", "state=often", "per_page=0", "organization=7"])
def test_an_unknown_filter_is_refused(coordinator, query):
    assert api(coordinator).get(f"/api/v1/services?{query}").status_code == 400


def test_a_draft_is_submitted_by_its_provider():
    owner = catalogue.organization()
    editor = accounts.member("partner_editor", owner)
    body = {
        "organization": str(owner.uid),
        "name": "送餐",
        "phones": [{"number": "12345"}],
        "terms": {"service_type": ["EL04"], "fee": ["free"]},
        "translations": {"en": {"name": "Meals"}},
    }
    once = key()

    first = api(editor).post("/api/v1/services", body, format="json", headers=once)
    again = api(editor).post("/api/v1/services", body, format="json", headers=once)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["uid"] == again.json()["uid"]
    assert first.json()["state"] == "draft"
    assert Service.objects.filter(organization=owner).count() == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"state": "active"}, "invalid_parameter"),
        ({"verified_on": "2026-01-01"}, "invalid_parameter"),
        ({"colour": "red"}, "invalid_parameter"),
        ([], "malformed"),
    ],
)
def test_what_is_not_written_here_is_refused(coordinator, body, code):
    service = catalogue.service()

    answer = api(coordinator).patch(
        f"/api/v1/services/{service.uid}", body, format="json", headers={"If-Match": '"1"'}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_change_names_the_version_it_is_based_on(coordinator):
    service = catalogue.service()
    url = f"/api/v1/services/{service.uid}"
    client = api(coordinator)

    assert client.patch(url, {"name": "新"}, format="json").status_code == 428
    first = client.patch(url, {"name": "新"}, format="json", headers={"If-Match": '"1"'})
    second = client.patch(url, {"name": "旧"}, format="json", headers={"If-Match": '"1"'})

    assert (first.status_code, first.headers["ETag"], first.json()["name"]) == (200, '"2"', "新")
    assert (second.status_code, second.json()["code"]) == (409, "stale_version")


def test_a_part_that_waits_is_answered_with_202():
    service = catalogue.service()
    editor = accounts.member("partner_editor", service.organization)

    answer = api(editor).patch(
        f"/api/v1/services/{service.uid}", {"name": "新"}, format="json",
        headers={"If-Match": '"1"'},
    )  # fmt: skip

    assert answer.status_code == 202
    assert answer.json()["review"] == ["service.name"]
    assert answer.json()["proposal"]
    service.refresh_from_db()
    assert service.name != "新"


def test_a_wrong_value_names_its_field(coordinator):
    service = catalogue.service()

    answer = api(coordinator).patch(
        f"/api/v1/services/{service.uid}", {"phones": [{"number": "电话"}]}, format="json",
        headers={"If-Match": '"1"'},
    )  # fmt: skip

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "service.phones.0.number"


def test_a_foreign_editor_changes_nothing():
    service = catalogue.service()

    answer = api(accounts.member("partner_editor")).patch(
        f"/api/v1/services/{service.uid}", {"name": "新"}, format="json",
        headers={"If-Match": '"1"'},
    )  # fmt: skip

    assert answer.status_code == 403


def test_a_listing_is_taken_through_its_life(coordinator):
    service = catalogue.complete(state="draft")
    client, url = api(coordinator), f"/api/v1/services/{service.uid}"

    assert client.get(f"{url}/allowed").json() == {"events": ["list", "reject", "merge"]}
    listed = client.post(
        f"{url}/events", {"event": "list"}, format="json", headers=key() | {"If-Match": '"1"'}
    )
    assert (listed.status_code, listed.json()["state"]) == (200, "active")
    version = listed.headers["ETag"]
    closed = client.post(
        f"{url}/events", {"event": "close", "note": "停办"}, format="json",
        headers=key() | {"If-Match": version},
    )  # fmt: skip
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"event": "explode"}, 400),
        ({"event": "reject"}, 422),
        ({"event": "pause", "note": "x"}, 400),
        ({"event": "reopen"}, 409),
        ({"event": "merge", "survivor": "00000000-0000-4000-8000-000000000000"}, 404),
        ({}, 400),
    ],
)
def test_an_event_that_does_not_fit_is_refused(coordinator, body, status):
    service = catalogue.complete(state="draft")

    answer = api(coordinator).post(
        f"/api/v1/services/{service.uid}/events", body, format="json",
        headers=key() | {"If-Match": '"1"'},
    )  # fmt: skip

    assert answer.status_code == status


def test_the_history_tells_fields_and_doors_and_names_people_to_moderators_alone(coordinator):
    service = catalogue.complete()
    api(coordinator).patch(
        f"/api/v1/services/{service.uid}", {"name": "新"}, format="json",
        headers={"If-Match": '"1"'},
    )  # fmt: skip
    editor = accounts.member("partner_editor", service.organization)

    full = api(coordinator).get(f"/api/v1/services/{service.uid}/history").json()
    plain = api(editor).get(f"/api/v1/services/{service.uid}/history").json()

    step = next(step for step in full if step["field"] == "name")
    assert (step["new"], step["origin"], step["author"]) == ("新", "worker", coordinator.name)
    assert {step["author"] for step in plain} == {""}
    stranger = api(accounts.member("partner_intake"))
    assert stranger.get(f"/api/v1/services/{service.uid}/history").status_code == 403


def test_free_places_are_told_by_the_provider():
    site = catalogue.place()
    editor = accounts.member("partner_editor", site.service.organization)

    answer = api(editor).post(
        f"/api/v1/service_at_locations/{site.uid}/availability",
        {"state": "full", "wait_days": 14}, format="json", headers=key(),
    )  # fmt: skip

    assert answer.status_code == 200
    assert answer.json()["capacities"][0]["availability"] == "full"


def test_organizations_programs_locations_and_places_are_made(coordinator):
    client = api(coordinator)

    def post(name, body):
        answer = client.post(f"/api/v1/{name}", body, format="json", headers=key())
        assert answer.status_code == 201, answer.json()
        return answer.json()

    owner = post("organizations", {
        "name": "银杏树",
        "identifiers": [{
            "identifier_scheme": "CN-USCC", "identifier_type": "统一社会信用代码",
            "identifier": "91350100M000100Y43",
        }],
    })  # fmt: skip
    assert owner["state"] == "candidate"
    program = post("programs", {"organization": owner["uid"], "name": "助餐"})
    service = post("services", {
        "organization": owner["uid"], "name": "送餐", "program": program["uid"],
    })  # fmt: skip
    spot = post("locations", {
        "organization": owner["uid"], "name": "食堂", "area": "330106",
        "addresses": [{"address_1": "文三路 1 号"}],
    })  # fmt: skip
    site = post("service_at_locations", {
        "service": service["uid"], "location": spot["uid"], "is_intake_site": True,
    })  # fmt: skip

    assert (spot["area"], site["location"]) == ("330106", spot["uid"])
    made = Organization.objects.get(uid=owner["uid"])
    assert made.identifiers.get().normalized == "91350100M000100Y43"


def test_a_wrong_credit_code_is_refused(coordinator):
    answer = api(coordinator).post("/api/v1/organizations", {
        "name": "银杏树",
        "identifiers": [{
            "identifier_scheme": "CN-USCC", "identifier_type": "信用代码",
            "identifier": "91350100M000100Y44",
        }],
    }, format="json", headers=key())  # fmt: skip

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "bad_uscc")


def test_a_protected_address_is_told_by_post_with_a_purpose_and_never_kept(coordinator):
    spot = catalogue.measured()
    catalogue.place(at=spot)
    protected.protect(spot, by=coordinator, reason="庇护")
    supervisor = api(accounts.member("supervisor"))
    url = f"/api/v1/locations/{spot.uid}"

    assert "文三路" not in supervisor.get(url).content.decode()
    assert supervisor.get(f"{url}/protected").status_code == 405
    told = supervisor.post(f"{url}/protected", {"purpose": "own_case"}, format="json")
    assert told.json()["addresses"][0]["address_1"] == "文三路 1 号"
    assert "no-store" in told.headers["Cache-Control"]
    assert AuditEntry.objects.filter(action="protected.reveal").count() == 1
    worker = api(accounts.member("worker"))
    refused = worker.post(f"{url}/protected", {"purpose": "own_case"}, format="json")
    assert refused.status_code == 403


def test_only_the_directorys_administrators_write_vocabularies(coordinator):
    term = catalogue.term("EL04")
    url, version = f"/api/v1/taxonomy_terms/{term.uid}", {"If-Match": f'"{term.version}"'}
    administrator = api(accounts.member("system_administrator"))

    refused = api(coordinator).patch(url, {"name": "新"}, format="json", headers=version)
    done = administrator.patch(url, {"name": "新"}, format="json", headers=version)

    assert (refused.status_code, done.status_code) == (403, 200)
    assert done.json()["name"] == "新"


def test_locations_of_a_protected_kind_are_in_no_list_with_a_point(coordinator):
    spot = catalogue.measured()
    catalogue.place(at=spot)
    protected.protect(spot, by=coordinator, reason="庇护")

    rows = api(accounts.member("worker")).get("/api/v1/locations").json()["results"]

    told = next(row for row in rows if row["uid"] == str(spot.uid))
    assert (told["latitude"], told["addresses"], told["protected"]) == (None, [], True)
    assert Location.objects.get(pk=spot.pk).area_id is not None
