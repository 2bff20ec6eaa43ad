"""Files for programs: masked, versioned, strict bodies, one act per key, 404 for the invisible."""

import uuid
from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.permissions import Role
from core.jobs import now, today
from referrals.casefiles import operations
from referrals.casefiles.models import Client, Need
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db
NAME, PHONE, ADDRESS = "王桂芳", "13812341234", "榆钱巷 9 号 601"


def caller(user):
    api = APIClient()
    api.force_authenticate(user)
    return api


def post(api, url, body, key=None, **headers):
    return api.post(
        url, body, format="json", HTTP_IDEMPOTENCY_KEY=key or str(uuid.uuid4()), **headers
    )


@pytest.fixture
def client():
    return make.adult()


@pytest.fixture
def api(client):
    return caller(client.worker)


def url(client, *rest):
    return "/".join(["/api/v1/clients", str(client.uid), *rest])


def test_a_file_is_opened_once_per_key(api, client):
    body = {"organization": str(client.organization.uid), "name": "许小梅"}

    first = post(api, "/api/v1/clients", body, key="k1")
    again = post(api, "/api/v1/clients", body, key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["uid"] == again.json()["uid"]
    assert first.json()["name"] == "许**"
    assert first.headers["ETag"] == '"1"'
    assert Client.objects.caseload_of(client.worker).count() == 2


def test_unknown_keys_and_foreign_organizations_are_refused(api, client):
    body = {"organization": str(client.organization.uid), "name": "许小梅"}

    for wrong in ({"status": "x"}, {"version": 3}, {"organization": str(uuid.uuid4())}):
        refused = post(api, "/api/v1/clients", body | wrong)
        assert refused.status_code == 400
        assert refused.json()["code"] == "invalid"

    foreign = accounts.organization("别处")
    assert (
        post(api, "/api/v1/clients", body | {"organization": str(foreign.uid)}).status_code == 400
    )


def test_a_file_is_masked_unless_a_purpose_is_named(api, client):
    plain = api.get(url(client)).content.decode()
    full = api.get(url(client), {"purpose": "own_case"}).json()

    assert not any(secret in plain for secret in (NAME, PHONE, ADDRESS))
    assert (full["name"], full["address"]) == (NAME, ADDRESS)
    actions = list(accounts.queries.log().values_list("action", "basis")[:2])
    assert actions == [("client.unmask", "own_case"), ("client.read", "own_case")]


def test_an_unknown_purpose_or_parameter_is_refused(api, client):
    assert api.get(url(client), {"purpose": "curiosity"}).status_code == 422
    assert api.get(url(client), {"fields": "name"}).status_code == 400


def test_the_invisible_does_not_exist(client):
    stranger = caller(make.colleague(client))
    need = make.need(client)
    consent = make.consent(client, make.service())
    paths = [url(client), url(client, "needs"), url(client, "consents"), url(client, "disclosures")]
    paths += [f"/api/v1/needs/{need.uid}", f"/api/v1/consents/{consent.uid}"]
    paths += [f"/api/v1/cases/{make.case(client).uid}"]

    assert [stranger.get(path).status_code for path in paths] == [404] * len(paths)
    assert stranger.patch(url(client), {"nonsense": 1}, format="json").status_code == 404
    assert caller(accounts.user()).get("/api/v1/cases").json()["total"] == 0


def test_a_change_names_its_version(api, client):
    assert api.patch(url(client), {"address": "x"}, format="json").status_code == 428
    changed = api.patch(url(client), {"address": "x"}, format="json", HTTP_IF_MATCH='"1"')
    stale = api.patch(url(client), {"address": "y"}, format="json", HTTP_IF_MATCH='"1"')

    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")


def test_a_search_is_posted_and_answers_masked_rows_in_scope(api, client):
    found = api.post("/api/v1/clients/search", {"phone": PHONE}, format="json").json()
    nothing = caller(make.worker()).post("/api/v1/clients/search", {"phone": PHONE}, format="json")

    assert [row["uid"] for row in found["results"]] == [str(client.uid)]
    assert NAME not in str(found)
    assert nothing.json()["total"] == 0
    assert api.post("/api/v1/clients/search", {}, format="json").status_code == 422


def test_needs_are_recorded_ranked_and_overridden(api, client):
    make.term("EL05")
    body = {"category": "EL05", "urgency": "u2", "impact": "i1", "client_rank": 1}
    made = post(api, url(client, "needs"), body).json()
    address = f"/api/v1/needs/{made['uid']}"

    level = api.patch(
        address, {"priority_override": "p1", "reason": "见记录"}, format="json", HTTP_IF_MATCH='"1"'
    )
    mixed = api.patch(
        address, {"priority_override": "p1", "urgency": "u4"}, format="json", HTTP_IF_MATCH='"2"'
    )
    assessed = api.patch(address, {"urgency": "u3"}, format="json", HTTP_IF_MATCH='"2"')

    assert (made["priority"], made["client_rank"]) == ("p2", 1)
    assert (level.json()["priority"], level.json()["computed_priority"]) == ("p1", "p2")
    assert mixed.status_code == 400
    assert assessed.json()["computed_priority"] == "p3"
    assert api.get(url(client, "needs")).json()["total"] == 1


def test_a_need_is_settled_by_a_request_of_its_own(api, client):
    need = make.need(client)
    address = f"/api/v1/needs/{need.uid}/settle"

    assert post(api, address, {"status": "unmet"}).json()["code"] == "facts_missing"
    assert post(api, address, {"status": "unknown"}).json()["code"] == "illegal_transition"
    done = post(
        api,
        address,
        {"status": "unmet", "reason": "COST", "review_on": str(today() + timedelta(days=9))},
    )

    assert done.json()["status"] == "unmet"
    assert Need._base_manager.get(pk=need.pk).unmet_reason == "COST"


def test_a_case_goes_through_its_stages_and_names_blockers(api, client):
    case = make.case(client)
    address = f"/api/v1/cases/{case.uid}"
    make.need(client)

    early = post(api, f"{address}/stage", {"to": "assessment"}, HTTP_IF_MATCH='"1"')
    blocked = post(api, f"{address}/close", {"reason": "moved"}, HTTP_IF_MATCH='"1"')
    reviewed = api.patch(
        address, {"next_review_on": str(today())}, format="json", HTTP_IF_MATCH='"1"'
    )

    assert early.json()["code"] == "stage_not_ready"
    assert blocked.json()["code"] == "case_blocked"
    assert [error["code"] for error in blocked.json()["errors"]] == ["need_open"]
    assert reviewed.json()["next_review_on"] == str(today())
    assert api.get("/api/v1/cases").json()["total"] == 1


def test_another_case_is_opened_and_a_case_is_offered(api, client):
    opened = post(api, "/api/v1/cases", {"client": str(client.uid), "case_type": "group"})
    heir = make.colleague(client)
    offered = post(
        api,
        f"/api/v1/cases/{opened.json()['uid']}/transfers",
        {"to_user": str(heir.uid), "reason": "休产假"},
    )

    assert (opened.status_code, offered.status_code) == (201, 201)
    assert post(api, "/api/v1/cases", {"client": str(uuid.uuid4())}).status_code == 404


def test_a_consent_is_recorded_and_withdrawn(api, client):
    service = make.service()
    scope = {
        "recipient_kind": "service",
        "recipient_uid": str(service.uid),
        "data_class": "identity",
    }
    body = {"method": "oral", "witnesses": ["周晓棠", "林一舟"], "scopes": [scope]}
    made = post(api, url(client, "consents"), body)
    question = {"recipient": f"service:{service.uid}", "classes": ["identity", "hiv"]}
    before = api.post(url(client, "permitted"), question, format="json").json()

    done = post(api, f"/api/v1/consents/{made.json()['uid']}/withdraw", {"via": "phone"})

    after = api.post(url(client, "permitted"), question, format="json").json()
    assert made.status_code == 201
    assert [(row["allowed"], row["reason"]) for row in before] == [
        (True, ""),
        (False, "no_basis"),
    ]
    assert before[0]["basis"] == f"consent:{made.json()['uid']}"
    assert done.json() == {"closed_referrals": [], "revoked_grants": 0}
    assert not any(row["allowed"] for row in after)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"witnesses": ["周晓棠"]}, "facts_missing"),
        ({"scopes": []}, "facts_missing"),
        ({"purpose": "training_research"}, "invalid"),
    ],
)
def test_a_consent_without_what_the_law_asks_for_is_refused(api, client, change, code):
    service = make.service()
    scope = {
        "recipient_kind": "service",
        "recipient_uid": str(service.uid),
        "data_class": "identity",
    }
    body = {"method": "oral", "witnesses": ["周晓棠", "林一舟"], "scopes": [scope]}

    refused = post(api, url(client, "consents"), body | change)

    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_what_a_category_may_never_have_is_refused_by_its_code(api, client):
    service = make.service("LE02")
    scope = {
        "recipient_kind": "service",
        "recipient_uid": str(service.uid),
        "data_class": "hiv",
        "separate_consent": True,
    }

    refused = post(
        api,
        url(client, "consents"),
        {"method": "oral", "witnesses": ["甲", "乙"], "scopes": [scope]},
    )

    assert refused.json()["code"] == "class_not_allowed"


def test_who_saw_what_is_listed(api, client):
    grant = make.grant(client, make.consent(client, make.service()), uuid.uuid4())
    operations.disclosure.record_read(
        grant, by=accounts.user(), channel="api", fields=["name"], packet_sha256="0" * 64
    )

    rows = api.get(url(client, "disclosures")).json()["results"]

    assert rows[0]["who"] == grant.recipient_org.name


def test_an_emergency_opens_a_file_and_an_approval_too(client):
    person, supervisor = make.colleague(client), make.colleague(client, Role.SUPERVISOR)
    opened = post(
        caller(person),
        "/api/v1/break-glass",
        {"client": str(client.uid), "reason": "self_harm", "narrative": "夜间来电"},
    )
    approved = post(
        caller(supervisor),
        "/api/v1/access-approvals",
        {
            "client": str(client.uid),
            "user": str(make.colleague(client).uid),
            "purpose": "supervision",
            "until": (now() + timedelta(days=3)).isoformat(),
        },
    )
    foreign = post(
        caller(make.worker()),
        "/api/v1/break-glass",
        {"client": str(client.uid), "reason": "self_harm", "narrative": "x"},
    )

    assert (opened.status_code, approved.status_code, foreign.status_code) == (201, 201, 404)
    assert "narrative" not in opened.json()
    assert caller(person).get(url(client)).status_code == 200
    assert caller(supervisor).get("/api/v1/break-glass").json()["total"] == 1
    assert caller(supervisor).get("/api/v1/access-approvals").json()["total"] == 1
