"""Emergency access and its judgment, approvals for single files."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic.base import TemplateResponseMixin, View

from accounts.http import SignedInRequest, idempotent, limited
from accounts.permissions import Permission
from core.errors import DomainError, NotPermitted
from referrals.casefiles import operations, queries
from referrals.casefiles.forms import ApprovalForm, EmergencyForm, ReviewForm
from referrals.casefiles.forms.consent import end_of
from referrals.casefiles.models import AccessApproval, BreakGlass, Client


class EmergencyPage(TemplateResponseMixin, View):
    """Opening a file at once by its exact words, with the danger and the reason (C9)."""

    request: SignedInRequest
    template_name = "casefiles/emergency.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Open to those who work with files."""
        may = request.user.may
        if not (may(Permission.CLIENT_READ_OWN) or may(Permission.CLIENT_READ_ORG)):
            raise NotPermitted
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the form."""
        return self.render_to_response({"form": EmergencyForm()})

    @limited("client_search")
    @idempotent
    def post(self, request: SignedInRequest) -> HttpResponse:
        """Open the file, or say that nobody fits these words."""
        form = EmergencyForm(request.POST)
        if not form.is_valid():
            return self.render_to_response({"form": form}, status=422)
        client = queries.people.in_reach(request.user, form.cleaned_data["look_for"])
        if client is None:
            form.add_error("look_for", _("No single file of your organization has these words."))
            return self.render_to_response({"form": form}, status=422)
        operations.privacy.break_glass(
            client,
            by=request.user,
            reason=form.cleaned_data["reason"],
            narrative=form.cleaned_data["narrative"],
        )
        messages.warning(
            request, _("The file is open for four hours. Supervisor and privacy lead were told.")
        )
        return redirect("casefiles:client", uid=client.uid)


@require_POST
@idempotent
def end_emergency(request: SignedInRequest, uid: Any) -> HttpResponse:
    """Close a file that one has broken open."""
    mine = BreakGlass.objects.visible_to(request.user).filter(user=request.user)
    opening: BreakGlass = get_object_or_404(mine.select_related("client"), uid=uid)
    operations.privacy.end_emergency(opening, by=request.user)
    messages.success(request, _("The emergency access has ended."))
    return redirect("casefiles:clients")


class AccessPage(TemplateResponseMixin, View):
    """What was opened beyond the own caseloads: to be judged, and approvals that run."""

    request: SignedInRequest
    template_name = "casefiles/access.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Open to supervisors and privacy leads."""
        may = request.user.may
        if not (may(Permission.ACCESS_APPROVE) or may(Permission.PRIVACY_HANDLE)):
            raise NotPermitted
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show both lists."""
        return self.show()

    @idempotent
    def post(self, request: SignedInRequest) -> HttpResponse:
        """Approve a colleague's access to one file."""
        form = self._form(request.POST)
        if form is None:
            raise NotPermitted
        if not form.is_valid():
            return self.show(form=form, status=422)
        data = form.cleaned_data
        number = data["file_no"].strip()
        client = Client.objects.approvable_by(request.user).filter(file_no=number).first()
        if client is None:
            form.add_error("file_no", _("There is no file with this number here."))
            return self.show(form=form, status=422)
        try:
            operations.privacy.approve_access(
                client,
                by=request.user,
                user=data["user"],
                purpose=data["purpose"],
                until=end_of(data["until"]),
            )
        except DomainError as error:
            if not form.take(error):
                raise
            return self.show(form=form, status=error.status)
        messages.success(request, _("The colleague may read this file until then."))
        return redirect("casefiles:access")

    def show(self, status: int = 200, form: ApprovalForm | None = None) -> HttpResponse:
        """Render the page."""
        user = self.request.user
        context = {
            "waiting": queries.register.openings(user, judged=False),
            "judged": queries.register.openings(user, judged=True)[:20],
            "approvals": queries.register.approvals(user),
            "form": form or self._form(),
            "review_form": ReviewForm(),
        }
        return self.render_to_response(context, status=status)

    def _form(self, *args: Any) -> ApprovalForm | None:
        ids = self.request.user.organization_ids(Permission.ACCESS_APPROVE)
        if not ids:
            return None
        return ApprovalForm(*args, organization_ids=ids, without=self.request.user)


@require_POST
@idempotent
def review(request: SignedInRequest, uid: Any) -> HttpResponse:
    """Judge an emergency access."""
    rows = BreakGlass.objects.visible_to(request.user).select_related("client", "user")
    opening: BreakGlass = get_object_or_404(rows, uid=uid)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise Http404
    operations.privacy.review(opening, by=request.user, **form.cleaned_data)
    messages.success(request, _("Your judgment is saved."))
    return redirect("casefiles:access")


@require_POST
@idempotent
def end_approval(request: SignedInRequest, uid: Any) -> HttpResponse:
    """Take an approval back."""
    rows = AccessApproval.objects.visible_to(request.user).select_related("client", "user")
    approval: AccessApproval = get_object_or_404(rows, uid=uid)
    operations.privacy.end_approval(approval, by=request.user)
    messages.success(request, _("The approval has ended."))
    return redirect("casefiles:access")
