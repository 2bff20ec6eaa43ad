"""Looks at needs: what is open, and the page on which somebody says what came of one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest, idempotent
from core.errors import DomainError
from referrals.casefiles import operations as casefiles
from referrals.casefiles import queries as files
from referrals.casefiles.states import AccessPurpose
from referrals.reports import queries
from referrals.reports.forms import OWN, DeskFilter, FollowUpForm
from referrals.reports.models import FollowUp
from referrals.reports.operations import follow_ups
from referrals.reports.states import Work
from referrals.reports.views.base import CaseworkPage, numbered, scopes
from referrals.reports.views.rows import rows
from referrals.reports.views.work import scoped


class FollowUpsPage(CaseworkPage):
    """Every open look, the longest overdue first."""

    template_name = "reports/work_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the list."""
        chosen = DeskFilter(request.GET).chosen()
        entries = queries.work.desk(request.user).entries
        everything = [entry for entry in entries if entry.kind == Work.FOLLOW_UP]
        page = numbered(scoped(everything, chosen["own"]), request)
        return self.render_to_response(
            {
                "heading": _("Follow-ups"),
                "lead": _("Needs that help has not met yet, and looks that were planned."),
                "page": page,
                "rows": rows(request.user, page).values(),
                "filters": [scopes(chosen["own"], len(scoped(everything, OWN)), len(everything))],
            }
        )


class FollowUpPage(CaseworkPage):
    """One look, for the team of the file: what was tried, and what becomes of the need."""

    template_name = "reports/follow_up.html"
    look: FollowUp

    def get(self, request: SignedInRequest, uid: str) -> HttpResponse:
        """Show the need with its attempts and the form."""
        self._find(uid)
        client = self.look.need.client
        casefiles.privacy.note_reading(client, by=request.user, purpose=AccessPurpose.OWN_CASE)
        return self._show(FollowUpForm())

    @idempotent
    def post(self, request: SignedInRequest, uid: str) -> HttpResponse:
        """Settle it."""
        self._find(uid)
        form = FollowUpForm(request.POST)
        if form.is_valid():
            try:
                follow_ups.settle(
                    self.look, by=request.user, expected_version=self._version(), **form.told()
                )
            except DomainError as error:
                form.take(error)
            else:
                messages.success(request, _("The result is kept."))
                return redirect("reports:work")
        return self._show(form, status=422)

    def _find(self, uid: str) -> None:
        seen = queries.follow_ups.follow_ups(self.request.user).of_team(self.request.user)
        self.look = get_object_or_404(seen, uid=uid)

    def _show(self, form: FollowUpForm, status: int = 200) -> HttpResponse:
        need = self.look.need
        frame = files.frame.frame(need.client, self.request.user, "casefiles:needs")
        context: dict[str, Any] = {
            "look": self.look,
            "need": need,
            "attempts": queries.follow_ups.attempts(need),
            "chances": queries.follow_ups.chances(need),
            "form": form,
        }
        return self.render_to_response(frame | context, status=status)

    def _version(self) -> int:
        given = self.request.POST.get("version", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
