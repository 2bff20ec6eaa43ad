"""The same request sent twice acts once: for endpoints and for the forms of pages."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from accounts.errors import IdempotencyKeyMissing
from accounts.models import User
from accounts.operations import audit, idempotency
from accounts.operations.idempotency import Outcome
from core.api import client_ip
from core.crypto import hmac_ref
from core.middleware.requests import route
from core.safeguards import safeguard

View = TypeVar("View", bound=Callable[..., Any])
KEY = re.compile(r"[\x20-\x7e]{1,255}")
NOT_CONTENT = {"csrfmiddlewaretoken", "idempotency_key"}


def idempotent(view: View) -> View:
    """Act once per key; a second sending gets the first answer, byte for byte.

    Only an act that was committed is kept: a form with mistakes or a refusal leaves the key free,
    so that a corrected second try works. Wraps a function view, a method of a page, or an action.
    """

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> HttpResponseBase:
        request = next(arg for arg in args if isinstance(arg, HttpRequest | Request))
        page = args[0] if args[0] is not request else None
        if not safeguard("idempotency" if isinstance(request, Request) else "form_key"):
            return cast(HttpResponseBase, view(*args, **kwargs))
        with transaction.atomic(), audit.watched() as acts:
            row = idempotency.begin(
                principal=_principal(request),
                endpoint=route(request),
                key=_key(request),
                fingerprint=_fingerprint(request),
            )
            if first := idempotency.stored(row):
                _check_again(page)
                return _replayed(first)
            response = _rendered(page, request, view(*args, **kwargs))
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif acts:
                clients = [act.client_ref for act in acts if act.client_ref]
                idempotency.finish(row, _outcome(response), client_ref="".join(clients[:1]))
            else:
                idempotency.release(row)
        return response

    return cast(View, once)


def _key(request: HttpRequest | Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if isinstance(request, HttpRequest):
        key = key or request.POST.get("idempotency_key", "")
    if not KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    return key


def _principal(request: HttpRequest | Request) -> str:
    """Name whose key it is: a person, else a browser; nobody replays another's answer."""
    if isinstance(request.user, User):
        return str(request.user.uid)
    return hmac_ref("visitor", request.META.get("CSRF_COOKIE") or client_ip(request))


def _fingerprint(request: HttpRequest | Request) -> str:
    if isinstance(request, Request):
        content: object = request.data
    else:
        fields = sorted(item for item in request.POST.lists() if item[0] not in NOT_CONTENT)
        content = [fields, [(name, _digest(file)) for name, file in sorted(request.FILES.items())]]
    canonical = json.dumps(content, sort_keys=True, default=str)
    text = f"{request.method} {request.get_full_path()}\n{canonical}"
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(file: Any) -> str:
    digest = hashlib.file_digest(file.file, "sha256").hexdigest()
    file.seek(0)
    return digest


def _check_again(page: Any) -> None:
    """Look up the object as its reader again: a replay must not outlive the right to see it."""
    if page is not None and page.kwargs and hasattr(page, "get_object"):
        page.get_object()


def _rendered(page: Any, request: HttpRequest | Request, response: Any) -> HttpResponse:
    if isinstance(request, Request):
        response = page.finalize_response(request, response, *page.args, **page.kwargs)
    if hasattr(response, "render") and not response.is_rendered:
        response.render()
    return cast(HttpResponse, response)


def _outcome(response: HttpResponse) -> Outcome:
    return Outcome(response.status_code, dict(response.headers), response.content)


def _replayed(first: Outcome) -> HttpResponse:
    headers = first.headers | {"Idempotency-Replayed": "true"}
    return HttpResponse(first.body, status=first.status, headers=headers)
