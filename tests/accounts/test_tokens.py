import json
import time
from base64 import b64encode
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import operations
from accounts.http import ReadThrottle
from accounts.models import AuditEntry, Token
from accounts.operations.sweep import sweep
from accounts.permissions import Permission
from core.errors import NotPermitted
from core.jobs import shifted
from tests.factories.accounts import PASSWORD, browser, member, organization, user

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code():
    counter = int(time.time()) // 30
    return auth.format_hotp_value(auth.hotp_value(SECRET, counter))


def ask(person, password=PASSWORD, key="k1", one_time="", **body):
    basic = b64encode(f"{person.email}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Idempotency-Key": key}
    if one_time:
        headers["X-One-Time-Code"] = one_time
    return Client().post(
        "/api/v1/tokens",
        json.dumps({"name": "sync"} | body),
        content_type="application/json",
        headers=headers,
    )


def using(text):
    return {"Authorization": f"Token {text}"}


@pytest.mark.django_db
def test_a_full_sign_in_makes_a_token_that_works():
    here = organization()
    person = member("worker", here)

    made = ask(person, organization=str(here.uid), days=7)

    token = Token.objects.get()
    listed = Client().get("/api/v1/tokens", headers=using(made.json()["token"]))
    assert made.status_code == 201
    assert made.json()["organization"] == str(here.uid)
    assert timedelta(days=6) < token.expiry - timezone.now() <= timedelta(days=7)
    assert [row["uid"] for row in listed.json()["results"]] == [str(token.uid)]
    assert AuditEntry.objects.filter(action="token.create").count() == 1


@pytest.mark.django_db
def test_a_token_is_kept_as_a_hash():
    text = ask(member("auditor")).json()["token"]

    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, token_key FROM accounts_token")
        assert text not in str(cursor.fetchall())


@pytest.mark.django_db
def test_the_text_of_a_token_is_shown_once():
    person = member("auditor")
    text = ask(person).json()["token"]

    assert text not in browser(person).get("/api/v1/tokens").content.decode()
    assert text not in browser(person).get("/profile/").content.decode()


@pytest.mark.django_db
def test_the_same_request_sent_twice_makes_one_token():
    person = member("auditor")

    first, second = ask(person), ask(person)

    assert first.content == second.content
    assert Token.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["session", "token", "nothing"])
def test_less_than_a_full_sign_in_makes_none(door):
    person = member("auditor")
    _token, text = operations.token.issue(by=person, name="x")
    client = browser(person) if door == "session" else Client()
    headers = {"Idempotency-Key": "k"} | (using(text) if door == "token" else {})

    answer = client.post(
        "/api/v1/tokens", '{"name": "y"}', content_type="application/json", headers=headers
    )

    assert answer.status_code == 401
    assert Token.objects.count() == 1


@pytest.mark.django_db
def test_a_wrong_password_is_refused_and_limited():
    person = member("auditor")

    answers = [ask(person, "wrong").status_code for _try in range(6)]

    assert answers == [401] * 5 + [429]
    assert AuditEntry.objects.filter(action="sign_in.refused").count() == 5


@pytest.mark.django_db
def test_the_second_factor_is_asked_here_too():
    person = member("auditor")
    auth.TOTP.activate(person, SECRET)

    assert ask(person).status_code == 401
    assert ask(person, one_time="000000").status_code == 401
    assert ask(person, one_time=code()).status_code == 201


@pytest.mark.django_db
def test_a_role_that_needs_a_second_factor_gets_no_token_without(settings):
    settings.SECOND_FACTOR_REQUIRED = True

    answer = ask(member("auditor"))

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


@pytest.mark.django_db
def test_a_token_counts_in_its_organization_alone():
    here, there = organization("here"), organization("there")
    person = member("worker", here)
    member("worker", there, user=person)
    member("coordinator", user=person)
    token, _text = operations.token.issue(by=person, name="x", organization=here)

    person.__dict__.pop("held")
    person.token_scope, person.has_token_scope = token.organization_id, True

    assert person.may(Permission.CLIENT_WRITE, here)
    assert not person.may(Permission.CLIENT_WRITE, there)
    assert not person.may(Permission.LISTING_MODERATE)
    assert person.organization_ids(Permission.CLIENT_WRITE) == {here.pk}


@pytest.mark.django_db
def test_a_token_of_the_network_counts_there_alone():
    person = member("auditor")
    member("worker", organization(), user=person)
    text = ask(person).json()["token"]

    allowed = Client().get("/settings/access-log/", headers=using(text))

    # Pages take no tokens; the scope is that of the endpoint's user.
    assert allowed.status_code == 302
    assert Token.objects.get().organization is None


@pytest.mark.django_db
def test_no_token_for_an_organization_where_nothing_is_held():
    other = organization()

    assert ask(member("worker"), organization=str(other.uid)).status_code == 404
    with pytest.raises(NotPermitted):
        operations.token.issue(by=member("worker"), name="x", organization=other)
    with pytest.raises(NotPermitted):
        operations.token.issue(by=member("worker"), name="x")


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 91, "x"])
def test_a_token_lives_ninety_days_at_most(days):
    assert ask(member("auditor"), days=days).status_code == 400


@pytest.mark.django_db
def test_an_expired_token_opens_nothing_and_is_swept():
    person = member("auditor")
    token, text = operations.token.issue(by=person, name="x", days=1)
    Token.objects.update(expiry=timezone.now() - timedelta(seconds=1))

    answer = Client().get("/api/v1/sessions", headers=using(text))

    assert answer.status_code == 401
    with shifted(timedelta(days=2)):
        sweep()
    assert not Token.objects.filter(pk=token.pk).exists()


@pytest.mark.django_db
def test_a_token_is_revoked_by_its_owner_only():
    person, other = member("auditor"), member("auditor")
    token, _text = operations.token.issue(by=person, name="x")
    path = f"/api/v1/tokens/{token.uid}"

    foreign = browser(other).delete(path)
    own = browser(person).delete(path)

    assert (foreign.status_code, own.status_code) == (404, 204)
    assert not Token.objects.exists()
    assert AuditEntry.objects.filter(action="access.refused", object_uid=token.uid).exists()


@pytest.mark.django_db
def test_sessions_are_listed_and_ended_by_their_owner():
    person, other = user(), user()
    for one in (person, other):
        Client().post("/accounts/login/", {"login": one.email, "password": PASSWORD})
    client = browser(person)
    found = client.get("/api/v1/sessions").json()["results"]
    foreign = browser(other).get("/api/v1/sessions").json()["results"]

    ended = client.delete(f"/api/v1/sessions/{found[0]['id']}")
    refused = client.delete(f"/api/v1/sessions/{foreign[0]['id']}")

    assert (len(found), ended.status_code, refused.status_code) == (1, 204, 404)


@pytest.mark.django_db
def test_writing_by_program_is_limited():
    person = member("auditor")
    client = browser(person)

    answers = [client.delete("/api/v1/sessions/999999").status_code for _try in range(61)]

    assert answers == [404] * 60 + [429]


@pytest.mark.django_db
def test_reading_in_bulk_is_slowed_down(monkeypatch):
    monkeypatch.setattr(ReadThrottle, "per_minute", 5)
    client = browser(member("auditor"))

    answers = [client.get("/api/v1/sessions").status_code for _try in range(21)]

    assert answers == [200] * 20 + [429]
