import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import IdempotencyRow, Membership, RateBucket
from accounts.operations.sweep import sweep
from core.jobs import shifted
from tests.factories.accounts import browser, member, user

pytestmark = pytest.mark.urls("tests.accounts.doors")


@pytest.fixture
def person(db):
    return user()


def post(client, name="one", key="k1", **headers):
    given = {"Idempotency-Key": key} if key is not None else {}
    return client.post(
        "/api/v1/things",
        json.dumps({"name": name}),
        content_type="application/json",
        headers=given | headers,
    )


def made():
    return RateBucket.objects.filter(key="k").count()


# ---- Endpoints ------------------------------------------------------------------------------
def test_the_same_request_is_answered_byte_for_byte_and_acts_once(person):
    client = browser(person)

    first, second = post(client), post(client)

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"] == '"1"'
    assert first.headers["Content-Type"] == second.headers["Content-Type"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert made() == 1


def test_a_key_used_for_something_else_is_refused(person):
    client = browser(person)
    post(client, "one")

    second = post(client, "two")

    assert (second.status_code, second.json()["code"]) == (422, "idempotency_mismatch")
    assert made() == 1


def test_the_key_of_another_person_never_replays(person):
    post(browser(person))

    other = post(browser(user()))

    assert other.status_code == 201
    assert "Idempotency-Replayed" not in other.headers
    assert made() == 2


@pytest.mark.parametrize("key", [None, "", "x" * 256, "né"])
def test_a_missing_or_odd_key_is_named(person, key):
    response = post(browser(person), key=key)

    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_missing")
    assert made() == 0


@pytest.mark.parametrize(("name", "status"), [("x" * 21, 400), ("late", 409)])
def test_what_failed_leaves_the_key_free(person, name, status):
    client = browser(person)

    refused = post(client, name)
    corrected = post(client, "one")

    assert refused.status_code == status
    assert corrected.status_code == 201
    assert made() == 1


def test_the_stored_answer_is_sealed(person):
    post(browser(person), "findme")

    with connection.cursor() as cursor:
        cursor.execute("SELECT outcome FROM accounts_idempotencyrow")
        assert "findme" not in cursor.fetchone()[0]


def test_an_answer_is_kept_for_a_day(person):
    client = browser(person)
    post(client)

    with shifted(timedelta(hours=23)):
        sweep()
        kept = IdempotencyRow.objects.count()
    with shifted(timedelta(hours=25)):
        sweep()

    assert kept == 1
    assert not IdempotencyRow.objects.exists()


def test_without_the_safeguard_the_second_sending_acts_again(person, settings):
    settings.SAFEGUARDS_OFF = frozenset({"idempotency"})
    client = browser(person)

    post(client)
    post(client)

    assert made() == 2


@pytest.mark.usefixtures("committed_db")
def test_thirty_two_at_once_make_one_thing():
    client = browser(user())
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def send(_number):
        one = Client()
        one.cookies.load(cookies)
        try:
            return post(one)
        finally:
            connection.close()

    with ThreadPoolExecutor(32 if connection.vendor == "postgresql" else 8) as pool:
        answers = list(pool.map(send, range(32)))

    assert made() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert sum(answer.status_code == 201 for answer in answers) >= 1


# ---- Pages ----------------------------------------------------------------------------------
def test_a_double_click_is_one_act(person):
    client = browser(person)
    form = {"name": "one", "idempotency_key": "k1"}

    first, second = client.post("/page/", form), client.post("/page/", form)

    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert made() == 1


def test_a_form_with_mistakes_can_be_corrected(person):
    client = browser(person)

    wrong = client.post("/page/", {"idempotency_key": "k1"})
    right = client.post("/page/", {"name": "one", "idempotency_key": "k1"})

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert made() == 1


def test_a_visitor_has_a_key_per_browser(db):
    form = {"name": "one", "idempotency_key": "k1"}
    first, second = Client(), Client()
    first.cookies["csrf"] = "a" * 32
    second.cookies["csrf"] = "b" * 32

    first.post("/page/", form)
    second.post("/page/", form)
    first.post("/page/", form)

    assert made() == 2


def test_another_file_under_the_same_key_is_something_else(person):
    client = browser(person)

    def send(content):
        form = {"name": "one", "idempotency_key": "k1"}
        return client.post("/page/", form | {"file": SimpleUploadedFile("a.txt", content)})

    assert send(b"one").status_code == 302
    assert send(b"two").status_code == 422


def test_without_the_form_key_a_double_click_acts_twice(person, settings):
    settings.SAFEGUARDS_OFF = frozenset({"form_key"})
    client = browser(person)

    for _click in range(2):
        client.post("/page/", {"name": "one", "idempotency_key": "k1"})

    assert made() == 2


# ---- Rights ---------------------------------------------------------------------------------
def test_a_replay_does_not_outlive_the_right(db):
    boss = member("security_administrator")
    somebody = user()
    client = browser(boss)
    path, form = f"/settings/users/{somebody.uid}/", {"role": "auditor", "idempotency_key": "k1"}

    first = client.post(path, form)
    Membership.objects.filter(user=boss).delete()
    second = client.post(path, form)

    assert (first.status_code, second.status_code) == (302, 403)
