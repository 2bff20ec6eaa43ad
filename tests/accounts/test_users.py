from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import operations, queries
from accounts.models import AuditEntry, Membership, Message, User
from accounts.permissions import Permission
from core.errors import Conflict, NotPermitted
from core.jobs import shifted
from tests.factories.accounts import PASSWORD, browser, member, organization, user

NEW = "another row of words"


@pytest.fixture
def boss(db):
    return member("security_administrator", name="Boss", language="en")


def form(**values):
    return {"idempotency_key": "k1"} | values


def link():
    return Message.objects.latest("pk").body["link"]


def accept(client, path, password=NEW):
    client.get(path)
    return client.post("/invitation/", form(password1=password, password2=password))


def test_an_invited_person_chooses_a_password_and_signs_in(boss):
    client = browser(boss)
    client.post(
        "/settings/users/new/", form(name="Wang", email="WANG@example.org", language="zh-hans")
    )
    wang, guest = User.objects.get(email="wang@example.org"), Client()

    before = wang.has_usable_password()
    answer = accept(guest, link())
    signed = guest.post("/accounts/login/", {"login": wang.email, "password": NEW})

    assert not before
    assert answer.headers["Location"] == "/accounts/login/"
    assert signed.headers["Location"] == "/start/"
    assert Message.objects.get(template="account.invited").recipient is None


def test_opening_an_invitation_changes_nothing_and_hides_the_token(boss):
    operations.user.invite(by=boss, email="a@example.org", name="A")
    client = Client()

    first = client.get(link())
    page = client.get("/invitation/")

    assert first.headers["Location"] == "/invitation/"
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert page.status_code == 200
    assert not User.objects.get(email="a@example.org").has_usable_password()


def test_an_invitation_works_once_and_for_seven_days(boss):
    operations.user.invite(by=boss, email="a@example.org", name="A")
    path = link()

    with shifted(timedelta(0)):
        accept(Client(), path)
    again = Client()
    again.get(path)

    assert again.get("/invitation/").status_code == 404


def test_a_fresh_invitation_voids_the_old_one(boss):
    person = operations.user.invite(by=boss, email="a@example.org", name="A")
    old = link()

    operations.user.invite_again(person, by=boss)

    assert accept(Client(), old).status_code == 404
    assert accept(Client(), link()).status_code == 302
    person.refresh_from_db()
    with pytest.raises(Conflict):
        operations.user.invite_again(person, by=boss)


@pytest.mark.parametrize("token", ["x", "a:b:c", ""])
def test_a_made_up_invitation_opens_nothing(db, token):
    client = Client()
    client.get(f"/invitation/{token}/")

    assert client.get("/invitation/").status_code == 404


def test_a_weak_first_password_is_refused(boss):
    operations.user.invite(by=boss, email="a@example.org", name="A")

    page = accept(Client(), link(), "password")

    assert page.status_code == 200
    assert not User.objects.get(email="a@example.org").has_usable_password()


def test_two_accounts_cannot_share_an_address(boss):
    user(email="a@example.org")

    page = browser(boss).post(
        "/settings/users/new/", form(name="B", email="A@example.org", language="en")
    )

    assert page.status_code == 200
    assert User.objects.filter(email="a@example.org").count() == 1


def test_a_role_is_given_and_ended_on_the_page(boss):
    person, here, client = user(), organization(), browser(boss)

    client.post(f"/settings/users/{person.uid}/", form(role="worker", organization=here.pk))
    held = Membership.objects.get(user=person)
    question = client.get(f"/settings/roles/{held.uid}/end/")
    client.post(f"/settings/roles/{held.uid}/end/", form())

    assert question.status_code == 200
    assert not person.memberships.current().exists()
    actions = AuditEntry.objects.filter(object_uid=person.uid).values_list("action", flat=True)
    assert list(actions.order_by("seq")) == ["role.grant", "role.end"]


@pytest.mark.parametrize(
    ("role", "has_organization"), [("worker", False), ("auditor", True), ("nobody", False)]
)
def test_a_role_that_does_not_fit_is_explained(boss, role, has_organization):
    person = user()
    values = {"organization": organization().pk} if has_organization else {}

    page = browser(boss).post(f"/settings/users/{person.uid}/", form(role=role, **values))

    assert page.status_code == 422
    assert not person.memberships.exists()


def test_an_account_is_closed_and_opened_again(boss):
    person, client = user(), browser(boss)
    path = f"/settings/users/{person.uid}"

    question = client.get(f"{path}/disable/")
    client.post(f"{path}/disable/", form())
    closed = Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post(f"{path}/enable/", form(idempotency_key="k2"))
    opened = Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    assert question.status_code == 200
    assert (closed.status_code, opened.status_code) == (200, 302)


def test_what_does_not_apply_has_no_page(boss):
    person, client = user(), browser(boss)

    for act in ("enable", "invite-again", "reset-second-factor", "unheard-of"):
        assert client.get(f"/settings/users/{person.uid}/{act}/").status_code == 404


def test_nobody_closes_the_own_account(boss):
    with pytest.raises(Conflict):
        operations.user.disable(boss, by=boss)


def test_a_lost_second_factor_is_removed(boss):
    person = user()
    auth.TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")

    browser(boss).post(f"/settings/users/{person.uid}/reset-second-factor/", form())

    assert not queries.has_second_factor(person)


def test_the_built_in_actors_are_not_on_the_list(boss):
    client = browser(boss)

    page = client.get("/settings/users/").content.decode()

    assert "linkwell.invalid" not in page
    assert client.get(f"/settings/users/{queries.system().uid}/").status_code == 404


def test_the_list_is_narrowed_by_name_role_and_state(boss):
    member("auditor", name="Anna Audit")
    user(name="Karl Closed", is_active=False)
    client = browser(boss)

    def names(query):
        return {
            person.name for person in client.get(f"/settings/users/?{query}").context["object_list"]
        }

    assert names("q=anna") == {"Anna Audit"}
    assert names("role=auditor") == {"Anna Audit"}
    assert names("active=False") == {"Karl Closed"}
    assert names("active=True") == {"Anna Audit", "Boss"}


@pytest.mark.parametrize("role", ["worker", "system_administrator", "auditor", "coordinator"])
@pytest.mark.parametrize("path", ["/settings/users/", "/settings/users/new/"])
def test_user_pages_are_for_the_security_administrator(db, role, path):
    assert browser(member(role)).get(path).status_code == 403
    assert AuditEntry.objects.filter(action="access.refused", result="denied").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["invite_again", "disable", "enable", "reset_second_factor"])
def test_operations_ask_again(name):
    act, person, by = getattr(operations.user, name), user(), member("worker")

    with pytest.raises(NotPermitted):
        act(person, by=by)
    with pytest.raises(NotPermitted):
        operations.user.invite(by=by, email="a@b.cn", name="A")


@pytest.mark.django_db
def test_the_first_administrator_is_invited_from_the_command_line(capsys):
    call_command("invite_user", "first@example.org", "First")
    path = capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:8000")

    answer = accept(Client(), path)

    first = User.objects.get(email="first@example.org")
    assert answer.status_code == 302
    assert first.may(Permission.USER_MANAGE)
    with pytest.raises(CommandError):
        call_command("invite_user", "first@example.org", "First")
