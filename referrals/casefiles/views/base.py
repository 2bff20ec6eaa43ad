"""What every page of a file does: find it for its reader, ask why, note the reading, send forms."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic.base import TemplateResponseMixin, View

from accounts.http import SignedInRequest, idempotent
from core.errors import DomainError
from core.jobs import now
from referrals.casefiles import operations, queries
from referrals.casefiles.forms import EmergencyForm, NoteForm, PurposeForm
from referrals.casefiles.forms.fields import OperationForm
from referrals.casefiles.models import Client
from referrals.casefiles.states import AccessPurpose

# How long a reason counts before it is asked again.
REASON_COUNTS = timedelta(hours=8)


class FilePage(TemplateResponseMixin, View):
    """A page of one file; whoever may not see it reads the same words as where there is none."""

    request: SignedInRequest
    client: Client
    tab: ClassVar[str] = ""
    # A page whose GET shows everything in full says which fields that are.
    reveals: ClassVar[tuple[str, ...]] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Look the file up, ask for the purpose where it is not one's own, note the reading."""
        try:
            self.client = self.get_object()
        except Http404:
            return no_access(request)
        purpose = self.purpose()
        if not purpose:
            return self.ask_why()
        if request.method in {"GET", "HEAD"}:
            operations.privacy.note_reading(
                self.client, by=self.request.user, purpose=purpose, fields=self.reveals
            )
        return super().dispatch(request, *args, **kwargs)

    def get_object(self) -> Client:
        """Return the client of the address."""
        seen = Client.objects.visible_to(self.request.user)
        rows = seen.select_related("organization", "area", "household_registration_area")
        found: Client = get_object_or_404(rows, uid=self.kwargs["uid"])
        return found

    def get(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Show the page."""
        return self.show()

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page inside the layout of the file."""
        frame = queries.frame.frame(self.client, self.request.user, self.tab)
        return self.render_to_response(
            frame | {"note_form": NoteForm()} | self.context() | context, status=status
        )

    def context(self) -> dict[str, Any]:
        """Return what this page shows beside the layout."""
        return {}

    def purpose(self) -> str:
        """Return why the user may read, from the team or from the reason that was given."""
        known = queries.frame.purpose_of(self.client, self.request.user)
        return known or given_reason(self.request, self.client)

    def ask_why(self) -> HttpResponse:
        """Ask for the reason before a file beyond the own caseload opens."""
        context = {"form": PurposeForm(), "uid": self.client.uid, "next": self.request.path}
        return render(self.request, "casefiles/reason.html", context)


class FormPage(FilePage):
    """A form about a file: what is typed stays when a rule says no."""

    form_class: ClassVar[type[OperationForm]]

    def form(self, *args: Any, **kwargs: Any) -> OperationForm:
        """Build the form; pages that need more pass it here."""
        return self.form_class(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """Return what the empty form shows."""
        return {}

    def get(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self.show(form=self.form(initial=self.initial()))

    @idempotent
    def post(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Send the form; a refusal is shown where it can be corrected."""
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                return self.done(form)
            except DomainError as error:
                if not form.take(error):
                    raise
                return self.show(form=form, status=error.status)
        return self.show(form=form, status=422)

    def done(self, form: Any) -> HttpResponse:
        """Call the operation and go on."""
        raise NotImplementedError

    def version(self) -> int:
        """Return the version that the form was based on."""
        given = self.request.POST.get("version", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0

    def back(self, name: str, text: object = "", **_kwargs: Any) -> HttpResponse:
        """Go to a page of the file and say what was done."""
        if text:
            messages.success(self.request, str(text))
        return redirect(name, uid=self.client.uid)


def no_access(request: HttpRequest) -> HttpResponse:
    """Answer alike for a file that does not exist and one that is not shown to this reader."""
    return render(request, "casefiles/no_access.html", {"form": EmergencyForm()}, status=404)


def give_reason(request: HttpRequest, client_uid: UUID, purpose: str) -> None:
    """Remember in the session why a file is read."""
    reasons = request.session.get("purposes", {})
    reasons[str(client_uid)] = [purpose, now().timestamp()]
    request.session["purposes"] = reasons


def given_reason(request: HttpRequest, client: Client) -> str:
    """Return the reason given for this file, if it still counts."""
    purpose, at = request.session.get("purposes", {}).get(str(client.uid), ("", 0))
    fresh = now().timestamp() - at < REASON_COUNTS.total_seconds()
    return purpose if fresh and purpose in AccessPurpose.values else ""


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Return where the user came from, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse(fallback) if ":" in fallback else fallback
