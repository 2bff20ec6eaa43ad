"""Every refusal of an endpoint as a problem document, and the same in the API's schema."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import DomainError, NotFound, NotPermitted, as_domain_error

# How the framework's own refusals are called in a problem document.
CODES: dict[type[exceptions.APIException], str] = {
    exceptions.ValidationError: "invalid",
    exceptions.ParseError: "malformed",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.PermissionDenied: "not_permitted",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "rate_limited",
}


def problem(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an exception with a problem document; a fault of ours goes on to `broken`."""
    error = _as_error(exc)
    if error is None:
        return None
    request: Request = context["request"]
    body = error.document(getattr(request, "request_id", ""))
    response = Response(body, error.status, content_type="application/problem+json")
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if challenge := getattr(exc, "auth_header", ""):
        response.headers["WWW-Authenticate"] = challenge
    return response


def _as_error(exc: Exception) -> DomainError | None:
    if isinstance(exc, Http404):
        return NotFound()
    if isinstance(exc, PermissionDenied):
        return NotPermitted()
    if not isinstance(exc, exceptions.APIException):
        return as_domain_error(exc)
    kind = next((code for cls, code in CODES.items() if isinstance(exc, cls)), "refused")
    refusal = _refusal(kind, exc.status_code)
    if isinstance(exc, exceptions.ValidationError):
        return refusal(_("Some fields need correction."), errors=list(_places(exc.detail, "")))
    error = refusal(exc.detail)
    wait = getattr(exc, "wait", None)
    if wait is not None:
        error.retry_after = math.ceil(wait)
    return error


def _refusal(code: str, status: int) -> type[DomainError]:
    return type("Refusal", (DomainError,), {"code": code, "status": status})


def _places(detail: Any, pointer: str) -> Iterator[dict[str, object]]:
    """Yield every message of a nested validation error with a pointer into the body."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else f"/{name}"
            yield from _places(inner, pointer + step)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _places(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": detail}


PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "additionalProperties": {}}},
        "request_id": {"type": "string"},
    },
}
PROBLEM_ANSWERS = {
    "400": "The request cannot be read, or names something unknown.",
    "401": "Sign in.",
    "403": "Visible, but not yours to do.",
    "404": "Nothing that you may see.",
    "405": "The resource does not know this method.",
    "406": "There is no such representation.",
    "409": "Stale version or illegal state.",
    "415": "The body must be JSON.",
    "422": "A rule refuses.",
    "428": "If-Match is missing.",
    "429": "Too many requests.",
    "503": "Busy or unavailable; try again.",
}


def document_problems(
    result: dict[str, Any],
    generator: object,  # noqa: ARG001  # a hook of drf-spectacular is called with all four
    request: object,  # noqa: ARG001
    public: object,  # noqa: ARG001
) -> dict[str, Any]:
    """Add to every operation of the schema the problem documents it may answer with."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for name, operation in operations.items():
            if name in {"get", "post", "put", "patch", "delete"}:
                for status, meaning in PROBLEM_ANSWERS.items():
                    answer = {"description": meaning, "content": content}
                    operation["responses"].setdefault(status, answer)
    return result
