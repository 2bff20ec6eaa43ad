"""Help, display settings, system status, and the pages for what went wrong."""

import tomllib
from datetime import timedelta
from functools import cache
from typing import Any

import django
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import TemplateView

from core.errors import Broken, Malformed, NotFound, NotPermitted
from core.jobs import State, readings
from core.middleware.language import remember_language, supported
from core.middleware.problems import answer

DISPLAY_COOKIE = "display"
THEMES = [("auto", _("Like the device")), ("light", _("Light")), ("dark", _("Dark"))]
TEXT_SIZES = [(100, _("Normal")), (125, _("Large")), (150, _("Very large"))]
# On top of every public page, so that nobody in danger has to search.
CRISIS_LINES = {
    "CN": [
        ("110", _("Police")),
        ("120", _("Ambulance")),
        ("12345", _("Government services")),
        ("12348", _("Legal aid")),
        ("12356", _("Mental health")),
    ],
    "US": [("911", _("Emergency")), ("988", _("Mental health")), ("211", _("Help near you"))],
}


# ---- What every page needs ------------------------------------------------------------------
@cache
def version() -> str:
    """Return the version of the product, which pyproject.toml alone holds."""
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def display_of(request: HttpRequest) -> dict[str, Any]:
    """Return how the reader wants pages to look: the user's choice, else the cookie's."""
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return {name: getattr(user, name) for name in ("theme", "text_size", "reduced_data")}
    theme, size, reduced = (*request.COOKIES.get(DISPLAY_COOKIE, "").split("."), "", "", "")[:3]
    return {
        "theme": theme if theme in dict(THEMES) else "auto",
        "text_size": int(size) if size in {"100", "125", "150"} else 100,
        "reduced_data": reduced == "1",
    }


def _offset() -> str:
    """Name the installation's zone as people know it: UTC+8."""
    minutes = int((localtime().utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Give every template the display settings and what header and footer say."""
    return display_of(request) | {
        "demo": settings.DEMO,
        "product_version": version(),
        "zone": _offset(),
        "crisis_lines": CRISIS_LINES.get(settings.COUNTRY, []),
    }


# ---- Pages ----------------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class HelpPage(TemplateView):
    template_name = "core/help.html"


@method_decorator(login_not_required, name="dispatch")
class AccessibilityPage(TemplateView):
    template_name = "core/accessibility.html"


class ComponentsPage(TemplateView):
    """Samples of every component, for those who build pages and for the browser tests."""

    template_name = "core/components.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        must_administer(request)
        return super().dispatch(request, *args, **kwargs)


class SystemPage(TemplateView):
    """How each part of the installation is doing, in words."""

    template_name = "core/system.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        must_administer(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What needs somebody comes first.
        worst_first = sorted(readings(), key=lambda found: -list(State).index(found[1].state))
        found = [
            {"name": p.name, "label": p.label, "state": r.state, "text": r.text}
            for p, r in worst_first
        ]
        facts = {"django_version": django.get_version(), "profile": settings.SECURITY_PROFILE}
        return super().get_context_data(probes=found, **facts, **kwargs)


def must_administer(request: HttpRequest) -> None:
    """Refuse whoever may not see how the system runs."""
    user: Any = request.user
    user.must("settings.edit")


class DisplayForm(forms.Form):
    """How pages look, for this browser or for this user everywhere."""

    theme = forms.ChoiceField(label=_("Colors"), choices=THEMES, widget=forms.RadioSelect)
    text_size = forms.TypedChoiceField(
        label=_("Text size"), choices=TEXT_SIZES, coerce=int, widget=forms.RadioSelect
    )
    reduced_data = forms.BooleanField(label=_("Save data: no maps, no pictures"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def display(request: HttpRequest) -> HttpResponse:
    """Change theme, text size, data use and language."""
    initial = display_of(request) | {"language": get_language()}
    form = DisplayForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return render(request, "core/display.html", {"form": form})
    response = HttpResponseRedirect(safe_next(request))
    chosen = form.cleaned_data
    if request.user.is_authenticated:
        remember_for_user(request.user, chosen)
    else:
        remember_display(response, chosen)
    remember_language(response, chosen["language"])
    return response


def remember_display(response: HttpResponse, chosen: dict[str, Any]) -> None:
    """Keep a visitor's display settings for a year."""
    response.set_cookie(
        DISPLAY_COOKIE,
        f"{chosen['theme']}.{chosen['text_size']}.{int(chosen['reduced_data'])}",
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language and stay on the page."""
    language = supported(request.POST.get("language", ""))
    if not language:
        raise Malformed
    response = HttpResponseRedirect(safe_next(request))
    if request.user.is_authenticated:
        remember_for_user(request.user, {"language": language})
    remember_language(response, language)
    return response


def remember_for_user(user: Any, chosen: dict[str, Any]) -> None:
    """Keep display settings with the user, so that they hold on every device."""
    for name, value in chosen.items():
        setattr(user, name, value)
    user.save(update_fields=[*chosen])


def safe_next(request: HttpRequest) -> str:
    """Return where to go on: a path of this site, else the start page.

    A language in the address would overrule the one just chosen, so it is left out.
    """
    target = request.POST.get("next", "")
    ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    if not ours:
        return "/"
    path, _mark, query = target.partition("?")
    kept = QueryDict(query, mutable=True)
    kept.pop("lang", None)
    return f"{path}?{kept.urlencode()}" if kept else path


# ---- What went wrong ------------------------------------------------------------------------
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer a request that Django could not read."""
    return answer(request, Malformed())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer what Django itself refused."""
    return answer(request, NotPermitted())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer an unknown address and an invisible row alike."""
    return answer(request, NotFound())


def broken(request: HttpRequest) -> HttpResponse:
    """Answer after a fault of ours."""
    return answer(request, Broken())


class FormTooOld(NotPermitted):
    """The form's token does not belong to this browser any more."""

    code = "form_too_old"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form without a valid token: too old, or cookies are off."""
    sentence = _("This form is too old. Reload the page and send it again; cookies must be on.")
    return answer(request, FormTooOld(sentence))
