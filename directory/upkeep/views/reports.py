"""P5: say that a listing is wrong, or that one is missing; open to everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.views.generic import View

from accounts.http import idempotent, limited
from accounts.queries import actor
from directory.catalogue.models import Service
from directory.upkeep.forms import ReportForm, SuggestForm
from directory.upkeep.operations import doubts


@method_decorator([login_not_required, limited("public_form")], name="dispatch")
class ReportPage(View):
    """What is wrong with a listing: one click and a sentence."""

    def get(self, request: HttpRequest, uid: str) -> HttpResponse:
        """Ask what is wrong."""
        service = self._service(request, uid)
        return render(request, "upkeep/report.html", {"service": service, "form": ReportForm()})

    @idempotent
    def post(self, request: HttpRequest, uid: str) -> HttpResponse:
        """Take the report; a program that fills in everything is thanked and forgotten."""
        service = self._service(request, uid)
        form = ReportForm(request.POST)
        if not form.is_valid():
            context = {"service": service, "form": form}
            return render(request, "upkeep/report.html", context, status=422)
        if not form.is_trapped:
            doubts.report(
                service,
                None,
                by=actor(request.user),
                kind=form.cleaned_data["kind"],
                groups=form.groups(),
                text=form.cleaned_data["text"],
                contact=form.cleaned_data["contact"],
                key=f"report:{request.POST.get('idempotency_key', '')}",
            )
        return render(request, "upkeep/report_done.html", {"service": service})

    def _service(self, request: HttpRequest, uid: str) -> Service:
        return get_object_or_404(Service.objects.visible_to(request.user), uid=uid)


@method_decorator([login_not_required, limited("public_form")], name="dispatch")
class SuggestPage(View):
    """A service that the directory lacks."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask what is missing."""
        form = SuggestForm(initial={"text": request.GET.get("q", "")[:200]})
        return render(request, "upkeep/suggest.html", {"form": form})

    @idempotent
    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the suggestion for the moderators."""
        form = SuggestForm(request.POST)
        if not form.is_valid():
            return render(request, "upkeep/suggest.html", {"form": form}, status=422)
        if not form.is_trapped:
            doubts.report(
                None,
                None,
                by=actor(request.user),
                kind="missing",
                groups=[],
                text=form.cleaned_data["text"],
                contact=form.cleaned_data["contact"],
                key="",
            )
        return render(request, "upkeep/report_done.html", {"service": None})
