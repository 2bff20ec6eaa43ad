"""Who there is."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import GUEST, SYSTEM, Membership, User
from accounts.permissions import GRANTS, Permission
from core.crypto import hmac_ref

INVITATION = "invitation"
INVITATION_DAYS = timedelta(days=7)


def system() -> User:
    """Return the built-in user as which the scheduler acts; it sees every row."""
    return User.objects.get(uid=SYSTEM)


def guest() -> User:
    """Return the built-in user as which the holder of a secret link acts; it sees no row."""
    return User.objects.get(uid=GUEST)


def actor(user: User | AnonymousUser) -> User:
    """Return who acts in a request: the signed-in user, else the guest."""
    return user if isinstance(user, User) else guest()


def has_second_factor(user: User) -> bool:
    """Say whether a person has set up an authenticator app."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def people() -> QuerySet[User]:
    """Return all accounts of persons by name, with what they hold and when they last came."""
    current = Membership.objects.current().select_related("organization").order_by("role")
    return (
        User.objects.exclude(uid__in=[SYSTEM, GUEST])
        .prefetch_related(Prefetch("memberships", current, to_attr="current_memberships"))
        .annotate(has_second_factor=Count("authenticator", filter=Q(authenticator__type="totp")))
        .order_by("name", "pk")
    )


def holding(permission: Permission) -> QuerySet[User]:
    """Return the active people who hold a permission, anywhere, oldest account first."""
    roles = [role for role, granted in GRANTS.items() if permission in granted]
    held = Membership.objects.current().filter(role__in=roles)
    return User.objects.filter(is_active=True, memberships__in=held).distinct().order_by("pk")


def invitation(user: User) -> str:
    """Return the token of an invitation; a chosen password or a fresh invitation voids it."""
    return signing.dumps({"user": str(user.uid), "state": _state(user)}, salt=INVITATION)


def invited(token: str) -> User | None:
    """Return whom a token invites, if it is fresh, unused and the account is open."""
    try:
        known = signing.loads(token, salt=INVITATION, max_age=INVITATION_DAYS)
    except signing.BadSignature:
        return None
    user = User.objects.filter(uid=known["user"], is_active=True).first()
    return user if user and known["state"] == _state(user) else None


def _state(user: User) -> str:
    return hmac_ref("invitation", f"{user.email} {user.password}")
