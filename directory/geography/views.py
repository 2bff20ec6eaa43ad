"""Pages of geography: suggestions and steps of the area picker, geocoders, holidays."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.http import SignedInRequest, idempotent
from accounts.permissions import Permission
from core.api import check_parameters
from core.jobs import today
from directory.geography import operations, queries
from directory.geography.forms import ProviderForm, SpecialDayForm
from directory.geography.models import Area, CalendarDay, GeocodingProvider
from directory.geography.states import ProviderKind


@method_decorator(login_not_required, name="dispatch")
class AreaSuggestions(View):
    """What the area picker offers while somebody types."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Answer with areas, each with what it lies in."""
        check_parameters(request.GET, known={"q"})
        found = queries.near_candidates(request.GET.get("q", "")[:60])
        results = [
            {"value": each.code, "label": each.name, "note": each.note}
            for each in found
            if each.kind == "area"
        ]
        return JsonResponse({"results": results})


@method_decorator(login_not_required, name="dispatch")
class AreaSteps(TemplateView):
    """Choosing an area level by level, for whoever cannot or will not type."""

    template_name = "geography/area_steps.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what lies in the chosen area, and the way back with it."""
        check_parameters(self.request.GET, known={"parent", "next"})
        back = self.request.GET.get("next", "/")
        if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            back = "/"
        code = self.request.GET.get("parent", "")
        area = get_object_or_404(Area.objects.shown(), code=code) if code else None
        rows = [
            (child, _with_area(back, child.code), bool(queries.children(child)))
            for child in queries.children(area)
        ]
        return super().get_context_data(
            **kwargs,
            area=area,
            rows=rows,
            back=back,
            lineage=area.lineage() if area else [],
            whole=_with_area(back, area.code) if area else "",
        )


def _with_area(address: str, code: str) -> str:
    """Return an address of ours that names the area; an earlier choice is replaced."""
    parts = urlsplit(address)
    query = [(k, v) for k, v in parse_qsl(parts.query) if k != "area"] + [("area", code)]
    return urlunsplit(("", "", parts.path, urlencode(query), parts.fragment))


class SettingsPage(View):
    """A page of the directory's settings; others are refused before anything is read."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who may change these settings."""
        self.request.user.must(Permission.DIRECTORY_SETTINGS)
        return super().dispatch(request, *args, **kwargs)


class ProvidersPage(SettingsPage, TemplateView):  # type: ignore[misc]  # a narrower request
    """The four geocoders and how each is used."""

    template_name = "geography/providers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """List every kind, also those that nobody has set up."""
        on_file = {each.kind: each for each in GeocodingProvider.objects.order_by("order")}
        rows = [(kind, on_file.get(kind)) for kind in ProviderKind]
        rows.sort(key=lambda row: (row[1] is None, row[1].order if row[1] else 0))
        return super().get_context_data(**kwargs, rows=rows)


class ProviderPage(SettingsPage, FormView):  # type: ignore[misc,type-arg]  # a narrower request; generic for mypy only
    """How one geocoder is used."""

    form_class = ProviderForm
    template_name = "geography/provider.html"
    success_url = reverse_lazy("geography:providers")

    def get_initial(self) -> dict[str, Any]:
        """Show what is on file, but for the key."""
        return ProviderForm.of(GeocodingProvider.objects.filter(kind=self.kwargs["kind"]).first())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the provider."""
        kind = ProviderKind(self.kwargs["kind"])
        return super().get_context_data(**kwargs, kind=kind)

    @method_decorator(idempotent)
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the form."""
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ProviderForm) -> HttpResponse:
        """Keep the settings."""
        operations.set_provider(self.kwargs["kind"], by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return super().form_valid(form)


class HolidaysPage(SettingsPage, FormView):  # type: ignore[misc,type-arg]  # a narrower request; generic for mypy only
    """Holidays and make-up workdays of a year."""

    form_class = SpecialDayForm
    template_name = "geography/holidays.html"
    success_url = reverse_lazy("geography:holidays")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """List the days of the year and warn when the coming one is missing."""
        year = _year(self.request.GET.get("year", ""))
        days = CalendarDay.objects.filter(area=None, on__year=year).order_by("on")
        is_missing = queries.next_year_is_missing(today())
        return super().get_context_data(
            **kwargs, year=year, years=[year - 1, year + 1], days=days, is_missing=is_missing
        )

    @method_decorator(idempotent)
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the form."""
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: SpecialDayForm) -> HttpResponse:
        """Enter the day."""
        operations.set_special_day(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect(f"{self.success_url}?year={form.cleaned_data['on'].year}")


class RemoveHoliday(SettingsPage):
    """The button beside a special day."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let the date be an ordinary day again."""
        day = get_object_or_404(CalendarDay, pk=pk)
        operations.remove_special_day(day, by=self.request.user)
        messages.success(request, _("Removed."))
        return redirect(f"{reverse_lazy('geography:holidays')}?year={day.on.year}")


def _year(text: str) -> int:
    is_year = len(text) == 4 and text.isascii() and text.isdigit() and 1900 < int(text) < 2200
    return int(text) if is_year else today().year
