import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection
from django.test import Client

from accounts import operations, queries
from accounts.models import AuditEntry, Message, Token, UsedCode
from core.jobs import shifted
from tests.factories.accounts import PASSWORD, browser, member, organization, user

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN = "/accounts/login/"


def sign_in(client, email, password=PASSWORD, **headers):
    return client.post(LOGIN, {"login": email, "password": password}, **headers)


def signed_in(client):
    return "_auth_user_id" in client.session


def with_factor(person):
    auth.TOTP.activate(person, SECRET)
    return person


def code(step=0):
    counter = int(time.time()) // 30 + step
    return auth.format_hotp_value(auth.hotp_value(SECRET, counter))


def words(response):
    """Return a page without what differs from one rendering to the next."""
    text = response.content.decode()
    return re.sub(r'value="[^"]*"', "", text)


# ---- Password -------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("security_administrator", "/settings/users/"),
        ("auditor", "/settings/access-log/"),
        ("system_administrator", "/settings/outbox/"),
    ],
)
def test_each_role_begins_at_its_own_place(role, place):
    person, client = member(role), Client()

    response = sign_in(client, person.email.upper())

    assert response.headers["Location"] == "/start/"
    assert client.get("/start/").headers["Location"] == place


@pytest.mark.django_db
def test_refusals_do_not_say_whether_the_account_exists():
    known, closed = user(), user(is_active=False)

    pages = [
        sign_in(Client(), known.email, "wrong"),
        sign_in(Client(), closed.email),
        sign_in(Client(), "nobody@example.org"),
    ]

    texts = {words(page).replace(known.email, "").replace(closed.email, "") for page in pages}
    assert {page.status_code for page in pages} == {200}
    assert len(texts) == 1


@pytest.mark.django_db
def test_success_and_failure_are_logged_without_the_address_typed():
    person = user()

    sign_in(Client(), person.email, "wrong")
    sign_in(Client(), person.email)

    rows = list(AuditEntry.objects.order_by("seq").values_list("action", "result", "object_uid"))
    assert rows == [("sign_in.refused", "denied", person.uid), ("sign_in", "ok", person.uid)]
    assert AuditEntry.objects.get(action="sign_in").session_ref


@pytest.mark.django_db
def test_the_sixth_failure_waits():
    person = user()

    answers = [sign_in(Client(), person.email, "wrong").status_code for _try in range(6)]
    right = sign_in(Client(), person.email)

    assert answers == [200] * 5 + [429]
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) > 0


@pytest.mark.django_db
def test_success_does_not_use_the_budget_up():
    person = user()

    with_gaps = []
    for minute in range(8):
        with shifted(timedelta(minutes=minute)):
            with_gaps.append(sign_in(Client(), person.email).status_code)

    assert with_gaps == [302] * 8


@pytest.mark.django_db
def test_a_flood_from_elsewhere_does_not_lock_a_known_device():
    person, known = user(), Client()
    sign_in(known, person.email)
    known.post("/accounts/logout/")

    for minute in range(5):
        with shifted(timedelta(minutes=minute)):
            for number in range(5):
                sign_in(Client(), person.email, "wrong", REMOTE_ADDR=f"192.0.2.{minute}{number}")
    with shifted(timedelta(minutes=6)):
        stranger = sign_in(Client(), person.email, REMOTE_ADDR="192.0.2.99")
        owner = sign_in(known, person.email)

    assert stranger.status_code == 429
    assert owner.status_code == 302


@pytest.mark.django_db
def test_signing_in_takes_a_new_session_key():
    person, client = user(), Client()
    client.get(LOGIN)
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key

    sign_in(client, person.email)

    assert client.session.session_key != before


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_signing_in_leads_nowhere_else(target):
    person = user()

    response = Client().post(
        f"{LOGIN}?next={target}", {"login": person.email, "password": PASSWORD}
    )

    assert response.headers["Location"] == "/start/"


@pytest.mark.django_db
def test_signing_in_leads_back_to_the_page_asked_for():
    person = user()

    response = Client().post(
        f"{LOGIN}?next=/notices/", {"login": person.email, "password": PASSWORD}
    )

    assert response.headers["Location"] == "/notices/"


@pytest.mark.django_db
def test_nobody_signs_up_or_changes_the_address_alone():
    client = Client()
    client.post(
        "/accounts/signup/", {"email": "a@b.cn", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert not EmailAddress.objects.exists()
    assert client.get("/accounts/email/").status_code == 404


# ---- Second factor --------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_password_alone_does_not_open_an_account_with_a_second_factor():
    person, client = with_factor(user()), Client()

    response = sign_in(client, person.email)

    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert signed_in(client)


@pytest.mark.django_db
def test_a_code_is_good_once_even_for_another_process(settings):
    person, first, second = with_factor(user()), Client(), Client()
    for client in (first, second):
        sign_in(client, person.email)
    used = code()

    first.post("/accounts/2fa/authenticate/", {"code": used})
    # What another process would not find in its cache.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    second.post("/accounts/2fa/authenticate/", {"code": used})

    assert signed_in(first)
    assert not signed_in(second)
    assert UsedCode.objects.count() == 1


@pytest.mark.django_db
def test_codes_cannot_be_guessed():
    person, client = with_factor(user()), Client()
    sign_in(client, person.email)

    answers = [
        client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code
        for _try in range(6)
    ]

    assert answers == [200] * 5 + [429]
    assert AuditEntry.objects.filter(action="sign_in.code_refused", result="denied").count() == 5


@pytest.mark.django_db
def test_a_recovery_code_helps_once():
    person = with_factor(user())
    codes = RecoveryCodes.activate(person).get_unused_codes()

    opened = []
    for _try in range(2):
        client = Client()
        sign_in(client, person.email)
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        opened.append(signed_in(client))

    assert opened == [True, False]


@pytest.mark.django_db
def test_a_role_that_needs_it_is_sent_to_set_it_up(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    worker, editor = browser(member("worker")), browser(member("partner_editor"))

    page, profile = worker.get("/profile/"), editor.get("/profile/")
    api = worker.get("/api/v1/tokens")

    assert (page.status_code, page.headers["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert profile.status_code == 200
    assert (api.status_code, api.json()["code"]) == (403, "not_permitted")
    assert worker.get("/help/").status_code == 200


@pytest.mark.django_db
def test_the_strictest_profile_asks_everybody(settings):
    settings.SECOND_FACTOR_REQUIRED, settings.SECURITY_PROFILE = True, "dengbao3"

    assert browser(member("partner_editor")).get("/profile/").status_code == 302


@pytest.mark.django_db
def test_setting_it_up_opens_the_way_and_seals_the_secret(
    settings, django_capture_on_commit_callbacks
):
    settings.SECOND_FACTOR_REQUIRED = True
    person, client = member("worker"), Client()
    sign_in(client, person.email)
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    counter = int(time.time()) // 30
    right = auth.format_hotp_value(auth.hotp_value(secret, counter))

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/accounts/2fa/totp/activate/", {"code": right})

    kept = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert response.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    assert client.get("/profile/").status_code == 200
    assert kept.startswith("v1.")
    assert secret not in kept
    assert AuditEntry.objects.filter(action="user.second_factor").exists()


@pytest.mark.django_db
def test_a_session_left_open_cannot_set_up_a_factor_without_the_password():
    person, client = user(), Client()
    sign_in(client, person.email)
    client.get("/profile/")

    with shifted(timedelta(minutes=6)):
        response = client.get("/accounts/2fa/totp/activate/")

    assert response.headers["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.django_db
def test_a_role_that_needs_it_cannot_remove_it(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    person, client = with_factor(member("worker")), Client()
    sign_in(client, person.email)
    client.post("/accounts/2fa/authenticate/", {"code": code()})

    client.post("/accounts/2fa/totp/deactivate/", {})

    assert queries.has_second_factor(person)


# ---- Sessions -------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_idle_session_ends(settings):
    settings.IDLE_MINUTES = 15
    client = browser(user())
    client.get("/profile/")

    with shifted(timedelta(minutes=14)):
        still = client.get("/profile/").status_code
    with shifted(timedelta(minutes=30)):
        idle = client.get("/profile/")

    assert still == 200
    assert idle.headers["Location"].startswith(LOGIN)
    assert AuditEntry.objects.filter(action="sign_out").exists()


@pytest.mark.django_db
def test_a_session_ends_after_twelve_hours_of_work_as_well():
    client = browser(user())
    for minutes in range(0, 12 * 60, 10):
        with shifted(timedelta(minutes=minutes)):
            assert client.get("/profile/").status_code == 200

    with shifted(timedelta(hours=12, minutes=1)):
        assert client.get("/profile/").status_code == 302


@pytest.mark.django_db
def test_reading_pages_writes_the_session_once_a_minute_at_most():
    client = browser(user())
    client.get("/profile/")

    def seen():
        client.get("/profile/")
        return client.session["seen_at"]

    first = seen()
    with shifted(timedelta(seconds=30)):
        second = seen()
    with shifted(timedelta(seconds=61)):
        third = seen()

    assert first == second < third


@pytest.mark.django_db
def test_the_oldest_of_too_many_sessions_ends(settings):
    settings.SESSIONS_PER_USER = 2
    person, clients = user(), [Client() for _number in range(3)]

    for client in clients:
        sign_in(client, person.email)

    assert [client.get("/profile/").status_code for client in clients] == [302, 200, 200]
    assert UserSession.objects.filter(user=person).count() == 2


@pytest.mark.django_db
def test_closing_an_account_ends_sessions_and_tokens_with_the_next_request():
    boss, person = member("security_administrator"), member("auditor")
    client = browser(person)
    _token, text = operations.token.issue(by=person, name="x")
    headers = {"Authorization": f"Token {text}"}
    before = Client().get("/api/v1/sessions", headers=headers).status_code

    operations.user.disable(person, by=boss)

    assert before == 200
    assert client.get("/profile/").status_code == 302
    assert Client().get("/api/v1/sessions", headers=headers).status_code == 401


@pytest.mark.django_db
def test_signing_out_needs_a_post():
    client = browser(user())

    client.get("/accounts/logout/")
    still = signed_in(client)
    client.post("/accounts/logout/")

    assert still
    assert not signed_in(client)


@pytest.mark.django_db
def test_signing_out_empties_the_cache_of_the_browser():
    client = browser(user())

    assert client.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache"'


# ---- Forgotten password ---------------------------------------------------------------------
def _reset_link(person, client=None):
    (client or Client()).post("/accounts/password/reset/", {"email": person.email})
    return Message.objects.latest("pk").body["link"].removeprefix("http://127.0.0.1:8000")


def _open(client, link):
    """Follow the link as a browser does; the token leaves the address at once."""
    return client.get(client.get(link).headers.get("Location", link))


def _choose(client, link, password):
    path = client.get(link).headers["Location"]
    return client.post(path, {"password1": password, "password2": password})


@pytest.mark.django_db
def test_asking_for_a_new_password_does_not_say_whether_the_account_exists():
    person, client = user(), Client()

    known = client.post("/accounts/password/reset/", {"email": person.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]
    assert mail.outbox == []
    assert Message.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("known", [True, False])
def test_asking_again_and_again_waits_for_known_and_unknown_addresses_alike(known):
    email = user().email if known else "nobody@example.org"

    answers = [
        Client().post("/accounts/password/reset/", {"email": email}).status_code
        for _try in range(7)
    ]

    assert answers == [302] * 6 + [429]


@pytest.mark.django_db
def test_a_reset_link_works_once_and_ends_tokens():
    person = member("auditor")
    operations.token.issue(by=person, name="x")
    link = _reset_link(person)
    other = "quite another set of words"

    _choose(Client(), link, other)

    person.refresh_from_db()
    assert person.check_password(other)
    assert not Token.objects.exists()
    assert "not work any more" in _open(Client(HTTP_ACCEPT_LANGUAGE="en"), link).content.decode()


@pytest.mark.django_db
def test_a_reset_link_dies_with_a_change_of_password_and_after_an_hour():
    person = user()
    link, late = _reset_link(person), _reset_link(person)
    operations.user.set_password(person, "changed by somebody else", by=person)

    page = _open(Client(HTTP_ACCEPT_LANGUAGE="en"), link)

    assert "not work any more" in page.content.decode()
    assert late


@pytest.mark.django_db
def test_a_reset_does_not_pass_the_second_factor_by():
    person, client = with_factor(user()), Client()

    _choose(client, _reset_link(person), "quite another set of words")

    assert not signed_in(client)
    assert sign_in(client, person.email, "quite another set of words").headers["Location"] == (
        "/accounts/2fa/authenticate/"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["short", "password1234", "person@example.org"])
def test_a_weak_password_is_refused(weak):
    person = user(email="person@example.org")

    _choose(Client(), _reset_link(person), weak)

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.django_db
def test_the_last_five_passwords_do_not_come_back():
    person, used = user(), [f"a row of words, number {n}" for n in range(6)]
    for password in used:
        operations.user.set_password(person, password, by=person)
    link = _reset_link(person)

    _choose(Client(), link, used[1])
    person.refresh_from_db()
    refused = person.check_password(used[-1])
    _choose(Client(), link, used[0])
    person.refresh_from_db()

    assert refused
    assert person.check_password(used[0])
    assert person.old_passwords.count() == 5


# ---- The admin door -------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_admin_has_no_sign_in_of_its_own():
    response = Client().get("/admin/login/?next=/admin/")

    assert response.headers["Location"].startswith(LOGIN)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/accounts/jobstate/", 200),
        ("/admin/accounts/jobstate/add/", 403),
        ("/admin/accounts/token/", 404),
        ("/admin/accounts/user/", 404),
        ("/admin/mfa/authenticator/", 403),
        ("/admin/account/emailaddress/add/", 403),
    ],
)
def test_the_admin_shows_how_jobs_are_and_nothing_that_signs_in(path, status):
    assert browser(member("system_administrator")).get(path).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["worker", "security_administrator", "auditor"])
def test_the_admin_is_for_the_system_administrator(role):
    assert browser(member(role)).get("/admin/", follow=True).status_code == 403


@pytest.mark.django_db
def test_the_database_holds_no_password_and_no_secret_in_the_clear():
    with_factor(user())

    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        assert SECRET not in str(cursor.fetchall())


@pytest.mark.django_db
def test_a_member_of_one_organization_only_is_named_with_it_in_the_log():
    here = organization()
    person = member("worker", here)

    sign_in(Client(), person.email)

    assert AuditEntry.objects.get(action="sign_in").actor_org == here.uid
