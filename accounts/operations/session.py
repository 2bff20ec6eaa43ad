"""Where somebody is signed in: browsers and programs."""

from allauth.usersessions.models import UserSession

from accounts.models import Token, User
from accounts.operations.audit import audited


def end(session: UserSession, *, by: User) -> None:
    """Sign one browser out."""
    with audited(by=by, action="session.end", on=session.user):
        session.end()


def end_all(user: User, *, by: User) -> None:
    """Sign a person out everywhere, programs included."""
    with audited(by=by, action="session.end_all", on=user):
        for session in UserSession.objects.filter(user=user):
            session.end()
        Token.objects.filter(user=user).delete()


def keep_newest(user: User, *, by: User, most: int) -> None:
    """Sign the oldest browsers out when somebody is signed in at too many."""
    for session in UserSession.objects.filter(user=user).order_by("-created_at", "-pk")[most:]:
        end(session, by=by)
