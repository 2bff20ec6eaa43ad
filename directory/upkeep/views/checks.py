"""The call list, and one check: what is asked, what was tried, what was found out."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import View

from accounts.http import RequiresPermission, SignedInRequest, idempotent
from accounts.permissions import Permission
from core import jobs
from core.api import posted_version
from directory.catalogue.queries import effective
from directory.upkeep import queries
from directory.upkeep.filters import CheckFilter
from directory.upkeep.forms import FactsForm, RecordForm
from directory.upkeep.models import VerificationTask
from directory.upkeep.operations import checks, confirmations
from directory.upkeep.operations.confirmations import Word
from directory.upkeep.queries.work import Urgency
from directory.upkeep.states import Result, TaskState

GROUP_NAMES = {
    Urgency.CRITICAL: gettext_lazy("Critically overdue"),
    Urgency.OVERDUE: gettext_lazy("Overdue"),
    Urgency.SOON: gettext_lazy("Due soon"),
    Urgency.LATER: gettext_lazy("Not due yet"),
}


class ChecksPage(RequiresPermission, View):
    """Listings that somebody should call or visit, most overdue first."""

    permission = Permission.LISTING_VERIFY

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the open checks in groups of urgency."""
        filters = CheckFilter(request.GET, queries.check_list(request.user), request=request)
        page = Paginator(filters.qs, 50).get_page(request.GET.get("page"))
        groups = queries.checks_by_urgency(list(page), on=jobs.today())
        context = {
            "filter": filters,
            "page": page,
            "groups": [(GROUP_NAMES[key], rows) for key, rows in groups.items() if rows],
            "today": jobs.today(),
        }
        return render(request, "upkeep/checks.html", context)


class CheckPage(RequiresPermission, View):
    """One listing to be confirmed, with everything needed for the call on one page."""

    permission = Permission.LISTING_VERIFY

    def get(self, request: SignedInRequest, uid: str) -> HttpResponse:
        """Show the facts as they stand."""
        task = self._task(request, uid)
        return self._page(request, task, RecordForm(asked=task.groups))

    @idempotent
    def post(self, request: SignedInRequest, uid: str) -> HttpResponse:
        """Record what the call or visit found out."""
        task = self._task(request, uid)
        form = RecordForm(request.POST, asked=task.groups)
        if not form.is_valid():
            return self._page(request, task, form, status=422)
        record(task, by=request.user, data=form.cleaned_data,
               seen=posted_version(request))  # fmt: skip
        messages.success(request, _("Recorded. Thank you."))
        return HttpResponseRedirect(reverse("upkeep:checks"))

    def _task(self, request: SignedInRequest, uid: str) -> VerificationTask:
        found = VerificationTask.objects.visible_to(request.user).select_related(
            "service__organization", "place__location__area", "assignee"
        )
        return get_object_or_404(found, uid=uid)

    def _page(
        self, request: HttpRequest, task: VerificationTask, form: RecordForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "task": task,
            "form": form,
            "facts": FactsForm(service=task.service, place=task.place),
            "effective": effective(task.place or task.service),
            "attempts": task.attempts.select_related("author"),
            "last": queries.latest_verification(task.service, task.place),
            "is_open": task.state == TaskState.OPEN,
        }
        return render(request, "upkeep/check.html", context, status=status)


def record(task: VerificationTask, *, by: Any, data: dict[str, Any], seen: int) -> None:
    """Translate the answer of a form into the operation that it means."""
    word = Word(
        method=data["method"],
        seen_version=seen,
        contact_name=data["contact_name"],
        contact_role=data["contact_role"],
    )
    service, place = task.service, task.place
    if data["result"] == Result.UNREACHABLE:
        checks.attempt(task, by=by, method=data["method"], disposition=data["disposition"])
        if queries.is_unreachable(task):
            checks.give_up(task, by=by)
    elif data["result"] == Result.CLOSED:
        confirmations.report_closed(service, place, by=by, word=word, task=task)
    elif data["result"] == Result.REFUSED:
        confirmations.refuse(service, place, by=by, word=word, task=task)
    else:
        confirmations.confirm(service, place, by=by, word=word, groups=data["groups"], task=task)


@require_POST
@idempotent
def claim(request: SignedInRequest, uid: str) -> HttpResponse:
    """Take a check on, or give it back."""
    request.user.must(Permission.LISTING_VERIFY)
    task = get_object_or_404(VerificationTask.objects.visible_to(request.user), uid=uid)
    mine = task.assignee_id == request.user.pk
    checks.claim(
        task,
        by=request.user,
        assignee=None if mine else request.user,
        expected_version=posted_version(request),
    )
    return HttpResponseRedirect(reverse("upkeep:check", args=[task.uid]))
