"""Referrals for programs: every operation, by every side, with every refusal in words."""

import uuid
from datetime import timedelta
from functools import lru_cache

import pytest
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from accounts.operations import limits
from accounts.operations.limits import Budget
from core.jobs import now
from referrals.casefiles.models import DisclosureEvent
from referrals.handoffs.models import Referral, ReferralEvent
from tests.factories import accounts, handoffs
from tests.referrals.handoffs import oracle

pytestmark = pytest.mark.once

ROOT = "/api/v1/referrals"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_throttle(monkeypatch):
    caller.cache_clear()
    monkeypatch.setitem(limits.BUDGETS, "api_write", Budget(10_000, DAY))


@lru_cache
def caller(user):
    """Keep one client per person: each new one builds the whole chain of middleware."""
    api = APIClient()
    api.force_authenticate(user)
    return api


def post(user, url, body, *, key=None, **headers):
    return caller(user).post(
        url, body, format="json", HTTP_IDEMPOTENCY_KEY=key or str(uuid.uuid4()), **headers
    )


def take(user, referral, event, data=None, *, version=None, key=None, **more):
    body = {"event": event, "data": data or {}} | more
    tag = f'"{referral.version if version is None else version}"'
    return post(user, f"{ROOT}/{referral.uid}/events", body, key=key, HTTP_IF_MATCH=tag)


def facts(event, referral):
    """Return the least a step must be told, as JSON has it."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in handoffs.sample(event, referral).items()
    }


def rows():
    return ReferralEvent.objects.visible_to(handoffs.system()).count()


def new(at, **facts):
    return {
        "client": str(at.client.uid),
        "needs": [str(at.need.uid)],
        "service": str(at.service.uid),
        "referral_reason": "SPECIALIST",
        "packet": {"classes": list(handoffs.CLASSES)},
        # The world has answers by which the provider is full.
        "override_reason": "已电话确认",
    } | facts


# ---- Every arrow, and everything that is none -------------------------------------------------
@pytest.mark.parametrize("status", oracle.STATUSES)
def test_a_step_that_the_table_does_not_know_is_a_conflict_in_words(world, status):
    referral, before = world.referral(status), rows()
    illegal = [event for event in oracle.EVENTS if (status, event) not in oracle.TARGETS]

    answers = {event: take(world.at.worker, referral, event) for event in illegal}

    for event, answer in answers.items():
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "illegal_transition"), event
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert problem["detail"]
    assert rows() == before


def people(at):
    return {"SND": at.worker, "SUP": at.supervisor, "RCV": at.partner, "CRD": at.coordinator}


@pytest.mark.parametrize("status", oracle.STATUSES)
def test_a_step_of_somebody_else_is_refused_and_one_of_ones_own_is_offered(world, status):
    referral, before = world.referral(status), rows()
    legal = [event for event in oracle.EVENTS if (status, event) in oracle.TARGETS]

    for role, person in people(world.at).items():
        offered = caller(person).get(f"{ROOT}/{referral.uid}/allowed")
        if offered.status_code == 404:
            assert role == "RCV"
            assert referral.sent_at is None or status == "entered_in_error"
            continue
        named = {step["event"] for step in offered.json() if not step["on_behalf_of"]}
        for event in legal:
            if role in oracle.OWNERS[status, event]:
                continue
            answer = take(person, referral, event, facts(event, referral))
            assert (answer.status_code, answer.json()["code"]) == (403, "wrong_actor"), event
            assert event not in named
        assert named & set(oracle.EVENTS) <= set(legal)
    assert rows() == before


def test_a_referral_goes_its_whole_way_through_the_api(world):
    at = world.at
    at.need = handoffs.another_need(at)
    handoffs.casefiles.consent(at.client, at.service, handoffs.CLASSES)
    made = post(at.worker, ROOT, new(at))
    referral = Referral.objects.visible_to(at.worker).get(uid=made.json()["uid"])

    way = [
        ("send", at.worker), ("acknowledge", at.partner), ("accept", at.partner),
        ("start", at.partner), ("report_outcome", at.partner), ("verify_close", at.worker),
    ]  # fmt: skip
    stands = []
    for event, person in way:
        answer = take(person, referral, event, facts(event, referral))
        assert answer.status_code == 200, answer.json()
        referral.refresh_from_db()
        assert answer.headers["ETag"] == f'"{referral.version}"'
        assert answer.json()["event"]["event"] == event
        stands.append(answer.json()["referral"]["status"])

    assert made.status_code == 201
    assert made.headers["ETag"] == '"1"'
    assert stands == [
        "sent", "acknowledged", "accepted", "in_service", "outcome_reported", "closed",
    ]  # fmt: skip


def test_an_event_that_does_not_exist_is_no_arrow(world):
    answer = take(world.at.worker, world.referral("sent"), "teleport")

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


# ---- Versions and keys ------------------------------------------------------------------------
def test_a_stale_version_is_told_and_changes_nothing(world):
    referral, before = world.referral("sent"), rows()

    answer = take(world.at.partner, referral, "acknowledge", version=referral.version - 1)

    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
    assert rows() == before


@pytest.mark.parametrize("method", ["patch", "post"])
def test_a_change_names_the_version_it_is_based_on(world, method):
    referral = world.referral("draft")
    url = f"{ROOT}/{referral.uid}" + ("/events" if method == "post" else "")
    body = {"event": "send"} if method == "post" else {"summary": "新"}

    answer = getattr(caller(world.at.worker), method)(
        url, body, format="json", HTTP_IDEMPOTENCY_KEY="k"
    )

    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


def test_one_key_is_one_step(world):
    referral, key = world.referral("sent"), str(uuid.uuid4())

    first = take(world.at.partner, referral, "acknowledge", key=key)
    again = take(world.at.partner, referral, "acknowledge", key=key)
    other = take(world.at.partner, referral, "accept", facts("accept", referral), key=key)
    fresh = take(world.at.partner, referral, "acknowledge")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert fresh.status_code == 409
    assert referral.events.filter(event="acknowledge").count() == 1


@pytest.mark.parametrize("path", ["", "/events", "/links", "/appointments", "/contact-attempts"])
def test_what_creates_or_moves_needs_a_key(world, path):
    referral = world.referral("accepted")
    url = f"{ROOT}/{referral.uid}{path}" if path else ROOT

    answer = caller(world.at.worker).post(url, {}, format="json", HTTP_IF_MATCH='"1"')

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


# ---- Drafts -----------------------------------------------------------------------------------
def test_a_draft_is_changed_by_its_sender_and_later_by_nobody(world):
    at, draft, sent = world.at, world.referral("draft"), world.referral("sent")

    def patch(user, referral):
        return caller(user).patch(
            f"{ROOT}/{referral.uid}",
            {"summary": "请先打电话"},
            format="json",
            HTTP_IF_MATCH=f'"{referral.version}"',
        )

    changed, late, foreign = (
        patch(at.worker, draft),
        patch(at.worker, sent),
        patch(at.partner, draft),
    )

    assert (changed.status_code, changed.json()["summary"]) == (200, "请先打电话")
    assert changed.headers["ETag"] == f'"{draft.version + 1}"'
    assert (late.status_code, late.json()["code"]) == (409, "illegal_transition")
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"service": None}, "service"),
        ({"off_platform": {"name": "街道食堂"}}, "service"),
        ({"needs": []}, "needs"),
        ({"client": "no uuid"}, "client"),
        ({"priority": "p9"}, "priority"),
        ({"channel": "pigeon"}, "channel"),
        ({"packet": {"classes": ["soul"]}}, "packet"),
        ({"must_happen_before": "soon"}, "must_happen_before"),
        ({"status": "closed"}, "status"),
        ({"version": 7}, "version"),
        ({"sender": str(uuid.uuid4())}, "sender"),
    ],
)
def test_every_mistake_names_its_field(world, wrong, field):
    body = {name: value for name, value in (new(world.at) | wrong).items() if value is not None}

    answer = post(world.at.worker, ROOT, body)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "invalid")
    assert field in {error["pointer"].split("/")[1] for error in problem["errors"]}


def test_needs_and_services_out_of_sight_do_not_exist(world):
    at = world.at
    stranger = handoffs.casefiles.worker()

    unknown = [
        post(stranger, ROOT, new(at)),
        post(at.worker, ROOT, new(at, needs=[str(uuid.uuid4())])),
        post(at.worker, ROOT, new(at, service=str(uuid.uuid4()))),
        post(at.worker, ROOT, new(at, parent=str(uuid.uuid4()))),
    ]

    assert [answer.status_code for answer in unknown] == [404] * 4


def test_guards_are_all_named_at_once(world):
    at = world.at
    at.need = handoffs.another_need(at)
    draft = post(at.worker, ROOT, new(at, override_reason="", packet={"classes": []}))
    referral = Referral.objects.visible_to(at.worker).get(uid=draft.json()["uid"])

    answer = take(at.worker, referral, "send")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "guard_failed")
    assert {"G2", "G4"} <= {error["guard"] for error in problem["errors"]}
    assert all(error["detail"] and error["code"] for error in problem["errors"])


def test_what_a_step_must_be_told_is_named_field_by_field(world):
    referral = world.referral("sent")

    nothing = take(world.at.partner, referral, "decline")
    wrong = take(world.at.partner, referral, "decline", {"reason": "OTHER", "colour": "red"})

    assert (nothing.status_code, wrong.status_code) == (422, 422)
    assert [error["field"] for error in nothing.json()["errors"]] == ["reason"]
    assert {"colour", "note"} <= {error["field"] for error in wrong.json()["errors"]}


# ---- Who sees what ----------------------------------------------------------------------------
def test_each_side_reads_its_own_share(world):
    at, referral = world.at, world.referral("accepted")

    shares = {
        role: caller(person).get(f"{ROOT}/{referral.uid}").json()
        for role, person in people(at).items()
    }

    assert {role: share["side"] for role, share in shares.items()} == {
        "SND": "sender", "SUP": "sender", "RCV": "recipient", "CRD": "coordinator",
    }  # fmt: skip
    assert shares["SND"]["client"] == str(at.client.uid)
    assert shares["SND"]["summary"]
    for role in ("RCV", "CRD"):
        assert [shares[role][name] for name in ("client", "summary", "needs")] == [None] * 3
        assert "王" not in str(shares[role])


@pytest.mark.parametrize("path", ["", "/allowed", "/events", "/packet", "/links", "/appointments"])
def test_strangers_find_nothing(world, path):
    url = f"{ROOT}/{world.referral('accepted').uid}{path}"

    for stranger in (handoffs.casefiles.worker(), accounts.member("partner_intake")):
        answer = caller(stranger).get(url)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert APIClient().get(url).status_code == 401


def test_the_boxes_part_the_desk(world):
    at = world.at

    def box(user, name):
        rows = caller(user).get(ROOT, {"box": name, "per_page": 100}).json()["results"]
        return {row["uid"] for row in rows}

    everything = {str(world.referral(status).uid) for status in oracle.STATUSES}
    hidden = {
        str(world.referral(status).uid)
        for status in ("draft", "pending_approval", "entered_in_error")
    }
    assert box(at.worker, "out") == everything
    assert box(at.partner, "in") == everything - hidden
    assert box(at.partner, "out") == box(at.worker, "in") == set()
    assert caller(at.worker).get(ROOT, {"box": "attic"}).status_code in {200, 400}


def test_only_the_recipient_reads_the_packet_and_only_after_acceptance(world):
    at = world.at
    sent, accepted = world.referral("sent"), world.referral("accepted")

    preview = caller(at.partner).get(f"{ROOT}/{sent.uid}/packet")
    full = caller(at.partner).get(f"{ROOT}/{accepted.uid}/packet")
    others = [
        caller(person).get(f"{ROOT}/{accepted.uid}/packet")
        for person in (at.worker, at.supervisor, at.coordinator)
    ]

    assert (preview.json()["tier"], full.json()["tier"]) == ("preview", "full")
    assert "王桂芳" not in preview.content.decode()
    assert "王桂芳" in full.content.decode()
    assert [answer.status_code for answer in others] == [403] * 3
    read = DisclosureEvent._base_manager.filter(viewer=at.partner)
    assert read.filter(grant__context_uid=accepted.uid).count() == 1


def test_simulating_says_what_would_stand_in_the_way_and_changes_nothing(world):
    at, draft, before = world.at, world.referral("draft"), rows()

    own = caller(at.worker).post(f"{ROOT}/{draft.uid}/simulate")
    foreign = caller(at.partner).post(f"{ROOT}/{world.referral('sent').uid}/simulate")

    assert own.status_code == 200
    assert set(own.json()) == {"findings", "needs_approval", "preview"}
    assert foreign.status_code == 403
    assert rows() == before


def test_a_note_of_the_house_stays_in_the_house(world):
    at, referral = world.at, world.referral("accepted")
    take(at.worker, referral, "note", {"text": "家里有狗", "internal": True})
    take(at.worker, referral, "note", {"text": "请走后门"})

    mine = caller(at.worker).get(f"{ROOT}/{referral.uid}/events").content.decode()
    theirs = caller(at.partner).get(f"{ROOT}/{referral.uid}/events").content.decode()

    assert "家里有狗" in mine
    assert "请走后门" in mine
    assert "家里有狗" not in theirs
    assert "请走后门" in theirs


# ---- Parts ------------------------------------------------------------------------------------
def test_appointments_and_attempts_are_kept_by_both_sides_and_hidden_from_others(world):
    at, referral = world.at, world.referral("accepted")
    url = f"{ROOT}/{referral.uid}"
    meeting = {"at": (now() + DAY).isoformat(), "place": "站里"}
    attempt = {"method": "phone", "result": "no_answer"}

    made = post(at.partner, f"{url}/appointments", meeting)
    tried = post(at.worker, f"{url}/contact-attempts", attempt)

    assert (made.status_code, tried.status_code) == (201, 201)
    assert made.json()[0]["place"] == "站里"
    assert caller(at.worker).get(f"{url}/appointments").json() == made.json()
    assert caller(at.partner).get(f"{url}/contact-attempts").json() == tried.json()
    assert caller(at.coordinator).get(f"{url}/appointments").status_code == 403


def test_links_are_given_and_closed_by_the_sender_and_never_shown(world):
    at, referral = world.at, world.referral("sent")
    body = {"kind": "recipient", "address": "mailto:intake@example.org"}

    made = post(at.worker, f"{ROOT}/{referral.uid}/links", body)
    foreign = post(at.partner, f"{ROOT}/{referral.uid}/links", body)
    listed = caller(at.worker).get(f"{ROOT}/{referral.uid}/links")
    closed = post(at.worker, f"/api/v1/links/{made.json()['uid']}/revoke", None)

    assert (made.status_code, foreign.status_code) == (201, 403)
    assert "example.org" not in (made.content + listed.content).decode()
    assert (closed.status_code, bool(closed.json()["revoked_at"])) == (200, True)


@pytest.mark.parametrize("address", ["intake@example.org", "http://x", "mailto:", ""])
def test_an_address_that_is_none_is_named(world, address):
    body = {"kind": "recipient", "address": address}

    answer = post(world.at.worker, f"{ROOT}/{world.referral('sent').uid}/links", body)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/address"]


def test_a_coordinator_records_what_was_said_on_the_phone(world):
    referral = world.referral("sent")
    said = {"reported_by": "高怀英", "channel": "phone"}

    plain = take(world.at.coordinator, referral, "acknowledge")
    recorded = take(world.at.coordinator, referral, "acknowledge", on_behalf_of=said)

    assert plain.status_code == 403
    assert recorded.status_code == 200
    event = recorded.json()["event"]
    assert (event["actor_role"], event["on_behalf_of"], event["reported_by"]) == (
        *("PRX", "recipient"),
        "高怀英",
    )


def test_what_lies_in_the_future_or_before_the_sending_is_refused(world):
    referral = world.referral("sent")

    for moment in (now() + DAY, referral.sent_at - DAY):
        answer = take(world.at.partner, referral, "acknowledge", occurred_at=moment.isoformat())
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["occurred_at"]


def test_candidates_are_for_who_works_on_the_need(world):
    at = world.at
    url = f"/api/v1/needs/{at.need.uid}/candidates"

    assert caller(at.worker).get(url).status_code == 200
    assert caller(at.partner).get(url).status_code == 404
    assert caller(at.worker).get(url, {"colour": "red"}).status_code == 400


# ---- Limits -----------------------------------------------------------------------------------
def test_what_an_organization_sends_in_a_day_is_one_count_for_pages_and_programs(
    world, monkeypatch
):
    monkeypatch.setitem(limits.BUDGETS, "referral_sent", Budget(2, DAY))
    at, draft = world.at, world.referral("draft")
    page = accounts.browser(at.worker)
    form = {"idempotency_key": "k1", "version": draft.version}

    by_page = page.post(f"/referrals/{draft.uid}/send/", form)
    by_form = page.post(
        f"/referrals/new/?need={at.need.uid}&service={at.service.uid}",
        {"intent": "send", "idempotency_key": "k2"},
    )
    by_api = take(at.worker, draft, "send")
    again = page.post(f"/referrals/{draft.uid}/send/", form | {"idempotency_key": "k3"})

    assert by_page.status_code in {302, 404, 409, 422}
    assert by_form.status_code in {302, 422}
    assert (by_api.status_code, by_api.json()["code"]) == (429, "rate_limited")
    assert by_api.headers["Retry-After"]
    assert again.status_code == 429
    assert AuditEntry.objects.filter(action="limit.reached").count() == 1


def test_only_what_is_sent_is_counted(world, monkeypatch):
    monkeypatch.setitem(limits.BUDGETS, "referral_sent", Budget(0, DAY))

    answer = take(world.at.partner, world.referral("sent"), "acknowledge")

    assert answer.status_code == 200
