"""C2: decide on proposed changes, riskiest first, old beside new."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import View

from accounts.http import RequiresPermission, SignedInRequest, idempotent
from accounts.permissions import Permission
from core.api import posted_version
from directory.catalogue.models.paths import parse, read
from directory.catalogue.states import Group, group_of
from directory.upkeep import queries
from directory.upkeep.filters import ProposalFilter
from directory.upkeep.forms import TEXTS, DecisionForm, SettleForm
from directory.upkeep.models import ListingProposal, ListingReport
from directory.upkeep.operations import doubts, proposals
from directory.upkeep.operations.proposals import Decision, ReasonMissing
from directory.upkeep.states import ProposalKind, ProposalState, ReportState


@dataclass(frozen=True)
class Row:
    """One field of a proposal: as it was, as it is now, as it would be."""

    path: str
    label: str
    before: str
    after: str
    theirs: str
    is_overtaken: bool


def rows(proposal: ListingProposal) -> list[Row]:
    """Return the fields of a proposal in words, marking those that changed meanwhile."""
    target = proposals.subject(proposal)
    labels, named = dict(Group.choices), dict(TEXTS)
    found = []
    for path, (before, after) in sorted(proposal.changes.items()):
        now = read(target, parse(path, target))
        found.append(
            Row(
                path,
                str(named.get(path.partition(".")[2], labels[group_of(path)])),
                words(before),
                words(after),
                words(now),
                now != before,
            )
        )
    return found


def words(value: Any) -> str:
    """Write a value for a reader: lists as lines, rows as their telling parts."""
    if isinstance(value, list):
        return "\n".join(words(one) for one in value)
    if isinstance(value, dict):
        parts = [
            str(part) for key, part in value.items() if part and key not in ("uid", "language")
        ]
        return " ".join(part for part in parts if part not in ("{}", "[]"))
    return "" if value is None else str(value)


class ModerationPage(RequiresPermission, View):
    """What waits for a decision: proposals first, then reports of visitors and workers."""

    permission = Permission.LISTING_MODERATE

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the queue."""
        filters = ProposalFilter(request.GET, queries.proposals(request.user))
        reports = ListingReport.objects.filter(state=ReportState.NEW).select_related(
            "service__organization", "author"
        )
        context = {
            "filter": filters,
            "page": Paginator(filters.qs, 25).get_page(request.GET.get("page")),
            "reports": reports[:50],
            "report_count": reports.count(),
        }
        return render(request, "upkeep/moderation.html", context)

    @idempotent
    def post(self, request: SignedInRequest) -> HttpResponse:
        """Settle a report."""
        form = SettleForm(request.POST)
        if not form.is_valid():
            raise Http404
        report = get_object_or_404(ListingReport, uid=form.cleaned_data["report"])
        doubts.settle_report(report, by=request.user, event=form.cleaned_data["act"])
        return HttpResponseRedirect(reverse("upkeep:moderation"))


class ProposalPage(View):
    """One proposal; its author sees what became of it, a moderator decides."""

    def get(self, request: SignedInRequest, uid: str) -> HttpResponse:
        """Show old beside new."""
        return self._page(request, self._proposal(request, uid), DecisionForm())

    @idempotent
    def post(self, request: SignedInRequest, uid: str) -> HttpResponse:
        """Accept, accept in part, or reject."""
        proposal = self._proposal(request, uid)
        request.user.must(Permission.LISTING_MODERATE)
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self._page(request, proposal, form, status=422)
        try:
            self._decide(request, proposal, **form.cleaned_data)
        except ReasonMissing as error:
            form.add_error("reason", str(error))
            return self._page(request, proposal, form, status=422)
        messages.success(request, _("Decided. The author is told."))
        return HttpResponseRedirect(reverse("upkeep:moderation"))

    def _decide(
        self, request: SignedInRequest, proposal: ListingProposal, *, act: str, reason: str
    ) -> None:
        if act == "reject":
            proposals.reject(proposal, by=request.user, reason=reason)
        elif proposal.kind != ProposalKind.CHANGE:
            proposals.accept_whole(proposal, by=request.user, reason=reason)
        else:
            proposals.decide(
                proposal,
                by=request.user,
                decisions=self._decisions(request, proposal, reason),
                seen_version=posted_version(request),
                reason=reason,
            )

    def _decisions(
        self, request: SignedInRequest, proposal: ListingProposal, reason: str
    ) -> dict[str, Decision]:
        kept = set(request.POST.getlist("accept"))
        return {
            path: Decision(accepted=path in kept, reason="" if path in kept else reason)
            for path in proposal.changes
        }

    def _proposal(self, request: SignedInRequest, uid: str) -> ListingProposal:
        found = ListingProposal.objects.visible_to(request.user).select_related(
            "service", "organization", "author"
        )
        proposal: ListingProposal = get_object_or_404(found, uid=uid)
        return proposal

    def _page(
        self,
        request: SignedInRequest,
        proposal: ListingProposal,
        form: DecisionForm,
        status: int = 200,
    ) -> HttpResponse:
        fields = rows(proposal)
        context = {
            "proposal": proposal,
            "target": proposals.subject(proposal),
            "rows": fields,
            "three_way": any(row.is_overtaken for row in fields),
            "form": form,
            "is_pending": proposal.state == ProposalState.PENDING,
            "may_decide": request.user.may(Permission.LISTING_MODERATE),
        }
        return render(request, "upkeep/proposal.html", context, status=status)


@require_POST
@idempotent
def withdraw(request: SignedInRequest, uid: str) -> HttpResponse:
    """Take a proposal back."""
    proposal = get_object_or_404(ListingProposal.objects.visible_to(request.user), uid=uid)
    proposals.withdraw(proposal, by=request.user)
    return HttpResponseRedirect(reverse("upkeep:proposal", args=[proposal.uid]))
