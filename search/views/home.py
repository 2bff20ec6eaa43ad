"""P1: one box, eight needs; and what the box suggests while somebody types."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from search import forms, queries


class Shortcut(NamedTuple):
    """A need in everyday words, and the category that answers it."""

    code: str
    label: object
    examples: object


SHORTCUTS = (
    Shortcut(
        "GT", _("Food and daily goods"), _("canteens, delivered meals, emergency food, clothes")
    ),
    Shortcut(
        "SA", _("No money to live on"), _("dibao, temporary assistance, water and power bills")
    ),
    Shortcut("EL", _("Care for older people"), _("bathing, home care, day care, stairs")),
    Shortcut(
        "HE",
        _("Doctors and medical bills"),
        _("medical assistance, serious illness, rehabilitation"),
    ),
    Shortcut("MH", _("Feeling bad"), _("hotlines, counseling, crisis help")),
    Shortcut(
        "CY", _("Children and school"), _("children in difficulty, after-school care, teenagers")
    ),
    Shortcut("FM", _("Not safe at home"), _("domestic violence, shelter, protection orders")),
    Shortcut("LE", _("Law and unpaid wages"), _("legal aid, wages, mediation, documents")),
)


@method_decorator(login_not_required, name="dispatch")
class HomePage(View):
    """The way in for everybody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the box, the needs with how much there is, and what to do without the net."""
        counts, services, verified = queries.overview(request.user)
        needs = [
            {
                "label": each.label,
                "examples": each.examples,
                "count": counts.get(each.code, 0),
                "url": f"{reverse('search:results')}?{urlencode({'category': each.code})}",
            }
            for each in SHORTCUTS
        ]
        context = {
            "needs": needs,
            "categories": queries.category_count(),
            "services": services,
            "verified_percent": verified,
        }
        response = render(request, "search/home.html", context)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response


@method_decorator(login_not_required, name="dispatch")
class Suggestions(View):
    """What the search box offers; the page works without it."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Return names that begin as typed; choosing one searches for it."""
        forms.SuggestThrottle().allow_request(request, self)
        asked = forms.read_suggest(forms.from_query(request.GET), language=forms.language())
        found = queries.suggest(
            asked.text, request.user, language=asked.language, kinds=asked.kinds, limit=asked.limit
        )
        results = [
            {"value": each.code or str(each.uid), "label": each.label, "note": each.note}
            for each in found
        ]
        response = JsonResponse({"results": results})
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response


@method_decorator(login_not_required, name="dispatch")
class ReportGap(View):
    """The way from an empty list to those who can fill it."""

    def get(self, request: HttpRequest) -> HttpResponseRedirect:
        """Go on to the form, which takes the words along."""
        words = request.GET.get("q", "")[:200]
        query = f"?{urlencode({'q': words})}" if words else ""
        return HttpResponseRedirect(f"{reverse('upkeep:suggest')}{query}")
