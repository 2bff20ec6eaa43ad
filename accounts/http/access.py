"""Every request of somebody: idle sign-out, second factor, and a log of what was refused."""

import contextlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import queries
from accounts.models import User
from accounts.operations import audit
from core.api import client_ip
from core.errors import NotPermitted
from core.jobs import now
from core.middleware.problems import answer
from core.middleware.requests import is_api, route

# What somebody needs who has yet to set up a second factor.
SETTING_UP = {
    "mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "account_logout", "account_reauthenticate", "mfa_reauthenticate",
}  # fmt: skip
TOUCH_EVERY = 60


class AccessMiddleware:
    """Keeps sessions short, asks for the second factor, tells the access log who was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand inside the session, outside the view."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the access log know session and address while the request runs."""
        _end_if_idle(request)
        with audit.origin(lambda: request.session.session_key or "", client_ip(request)):
            response = self.get_response(request)
            _log_refusal(request, response)
        if route(request) == "account_logout" and request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> HttpResponse | None:
        """Send people whose role needs a second factor to set it up first."""
        behind_sign_in = is_api(request) or getattr(view, "login_required", True)
        if not behind_sign_in or route(request) in SETTING_UP or not _lacks_factor(request):
            return None
        if is_api(request):
            return answer(request, NotPermitted(_("Set up your second factor first.")))
        messages.info(request, _("Your role requires a second factor. Set it up now."))
        return redirect("mfa_activate_totp")


def _end_if_idle(request: HttpRequest) -> None:
    if not request.user.is_authenticated:
        return
    session, at = request.session, now().timestamp()
    idle = at - session.get("seen_at", at)
    whole = at - session.setdefault("signed_in_at", at)
    if idle > settings.IDLE_MINUTES * 60 or whole > settings.SESSION_COOKIE_AGE:
        logout(request)
        messages.info(request, _("You were signed out because nothing happened for a while."))
    elif idle >= TOUCH_EVERY or "seen_at" not in session:
        # Not with every request: reading a page should write nothing.
        session["seen_at"] = at


def _lacks_factor(request: HttpRequest) -> bool:
    user, session = request.user, request.session
    if not isinstance(user, User) or session.get("has_second_factor"):
        return False
    if not user.needs_second_factor:
        return False
    session["has_second_factor"] = queries.has_second_factor(user)
    return not session["has_second_factor"]


def _named(request: HttpRequest) -> UUID | None:
    """Return the thing that the address names, if it names one."""
    match = request.resolver_match
    for value in match.kwargs.values() if match else ():
        with contextlib.suppress(ValueError):
            return UUID(str(value))
    return None


def _log_refusal(request: HttpRequest, response: HttpResponseBase) -> None:
    """Log 403, and 404 where somebody named a thing: it may be one that others may see."""
    uid = _named(request)
    hidden = response.status_code == 404 and request.user.is_authenticated and uid is not None
    if response.status_code == 403 or hidden:
        audit.refused(
            by=queries.actor(request.user), at=route(request), code=response.status_code, uid=uid
        )
