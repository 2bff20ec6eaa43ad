"""The language of an answer: ?lang=, then the user's, the cookie's, the browser's, zh-Hans."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.middleware.requests import Next, is_api


class LanguageMiddleware:
    """Chooses the language and tells caches what it depends on."""

    def __init__(self, get_response: Next) -> None:
        """Stand between sessions and sign-in, so that errors on the way are translated too."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Use what the address, the cookie or the browser asks for; a link's choice stays."""
        asked = supported(request.GET.get("lang", ""))
        use(request, asked or translation.get_language_from_request(request))
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if asked and not is_api(request):
            remember_language(response, asked)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Prefer what the signed-in user chose, who is known only now."""
        chosen = supported(getattr(request.user, "language", ""))
        if chosen and not supported(request.GET.get("lang", "")):
            use(request, chosen)


def use(request: HttpRequest, language: str) -> None:
    """Translate everything from here on."""
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language()


def supported(tag: str) -> str:
    """Return the language of ours that a tag means (zh, zh-CN, en-GB …), or nothing."""
    try:
        return translation.get_supported_language_variant(tag) if tag else ""
    except LookupError:
        return ""


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Keep a visitor's language for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
