"""Editing what a file says about its person."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest, idempotent
from referrals.casefiles import operations
from referrals.casefiles.forms import (
    ClientForm,
    ConflictForm,
    FactsForm,
    GuardianForm,
    HouseholdForm,
    SafetyForm,
)
from referrals.casefiles.forms.fields import OperationForm
from referrals.casefiles.models import Client, Guardian
from referrals.casefiles.views.base import FilePage, FormPage


class EditPage(FormPage):
    """Everything about the person in full, to be changed; reading it is noted as such."""

    template_name = "casefiles/client_edit.html"
    tab = "casefiles:client"
    form_class = ClientForm
    reveals = ("name", "birth_date", "id_number", "address", "phones")

    def initial(self) -> dict[str, Any]:
        return ClientForm.of(self.client)

    def done(self, form: ClientForm) -> HttpResponse:
        operations.client.change(
            self.client, by=self.request.user, expected_version=self.version(), **form.facts()
        )
        return self.back("casefiles:client", _("The file is changed."))


class SafetyPage(FormPage):
    """How the client may be reached; asked once, and again when something changes."""

    template_name = "casefiles/safety.html"
    tab = "casefiles:client"
    form_class = SafetyForm
    reveals = ("safety",)

    def initial(self) -> dict[str, Any]:
        return SafetyForm.of(getattr(self.client, "contact_safety", None))

    def done(self, form: SafetyForm) -> HttpResponse:
        operations.client.answer_contact_safety(
            self.client, by=self.request.user, **form.cleaned_data
        )
        return self.back("casefiles:client", _("The way to reach the client is saved."))


class FactsPage(FormPage):
    """What is known, one box for each kind of data."""

    template_name = "casefiles/facts.html"
    tab = "casefiles:client"
    reveals = ("facts",)

    def form(self, *args: Any, **kwargs: Any) -> OperationForm:
        return FactsForm(*args, client=self.client, **kwargs)

    def done(self, form: FactsForm) -> HttpResponse:
        for data_class in form.changed_data:
            operations.client.write_fact(
                self.client,
                by=self.request.user,
                data_class=data_class,
                text=form.cleaned_data[data_class],
            )
        return self.back("casefiles:client", _("The particulars are saved."))


class GuardianPage(FormPage):
    template_name = "casefiles/form.html"
    tab = "casefiles:client"
    form_class = GuardianForm

    def context(self) -> dict[str, Any]:
        return {"heading": _("Add a guardian"), "submit": _("Add this guardian")}

    def done(self, form: GuardianForm) -> HttpResponse:
        operations.client.add_guardian(self.client, by=self.request.user, **form.cleaned_data)
        return self.back("casefiles:client", _("The guardian is on file."))


class EndGuardianPage(FilePage):
    """Ending a guardianship, after a page that says what it means."""

    template_name = "casefiles/confirm.html"
    tab = "casefiles:client"

    def get_object(self) -> Client:
        rows = Guardian.objects.visible_to(self.request.user).select_related("client__organization")
        self.guardian: Guardian = get_object_or_404(rows, uid=self.kwargs["uid"])
        client: Client = self.guardian.client
        return client

    def context(self) -> dict[str, Any]:
        return {
            "heading": _("End the guardianship"),
            "effect": _("This person is no longer shown as guardian. Earlier consents stay."),
            "submit": _("End it today"),
            "back_url": reverse("casefiles:client", args=[self.client.uid]),
        }

    @idempotent
    def post(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """End it."""
        operations.client.end_guardian(self.guardian, by=request.user)
        return redirect("casefiles:client", uid=self.client.uid)


class HouseholdPage(FormPage):
    """Put the person into a household that has a file of its own."""

    template_name = "casefiles/form.html"
    tab = "casefiles:client"
    form_class = HouseholdForm

    def context(self) -> dict[str, Any]:
        return {"heading": _("Add to a household"), "submit": _("Add to this household")}

    def done(self, form: HouseholdForm) -> HttpResponse:
        editable = Client.objects.editable_by(self.request.user)
        number = form.cleaned_data["file_no"].strip()
        household = editable.filter(
            organization=self.client.organization, kind="household", file_no=number
        ).first()
        if household is None:
            form.add_error("file_no", _("There is no household with this number among yours."))
            return self.show(form=form, status=422)
        operations.client.join_household(
            household,
            by=self.request.user,
            person=self.client,
            relation=form.cleaned_data["relation"],
            since=form.cleaned_data["since"],
        )
        return self.back("casefiles:client", _("The person is in the household."))


class ConflictPage(FormPage):
    """Saying that one is related to the client: the file closes for oneself at once."""

    template_name = "casefiles/conflict.html"
    tab = "casefiles:client"
    form_class = ConflictForm

    def done(self, form: ConflictForm) -> HttpResponse:
        user = self.request.user
        operations.client.declare_conflict(
            self.client, by=user, user=user, reason=form.cleaned_data["reason"]
        )
        return redirect("casefiles:clients")
