"""The tabs of a file."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest, idempotent
from referrals.casefiles import operations, queries
from referrals.casefiles.forms import NoteForm
from referrals.casefiles.states import TIMELINE
from referrals.casefiles.views.base import FilePage, FormPage, safe_next

# What may be shown in full, one at a time, each with a row in the access log.
MASKED = {"name", "birth_date", "id_number", "address", "phones", "safety", "circle", "facts"}


class BasicPage(FilePage):
    """Who the person is; names and numbers are masked until one asks for them."""

    template_name = "casefiles/basic.html"
    tab = "casefiles:client"
    shown: str = ""

    def context(self) -> dict[str, Any]:
        return {"shown": self.shown} | queries.casefile.basics(self.client)


class UnmaskPage(BasicPage):
    """The same page with one thing in full; asked for by POST, so that no link reveals it."""

    http_method_names = ["post"]  # as Django's View has it

    def post(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Note what is shown in full, then show it."""
        field = request.POST.get("field", "")
        if field not in MASKED:
            raise Http404
        operations.privacy.note_reading(
            self.client, by=request.user, purpose=self.purpose(), fields=[field]
        )
        self.shown = field
        return self.show()


class NeedsPage(FilePage):
    """All needs, ours and the client's order side by side."""

    template_name = "casefiles/needs.html"
    tab = "casefiles:needs"

    def context(self) -> dict[str, Any]:
        needs = queries.casefile.needs(self.client)
        return {
            "active": [need for need in needs if need.is_active],
            "ended": [need for need in needs if not need.is_active],
        }


class TimelinePage(FilePage):
    """Everything that happened, as one stream with a filter by kind."""

    template_name = "casefiles/timeline.html"
    tab = "casefiles:timeline"

    def context(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        groups = _groups()
        if kind and kind not in groups:
            raise Http404
        pages = Paginator(queries.frame.entries(self.client, kind=kind), 50)
        return {
            "page": pages.get_page(self.request.GET.get("page")),
            "kind": kind,
            "groups": groups.items(),
        }


class NotePage(FormPage):
    """The quick note: typed on any tab, kept without leaving it."""

    http_method_names = ["post"]  # as Django's View has it
    template_name = "casefiles/timeline.html"
    tab = "casefiles:timeline"
    form_class = NoteForm

    @idempotent
    def post(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Save the note; a word that labels a person is named, not refused."""
        form = NoteForm(request.POST)
        if not form.is_valid():
            pages = Paginator(queries.frame.entries(self.client), 50)
            groups = _groups().items()
            return self.show(note_form=form, page=pages.page(1), groups=groups, status=422)
        operations.timeline.note(self.client, by=request.user, text=form.cleaned_data["text"])
        if form.labelling:
            words = _(", ").join(form.labelling)
            messages.warning(
                request, _("Saved. Please check this wording: %(words)s") % {"words": words}
            )
        else:
            messages.success(request, _("The note is saved."))
        return HttpResponse(
            status=303, headers={"Location": safe_next(request, request.path.replace("notes/", ""))}
        )


def _groups() -> dict[str, Any]:
    """Return the parts of the stream: what stands before the dot of a kind."""
    names = {
        "note": _("Notes"),
        "client": _("File"),
        "case": _("Case"),
        "need": _("Needs"),
        "consent": _("Consent"),
        "referral": _("Referrals"),
        "privacy": _("Access"),
    }
    used = {code.split(".")[0] for code in TIMELINE}
    return {name: label for name, label in names.items() if name in used}
