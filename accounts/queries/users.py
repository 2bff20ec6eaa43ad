"""Who there is."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Prefetch, Q, QuerySet

from accounts.models import GUEST, SYSTEM, Membership, User


def system() -> User:
    """Return the built-in user as which the scheduler acts; it sees every row."""
    return User.objects.get(uid=SYSTEM)


def guest() -> User:
    """Return the built-in user as which the holder of a secret link acts; it sees no row."""
    return User.objects.get(uid=GUEST)


def actor(user: User | AnonymousUser) -> User:
    """Return who acts in a request: the signed-in user, else the guest."""
    return user if isinstance(user, User) else guest()


def people() -> QuerySet[User]:
    """Return all accounts of persons by name, with what they hold and when they last came."""
    current = Membership.objects.current().select_related("organization").order_by("role")
    return (
        User.objects.exclude(uid__in=[SYSTEM, GUEST])
        .prefetch_related(Prefetch("memberships", current, to_attr="current_memberships"))
        .annotate(has_second_factor=Count("authenticator", filter=Q(authenticator__type="totp")))
        .order_by("name", "pk")
    )
