"""The id of a request, the headers of its answer, and its one line in the log."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from structlog.contextvars import bound_contextvars

from core.crypto import keys_in_use

log = logging.getLogger("linkwell.request")

Next = Callable[[HttpRequest], HttpResponseBase]

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
API = ("/api/", "/hsds/")
PERMISSIONS_POLICY = "geolocation=(self), camera=(), microphone=(), payment=()"


def is_api(request: HttpRequest) -> bool:
    """Say whether a program reads the answer, so that errors are problem documents."""
    return request.path.startswith(API)


def route(request: HttpRequest) -> str:
    """Return the name of the route: a path may hold a token, a name never does."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else "unknown"


class RequestMiddleware:
    """Gives the request its id, the answer its headers, the log its line."""

    def __init__(self, get_response: Next) -> None:
        """Stand outermost, so that refused requests and static files pass here too."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; data keys that were unwrapped meanwhile are forgotten."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # read by error pages
        started = time.perf_counter()
        with bound_contextvars(request_id=request_id), keys_in_use():
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            add_headers(request, response)
            if request.resolver_match or response.status_code >= 400:
                write_line(request, response, time.perf_counter() - started)
        return response


def write_line(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """Log who used which route with what result; never a path, query, body or header."""
    log.info(
        "request",
        extra={
            "route": route(request),
            "method": request.method,
            "status": response.status_code,
            "ms": round(seconds * 1000),
            "user_id": getattr(getattr(request, "user", None), "pk", None),
        },
    )


def add_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    """Add what Django's security middleware and the content policy do not cover."""
    headers = response.headers
    headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    # Django's own middleware stands behind the static files.
    headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
    match = request.resolver_match
    # Only where no form can stand: without a referrer browsers send forms with "Origin: null".
    if match and "token" in match.kwargs:
        headers["Referrer-Policy"] = "no-referrer"
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        headers["Cache-Control"] = "no-store"
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
    elif is_api(request):
        headers.setdefault("Cache-Control", "no-store")
