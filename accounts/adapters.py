"""Where allauth asks us: who may try to sign in, how mail leaves, how secrets are kept."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.models import Result, User
from accounts.operations import audited, limits, message
from accounts.operations import user as users
from core import crypto
from core.api import client_ip
from core.jobs import now

DEVICE = "device"
FRESH = timedelta(minutes=5)
DEVICE_DAYS = timedelta(days=90)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by invitation, counted exactly; every mail is a queued message."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("This is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: the security administrator invites."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Believe forwarded headers only where the installation says so."""
        return client_ip(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password; each try counts as a failure until it has succeeded."""
        email = str(credentials.get("email", "")).lower()
        budgets = _budgets(request, email)
        for budget, key in budgets.items():
            limits.hit(budget, key)
        user = super().authenticate(request, **credentials)
        if not isinstance(user, User) or not user.is_active:
            _log_failure(email)
            return None
        for budget in budgets.keys() & {"sign_in_failures", "sign_in_unknown_device"}:
            limits.give_back(budget, budgets[budget])
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave allauth's own counting aside: it is neither exact nor shared by processes."""

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask "is it still you" before factors change, except just after signing in."""
        signed_in_at = self.request.session.get("signed_in_at", 0)
        return now().timestamp() - float(signed_in_at) > FRESH.total_seconds()

    def reauthenticate(self, user: User, password: str) -> bool:
        """Ask for the password again, under the same limits."""
        return self.authenticate(self.request, email=user.email, password=password) == user

    def set_password(self, user: User, password: str) -> None:
        """Change the password through the operation, so that tokens end and the log knows."""
        users.set_password(user, password, by=user)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Queue the link; the worker sends it, so that the answer takes as long as for nobody."""
        message.queue(
            f"password_reset:{context['key'][-32:]}",
            to=f"mailto:{user.email}",
            template="account.password_reset",
            link=context["password_reset_url"],
            language=user.language,
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the path alone: the message adds the installation's address, not the host's."""
        return str(urlsplit(super().get_reset_password_from_key_url(key)).path)

    def send_notification_mail(
        self, template_prefix: str, user: User, *_arguments: Any, **_context: Any
    ) -> None:
        """Tell a person that the way of signing in was changed, whatever it was exactly."""
        message.queue(
            f"account.changed:{user.uid}:{now():%Y%m%d%H%M}",
            to=user,
            template="account.changed",
            time=date_format(localtime(now()), "DATETIME_FORMAT"),
        )

    def post_login(self, request: HttpRequest, user: User, **context: Any) -> HttpResponse:
        """Mark the browser in which somebody signed in fully: floods from elsewhere pass it by."""
        response: HttpResponse = super().post_login(request, user, **context)
        response.set_signed_cookie(
            DEVICE,
            crypto.hmac_ref("device", user.email),
            max_age=DEVICE_DAYS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def add_message(self, request: HttpRequest, level: int, *arguments: Any, **kwargs: Any) -> None:
        """Say nothing where the next page shows it: that somebody is now signed in or out."""
        if "logged_" not in str((*arguments, kwargs.get("message_template"))):
            super().add_message(request, level, *arguments, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secret of an authenticator app sealed, and the factor where a role needs it."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right, or was used before. Wait for the next one."),
        "cannot_delete_authenticator": _("Your role requires the second factor."),
    }

    def encrypt(self, text: str) -> str:
        """Seal with the installation's key."""
        return crypto.seal_with_ring(text.encode(), b"second factor")

    def decrypt(self, encrypted_text: str) -> str:
        """Open what was sealed."""
        return crypto.open_with_ring(encrypted_text, b"second factor").decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to switch it off where a role asks for it."""
        return not authenticator.user.needs_second_factor


class NotUsedBefore:
    """A password validator: the last five do not come back."""

    def validate(self, password: str, user: Any = None) -> None:
        """Compare with the hashes of the person who changes the password."""
        if user is not None and user.pk:
            for old in user.old_passwords.all():
                if check_password(password, old.password):
                    raise ValidationError(_("You have used this password before."), "used_before")

    def get_help_text(self) -> str:
        """Say the rule."""
        return gettext("It is none of your last five passwords.")


def _budgets(request: HttpRequest, email: str) -> dict[str, str]:
    address = client_ip(request)
    budgets = {
        "sign_in_address": address,
        "sign_in_account": email,
        "sign_in_failures": f"{email} {address}",
    }
    device = request.get_signed_cookie(DEVICE, default="", max_age=DEVICE_DAYS)
    if device != crypto.hmac_ref("device", email):
        budgets["sign_in_unknown_device"] = email
    return budgets


def _log_failure(email: str) -> None:
    person = User.objects.filter(email=email).first()
    with audited(by=queries.guest(), action="sign_in.refused", on=person) as record:
        record.result = Result.DENIED
        record.meta["account"] = crypto.hmac_ref("account", email)
