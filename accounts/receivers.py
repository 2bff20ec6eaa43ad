"""What allauth tells us goes into the access log."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa import signals as second_factor
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import Result, User
from accounts.operations import audited, session


@receiver(user_logged_in)
def signed_in(sender: object, request: HttpRequest, user: User, **context: Any) -> None:
    """Log the sign-in, and end the oldest sessions of somebody who has too many."""
    with audited(by=user, action="sign_in", on=user):
        UserSession.objects.create_from_request(request)
        session.keep_newest(user, by=user, most=settings.SESSIONS_PER_USER)


@receiver(user_logged_out)
def signed_out(sender: object, request: HttpRequest, user: User | None, **context: Any) -> None:
    """Log the sign-out."""
    if user is not None:
        with audited(by=user, action="sign_out", on=user):
            pass


@receiver(second_factor.authentication_failed)
def code_refused(sender: object, user: User, **context: Any) -> None:
    """Log a wrong one-time code."""
    with audited(by=user, action="sign_in.code_refused", on=user) as record:
        record.result = Result.DENIED


@receiver(second_factor.authenticator_added)
@receiver(second_factor.authenticator_removed)
@receiver(second_factor.authenticator_reset)
def factor_changed(sender: object, user: User, authenticator: Any, **context: Any) -> None:
    """Log that a second factor was set up, removed or renewed."""
    with audited(by=user, action="user.second_factor", on=user, kind=authenticator.type):
        pass
