"""Accounts of people: invited, closed, opened again; nobody signs up alone."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import OldPassword, Token, User
from accounts.operations import message, session
from accounts.operations.audit import audited
from accounts.permissions import Permission
from accounts.queries import invitation
from core.errors import Conflict

PASSWORDS_KEPT = 5


def invite(*, by: User, email: str, name: str, language: str = "") -> User:
    """Open an account without a password; a link lets its owner choose one."""
    by.must(Permission.USER_MANAGE)
    with audited(by=by, action="user.invite") as record:
        user = User(email=email.lower(), name=name, language=language)
        user.set_unusable_password()
        user.save()
        # The link reaches the address, so whoever follows it has proved that it is theirs.
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        record.on = user
        _send_invitation(user)
    return user


def invite_again(user: User, *, by: User) -> None:
    """Send a fresh link to somebody who has not chosen a password; the old one is void."""
    by.must(Permission.USER_MANAGE)
    if user.has_usable_password():
        raise Conflict(_("This person has signed in already and can ask for a new password."))
    with audited(by=by, action="user.invite", on=user):
        user.set_unusable_password()
        user.save(update_fields=["password", "updated_at"])
        _send_invitation(user)


def set_password(user: User, password: str, *, by: User) -> None:
    """Change how somebody signs in; what was signed in by the old password ends."""
    with audited(by=by, action="user.password", on=user):
        user.set_password(password)
        user.save(update_fields=["password", "updated_at"])
        OldPassword.objects.create(user=user, password=user.password)
        newest = user.old_passwords.order_by("-pk").values_list("pk", flat=True)
        user.old_passwords.exclude(pk__in=list(newest[:PASSWORDS_KEPT])).delete()
        Token.objects.filter(user=user).delete()


def change_profile(user: User, *, by: User, name: str, single_keys: bool) -> None:
    """Change what a person decides about the own account."""
    with audited(by=by, action="user.profile", on=user):
        user.name, user.single_keys = name, single_keys
        user.save(update_fields=["name", "single_keys", "updated_at"])


def disable(user: User, *, by: User) -> None:
    """Close an account: its sessions and tokens end with the next request, its rows stay."""
    by.must(Permission.USER_MANAGE)
    if user == by:
        raise Conflict(_("You cannot close your own account."))
    with audited(by=by, action="user.disable", on=user):
        user.is_active = False
        user.save(update_fields=["is_active", "updated_at"])
        session.end_all(user, by=by)


def enable(user: User, *, by: User) -> None:
    """Open a closed account again, with the memberships it still has."""
    by.must(Permission.USER_MANAGE)
    with audited(by=by, action="user.enable", on=user):
        user.is_active = True
        user.save(update_fields=["is_active", "updated_at"])


def reset_second_factor(user: User, *, by: User) -> None:
    """Remove a lost second factor; the next sign-in asks to set up a new one."""
    by.must(Permission.USER_MANAGE)
    with audited(by=by, action="user.reset_second_factor", on=user):
        Authenticator.objects.filter(user=user).delete()
        session.end_all(user, by=by)


def _send_invitation(user: User) -> None:
    token = invitation(user)
    message.queue(
        f"invitation:{token[-16:]}",
        to=f"mailto:{user.email}",
        template="account.invited",
        link=reverse("accounts:invitation_enter", args=[token]),
        language=user.language,
    )
