import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts import queries
from accounts.http import count
from accounts.http.navigation import COUNTS, PLACES
from accounts.models import AuditEntry, JobState, Message
from accounts.operations import audited, message
from core.jobs import PROBES, State, now, shifted
from tests.factories.accounts import browser, member, user


# ---- Navigation -----------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "first"),
    [("auditor", "Access log"), ("security_administrator", "Users")],
)
def test_the_navigation_shows_what_a_role_opens(role, first):
    page = browser(member(role, language="en")).get("/profile/")

    labels = [str(entry["label"]) for entry in page.context["nav"]()]
    assert labels[0] == first


@pytest.mark.django_db
def test_an_entry_carries_the_count_that_its_room_registered():
    person = member("auditor", language="en")
    count("accounts:access_log", lambda user: 7 if user == person else 0)
    try:
        page = browser(person).get("/profile/").content.decode()
    finally:
        COUNTS.clear()

    assert re.search(r'Access log <span class="num">7</span>', page)


@pytest.mark.django_db
def test_a_visitor_has_no_counted_navigation():
    page = Client().get("/accounts/login/")

    assert page.context["nav"] == []


def test_each_entry_names_a_permission():
    assert all(place.permissions for place in PLACES)


@pytest.mark.django_db
def test_everybody_is_told_when_the_worker_stands_still():
    client = browser(user(language="en"))
    JobState.objects.create(name="accounts.send_messages", beat_at=now())

    fine = client.get("/profile/").content.decode()
    with shifted(timedelta(minutes=4)):
        still = client.get("/profile/").content.decode()

    assert "stands still" not in fine
    assert "stands still" in still


# ---- Own pages ------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_profile_is_changed_by_its_owner():
    person = user()

    browser(person).post("/profile/", {"name": "New", "idempotency_key": "k"})

    person.refresh_from_db()
    assert (person.name, person.single_keys) == ("New", False)


@pytest.mark.django_db
def test_a_profile_form_takes_nothing_else():
    person = user()

    browser(person).post(
        "/profile/",
        {"name": "New", "email": "x@example.org", "is_active": "", "idempotency_key": "k"},
    )

    before = person.email
    person.refresh_from_db()
    assert (person.email, person.is_active) == (before, True)


@pytest.mark.django_db
def test_notices_are_counted_until_they_are_read():
    person, other = user(language="en"), user()
    message.queue("x", to=person, template="account.changed", time="10:00")
    client = browser(person)

    unread = client.get("/notices/")
    client.post("/notices/")
    read = client.get("/notices/")

    assert (unread.context["notices"](), read.context["notices"]()) == (1, 0)
    assert "sign in to Linkwell was changed" in read.content.decode()
    assert queries.unread(other) == 0
    assert list(browser(other).get("/notices/").context["object_list"]) == []


# ---- Outbox ---------------------------------------------------------------------------------
def _invite():
    message.queue(
        "i", to="mailto:a@example.org", template="account.invited", link="/invitation/token/"
    )


@pytest.mark.django_db
def test_the_outbox_is_for_the_system_administrator():
    _invite()

    assert browser(member("system_administrator")).get("/settings/outbox/").status_code == 200
    assert browser(member("worker")).get("/settings/outbox/").status_code == 403
    assert Client().get("/settings/outbox/").status_code == 302


@pytest.mark.django_db
def test_texts_and_links_are_shown_only_where_nothing_is_sent(settings):
    client = browser(member("system_administrator"))
    _invite()

    sending = client.get("/settings/outbox/").content.decode()
    settings.MESSAGE_DELIVERY = "outbox"
    keeping = client.get("/settings/outbox/").content.decode()

    assert "token" not in sending.replace("csrfmiddlewaretoken", "")
    assert "a@example.org" not in sending
    assert 'href="http://127.0.0.1:8000/invitation/token/"' in keeping


@pytest.mark.django_db
def test_in_the_demo_everybody_follows_the_links(settings):
    settings.DEMO, settings.MESSAGE_DELIVERY = True, "outbox"
    _invite()

    page = browser(member("worker")).get("/settings/outbox/")

    assert page.status_code == 200
    assert Message.objects.count() == 1


# ---- Access log -----------------------------------------------------------------------------
@pytest.fixture
def auditor(db):
    return browser(member("auditor", language="en"))


def _acts():
    worker, client = user(email="worker@example.org"), user()
    with audited(by=worker, action="client.read", on=client, client=client.uid):
        pass
    with audited(by=worker, action="referral.send"):
        pass
    with audited(by=queries.system(), action="referral.expire"):
        pass
    return client


def test_the_log_is_searched_by_user_client_action_result_and_period(auditor):
    client = _acts()

    def found(query):
        rows = auditor.get(f"/settings/access-log/?{query}").context["object_list"]
        return {row.action for row in rows}

    today = now().date()
    assert found("user=WORKER@example.org") == {"client.read", "referral.send"}
    assert found(f"client={client.uid}") == {"client.read"}
    assert found("action=referral") == {"referral.send", "referral.expire"}
    assert found("result=denied") == set()
    assert "client.read" in found(f"since={today}")
    assert found(f"until={today - timedelta(days=3)}") == set()


@pytest.mark.parametrize("query", ["client=abc", "since=yesterday", "result=maybe", "page=999"])
def test_odd_filters_break_nothing(auditor, query):
    assert auditor.get(f"/settings/access-log/?{query}").status_code in {200, 404}


def test_the_narrowed_log_is_taken_along_as_csv_and_that_is_logged(auditor):
    _acts()

    answer = auditor.post("/settings/access-log/export/", {"action": "referral"})

    text = b"".join(answer.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert {row["action"] for row in rows} == {"referral.send", "referral.expire"}
    assert AuditEntry.objects.filter(action="export").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "coordinator"])
def test_only_the_auditor_reads_the_log(role):
    client = browser(member(role))

    assert client.get("/settings/access-log/").status_code == 403
    assert client.post("/settings/access-log/export/").status_code == 403


# ---- What is refused ------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_refused_page_is_one_row_with_its_route():
    person = member("worker")

    browser(person).get("/settings/users/")

    row = AuditEntry.objects.get()
    assert (row.actor, row.action, row.result) == (person.uid, "access.refused", "denied")
    assert row.meta == {"route": "accounts:users", "code": 403}
    assert row.ip_ref


@pytest.mark.django_db
def test_an_invisible_thing_is_one_row_with_its_number():
    boss, missing = member("security_administrator"), user().uid.hex[::-1]
    uid = f"{missing[:8]}-{missing[8:12]}-{missing[12:16]}-{missing[16:20]}-{missing[20:]}"

    browser(boss).get(f"/settings/users/{uid}/")

    row = AuditEntry.objects.get()
    assert (str(row.object_uid), row.meta["code"]) == (uid, 404)


@pytest.mark.django_db
def test_a_visitor_who_mistypes_an_address_is_not_logged():
    Client().get("/nothing/here/")

    assert not AuditEntry.objects.exists()


# ---- Health ---------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["accounts.worker", "accounts.messages", "accounts.access_log"])
def test_each_part_says_how_it_is(name, settings, tmp_path):
    settings.AUDIT_ANCHOR_DIR = str(tmp_path)

    assert PROBES[name].read().state in State


@pytest.mark.django_db
def test_a_message_that_waits_too_long_is_reported():
    _invite()

    with shifted(timedelta(minutes=2)):
        reading = PROBES["accounts.messages"].read()

    assert reading.state == State.FAIL
