import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from core.errors import Conflict, NotPermitted
from core.jobs import shifted, today
from directory.catalogue import queries
from directory.catalogue.models import ListingRestriction
from directory.catalogue.operations import restrictions
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return accounts.member("coordinator")


def enter(by, **facts):
    given = {
        "kind": "do_not_list", "match_kind": "name", "value": "银杏树", "reason": "本机构要求",
        "requested_by": "负责人",
    }  # fmt: skip
    return restrictions.enter(by=by, **given | facts)


def form(**facts):
    return {
        "kind": "do_not_contact", "match_kind": "e164", "value": "13812345678",
        "reason": "勿扰", "requested_by": "本人", "channels": ["phone"],
        "label": "138****5678", "idempotency_key": str(uuid.uuid4()),
    } | facts  # fmt: skip


def test_an_entry_counts_once_a_coordinator_lets_it(coordinator):
    worker = accounts.member("worker")
    entry = enter(worker)
    subject = queries.Subject(names=frozenset({"银杏树"}))
    assert queries.may_list(subject)

    with pytest.raises(NotPermitted):
        restrictions.activate(entry, by=worker)
    restrictions.activate(entry, by=coordinator)

    assert not queries.may_list(subject)


def test_an_entry_that_was_lifted_counts_no_more_and_is_lifted_once(coordinator):
    entry = restrictions.activate(enter(coordinator), by=coordinator)

    restrictions.lift(entry, by=coordinator)

    assert queries.may_list(queries.Subject(names=frozenset({"银杏树"})))
    with pytest.raises(Conflict):
        restrictions.lift(entry, by=coordinator)


def test_an_entry_ends_with_its_last_day(coordinator):
    restrictions.activate(enter(coordinator, until=today()), by=coordinator)
    subject = queries.Subject(names=frozenset({"银杏树"}))

    assert not queries.may_list(subject)
    with shifted(timedelta(days=1)):
        assert queries.may_list(subject)


def test_a_name_is_barred_in_its_area_alone(coordinator):
    city = catalogue.area("330100")
    restrictions.activate(enter(coordinator, area=city), by=coordinator)

    def at(code):
        return queries.Subject(names=frozenset({"银杏树"}), areas=(catalogue.area(code),))

    assert not queries.may_list(at("330106"))
    assert queries.may_list(at("110101"))


@pytest.mark.parametrize(
    ("match_kind", "value", "subject"),
    [
        (
            "domain",
            "https://www.example.org/about",
            {"websites": frozenset({"http://example.org"})},
        ),
        ("email", "A@Example.org", {"emails": frozenset({"a@example.org"})}),
        ("e164", "0571 8888 0000", {"numbers": frozenset({"+8657188880000"})}),
        ("e164", "12348", {"numbers": frozenset({"12348"})}),
        ("identifier", "9135-0100 M000100Y43", {"identifiers": frozenset({"91350100M000100Y43"})}),
        ("name", "銀杏樹", {"names": frozenset({"银杏树"})}),
    ],
)
def test_a_subject_is_recognized_however_it_is_written(coordinator, match_kind, value, subject):
    entry = enter(coordinator, match_kind=match_kind, value=value)
    restrictions.activate(entry, by=coordinator)

    assert not queries.may_list(queries.Subject(**subject))


def test_ways_of_contact_are_barred_one_by_one_or_all(coordinator):
    subject = queries.Subject(emails=frozenset({"a@example.org"}))
    common = {"match_kind": "email", "value": "a@example.org"}
    some = enter(coordinator, kind="do_not_contact", channels=["sms", "phone"], **common)
    restrictions.activate(some, by=coordinator)
    assert queries.barred_channels(subject) == {"sms", "phone"}

    for kind in ("do_not_contact", "do_not_visit"):
        restrictions.activate(enter(coordinator, kind=kind, **common), by=coordinator)

    assert queries.barred_channels(subject) == {"sms", "phone", "*", "visit"}


def test_the_register_is_a_page_for_those_who_keep_it(coordinator):
    address = reverse("catalogue:restrictions")
    browser = accounts.browser(coordinator)

    assert accounts.browser(accounts.member("worker")).get(address).status_code == 403
    answer = browser.post(address, form())
    page = browser.get(address).content.decode()

    assert answer.status_code == 302
    assert "138****5678" in page
    assert "13812345678" not in page
    assert ListingRestriction.objects.get().match_value not in page
    assert ListingRestriction.objects.get().state == "active"


@pytest.mark.parametrize(
    "facts", [{"value": ""}, {"label": "138 1234 5678"}, {"area": "999999"}, {"kind": "never"}]
)
def test_a_form_with_mistakes_says_so_and_enters_nothing(coordinator, facts):
    answer = accounts.browser(coordinator).post(reverse("catalogue:restrictions"), form(**facts))

    assert answer.status_code == 422
    assert not ListingRestriction.objects.exists()


def test_the_buttons_let_an_entry_count_and_end_it(coordinator):
    entry, browser = enter(coordinator), accounts.browser(coordinator)

    for act, state in (("activate", "active"), ("lift", "lifted")):
        browser.post(
            reverse("catalogue:restriction_act", args=[entry.uid, act]),
            {"idempotency_key": str(uuid.uuid4())},
        )
        entry.refresh_from_db()
        assert entry.state == state

    unknown = browser.post(
        reverse("catalogue:restriction_act", args=[entry.uid, "burn"]),
        {"idempotency_key": str(uuid.uuid4())},
    )
    assert unknown.status_code == 404


def test_the_api_never_tells_again_what_somebody_is_recognized_by(coordinator):
    client = APIClient()
    client.force_login(coordinator)
    body = form()
    body.pop("idempotency_key")

    made = client.post(
        "/api/v1/listing-restrictions", body, format="json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )  # fmt: skip
    told = client.get("/api/v1/listing-restrictions").content.decode()

    assert made.status_code == 201
    assert (made.json()["state"], "value" in made.json()) == ("draft", False)
    assert "13812345678" not in told
    done = client.post(
        f"/api/v1/listing-restrictions/{made.json()['uid']}/activate", format="json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )  # fmt: skip
    assert done.json()["state"] == "active"
    stranger = APIClient()
    stranger.force_login(accounts.member("worker"))
    assert stranger.get("/api/v1/listing-restrictions").status_code == 403
