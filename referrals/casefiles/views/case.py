"""The case: stage, team, handing over, closing."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin, View

from accounts.http import SignedInRequest, idempotent
from referrals.casefiles import operations, queries
from referrals.casefiles.forms import (
    AssignForm,
    CloseForm,
    OfferForm,
    ReopenForm,
    SecrecyForm,
    StageForm,
)
from referrals.casefiles.forms.fields import OperationForm
from referrals.casefiles.models import CaseAssignment, CaseFile, CaseTransfer, Client
from referrals.casefiles.states import TransferState
from referrals.casefiles.views.base import FilePage, FormPage


class _CasePage(FormPage):
    """A page of one case of a file."""

    tab = "casefiles:client"
    template_name = "casefiles/form.html"
    heading: ClassVar[object] = ""
    submit: ClassVar[object] = ""

    def get_object(self) -> Client:
        rows = CaseFile.objects.visible_to(self.request.user).select_related(
            "client__organization", "client__area", "responsible"
        )
        self.case: CaseFile = get_object_or_404(rows, uid=self.kwargs["uid"])
        client: Client = self.case.client
        return client

    def context(self) -> dict[str, Any]:
        return {
            "this_case": self.case,
            "heading": self.heading,
            "submit": self.submit,
            "version": self.case.version,
        }

    def back_to_case(self, text: object) -> HttpResponse:
        """Show the case again and say what was done."""
        messages.success(self.request, str(text))
        return redirect("casefiles:case", uid=self.case.uid)


class CasePage(_CasePage):
    """Where the case stands, what the stage still asks for, who is on the team."""

    http_method_names = ["get", "head"]  # as Django's View has it
    template_name = "casefiles/case.html"

    def get(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Show the case."""
        case = self.case
        return self.show(
            stages=queries.casefile.stages(case),
            missing=queries.casefile.missing_for_stage(case) if case.is_open else [],
            team=case.assignments.current().select_related("user", "approved_by"),
            offers=case.transfers.filter(state=TransferState.OFFERED).select_related("to_user"),
            events=case.events.select_related("actor", "subject"),
            stage_form=StageForm(case=case),
            secrecy_form=SecrecyForm(initial={"codes": case.secrecy_told}),
            assign_form=AssignForm(case=case),
            mine=case.responsible_id == request.user.pk,
        )


class StagePage(_CasePage):
    """Going on to the next stage, or back to an earlier one."""

    heading = gettext_lazy("Change the stage")
    submit = gettext_lazy("Change the stage")

    def form(self, *args: Any, **kwargs: Any) -> OperationForm:
        return StageForm(*args, case=self.case, **kwargs)

    def done(self, form: StageForm) -> HttpResponse:
        operations.case.move(
            self.case, by=self.request.user, expected_version=self.version(), **form.cleaned_data
        )
        return self.back_to_case(_("The stage is changed."))


class SecrecyPage(_CasePage):
    """Noting which limits of secrecy were explained."""

    form_class = SecrecyForm

    def done(self, form: SecrecyForm) -> HttpResponse:
        operations.case.explain_secrecy(self.case, by=self.request.user, **form.cleaned_data)
        return self.back_to_case(_("What was explained is saved."))


class AssignPage(_CasePage):
    """Taking a colleague into the team."""

    def form(self, *args: Any, **kwargs: Any) -> OperationForm:
        return AssignForm(*args, case=self.case, **kwargs)

    def done(self, form: AssignForm) -> HttpResponse:
        operations.case.assign(self.case, by=self.request.user, **form.cleaned_data)
        return self.back_to_case(_("The colleague is on the team."))


class ReleasePage(FilePage):
    """Ending an assignment."""

    http_method_names = ["post"]  # as Django's View has it

    def get_object(self) -> Client:
        rows = CaseAssignment.objects.visible_to(self.request.user).select_related(
            "case__client__organization", "case__responsible", "user"
        )
        self.assignment: CaseAssignment = get_object_or_404(rows, uid=self.kwargs["uid"])
        client: Client = self.assignment.case.client
        return client

    @idempotent
    def post(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """End it."""
        operations.case.release(self.assignment, by=request.user)
        messages.success(request, _("The colleague has left the team."))
        return redirect("casefiles:case", uid=self.assignment.case.uid)


class OfferPage(_CasePage):
    """Handing the case over to a colleague."""

    heading = gettext_lazy("Hand the case over")
    submit = gettext_lazy("Offer the case")

    def form(self, *args: Any, **kwargs: Any) -> OperationForm:
        return OfferForm(*args, case=self.case, **kwargs)

    def done(self, form: OfferForm) -> HttpResponse:
        operations.case.offer(self.case, by=self.request.user, **form.cleaned_data)
        return self.back_to_case(_("The case is offered; until it is accepted it stays yours."))


class ClosePage(_CasePage):
    """Closing a case over which nothing hangs."""

    heading = gettext_lazy("Close the case")
    submit = gettext_lazy("Close the case")
    form_class = CloseForm

    def done(self, form: CloseForm) -> HttpResponse:
        operations.case.close(
            self.case, by=self.request.user, expected_version=self.version(), **form.cleaned_data
        )
        return self.back_to_case(_("The case is closed."))


class ReopenPage(_CasePage):
    """Taking a closed case up again."""

    heading = gettext_lazy("Open the case again")
    submit = gettext_lazy("Open the case again")
    form_class = ReopenForm

    def done(self, form: ReopenForm) -> HttpResponse:
        operations.case.reopen(
            self.case, by=self.request.user, expected_version=self.version(), **form.cleaned_data
        )
        return self.back_to_case(_("The case is open again."))


class TransferPage(TemplateResponseMixin, View):
    """An offered case: number and reason, before the file opens."""

    request: SignedInRequest
    template_name = "casefiles/transfer.html"

    def get_object(self) -> CaseTransfer:
        """Return an open offer to this user."""
        rows = CaseTransfer.objects.offered_to(self.request.user)
        found: CaseTransfer = get_object_or_404(
            rows.select_related("case__client", "from_user"), uid=self.kwargs["uid"]
        )
        return found

    def get(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Show the offer."""
        return self.render_to_response({"offer": self.get_object()})

    @idempotent
    def post(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Accept or decline."""
        offer = self.get_object()
        state = request.POST.get("state")
        if state not in {TransferState.ACCEPTED, TransferState.DECLINED}:
            raise Http404
        operations.case.answer(offer, by=request.user, state=state)
        if state == TransferState.ACCEPTED:
            return redirect("casefiles:client", uid=offer.case.client.uid)
        return redirect("casefiles:clients")
