"""Consent: asking, recording, withdrawing, showing; who saw the data; legal bases."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.http import SignedInRequest, idempotent
from core.jobs import now
from core.templatetags.words import page_language
from referrals.casefiles import operations, queries
from referrals.casefiles.disclosure.decide import Recipient
from referrals.casefiles.forms import ConsentForm, LegalBasisForm, WithdrawForm
from referrals.casefiles.forms.fields import OperationForm
from referrals.casefiles.models import Client, Consent, LegalBasis
from referrals.casefiles.states import ConsentStatus, Purpose, RecipientKind
from referrals.casefiles.views.base import FilePage, FormPage, safe_next


class ConsentsPage(FilePage):
    """What was agreed to, how far it reaches, and how it is taken back."""

    template_name = "casefiles/consents.html"
    tab = "casefiles:consents"

    def context(self) -> dict[str, Any]:
        return {
            "consents": queries.register.consents(self.client),
            "bases": queries.register.legal_bases(self.client),
            "grants": queries.register.grants(self.client, self.request.user),
        }


class NewConsentPage(FormPage):
    """Recording what the client says.

    Other pages lead here with ?recipient=service:<uid>&classes=a,b&next=<path>.
    """

    template_name = "casefiles/consent_new.html"
    tab = "casefiles:consents"

    def form(self, *args: Any, **kwargs: Any) -> OperationForm:
        return ConsentForm(*args, client=self.client, whom=self.whom(), **kwargs)

    def initial(self) -> dict[str, Any]:
        until = queries.register.default_end(self.client, now())
        end = timezone.localdate(until - timedelta(days=1))
        given = self.request.GET
        return {
            "expires_on": end,
            "witness_1": self.request.user.name,
            "recipient": given.get("recipient", ""),
            "classes": given.get("classes", "").split(","),
        }

    def whom(self) -> Recipient | None:
        """Return the recipient that the page was opened for; an unknown one does not exist."""
        given = self.request.POST.get("recipient") or self.request.GET.get("recipient") or ""
        if not given:
            return None
        kind, _colon, uid = given.partition(":")
        found = queries.notices.recipient_from(kind, uid) if kind in RecipientKind.values else None
        if found is None:
            raise Http404
        return found

    def purpose_of_data(self) -> str:
        """Return what the data are for; referral unless the page was opened for another."""
        given = self.request.POST.get("purpose") or self.request.GET.get("purpose") or ""
        return given if given in Purpose.values else Purpose.REFERRAL

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        form, whom = context["form"], self.whom()
        text = queries.notices.text_for(self.purpose_of_data(), page_language())
        if text is None:
            raise Http404
        chosen = self.initial()["classes"]
        name = queries.notices.name_of(whom.kind, whom.uid) if whom else ""
        options = form.options(chosen)
        return super().show(
            status,
            options=options,
            never=form.never.values(),
            recipient_name=name,
            purpose_of_data=self.purpose_of_data(),
            text=text,
            notice=queries.notices.read_out(
                text,
                self.client,
                recipients=[name] if name else [],
                classes=[option["value"] for option in options if option["checked"]],
                until=queries.register.default_end(self.client, now()),
            ),
            next=safe_next(self.request, reverse("casefiles:consents", args=[self.client.uid])),
            **context,
        )

    def done(self, form: ConsentForm) -> HttpResponse:
        text = queries.notices.text_for(self.purpose_of_data(), page_language())
        if text is None:
            raise Http404
        if form.cleaned_data["answer"] == "refuse":
            operations.consent.refuse(
                self.client, by=self.request.user, text=text, said=form.said()
            )
            messages.success(
                self.request, _("The refusal is saved. Every other help stays open to the client.")
            )
        else:
            operations.consent.record(
                self.client,
                by=self.request.user,
                text=text,
                said=form.said(),
                wishes=form.wishes(),
                expires_at=form.expires_at(),
            )
            messages.success(self.request, _("The consent is saved."))
        return redirect(
            safe_next(self.request, reverse("casefiles:consents", args=[self.client.uid]))
        )


class _ConsentPage(FormPage):
    """A page of one consent of a file."""

    tab = "casefiles:consents"

    def get_object(self) -> Client:
        rows = Consent.objects.visible_to(self.request.user).select_related(
            "client__organization", "client__area", "text", "recorded_by"
        )
        self.consent: Consent = get_object_or_404(rows, uid=self.kwargs["uid"])
        client: Client = self.consent.client
        return client


class ConsentPage(_ConsentPage):
    """The receipt: the notice as it was read, to be printed in either language."""

    http_method_names = ["get", "head"]  # as Django's View has it
    template_name = "casefiles/consent.html"

    def get(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Show the receipt."""
        language = request.GET.get("in", page_language())
        language = language if language in queries.notices.LANGUAGES else page_language()
        return self.show(
            consent=self.consent,
            language=language,
            languages=queries.notices.LANGUAGES,
            notice=queries.notices.as_given(self.consent, language),
            scopes=queries.register.scopes(self.consent),
            at=now(),
        )


class WithdrawPage(_ConsentPage):
    """Withdrawing: one page that says what stops and what stays, one button."""

    template_name = "casefiles/consent_withdraw.html"
    form_class = WithdrawForm

    def initial(self) -> dict[str, Any]:
        return {"via": "phone"}

    def context(self) -> dict[str, Any]:
        if self.consent.status != ConsentStatus.ACTIVE:
            raise Http404
        return {
            "consent": self.consent,
            "scopes": queries.register.scopes(self.consent),
            "grants": queries.register.resting_on(self.consent),
        }

    def done(self, form: WithdrawForm) -> HttpResponse:
        stopped = operations.consent.withdraw(
            self.consent, by=self.request.user, **form.cleaned_data
        )
        text = ngettext(
            "The consent is withdrawn. %(count)s provision of data has stopped.",
            "The consent is withdrawn. %(count)s provisions of data have stopped.",
            stopped.revoked_grants,
        )
        return self.back("casefiles:consents", text % {"count": stopped.revoked_grants})


class EvidencePage(_ConsentPage):
    """The signed page, handed out to who sees the file and never opened by the browser."""

    http_method_names = ["get", "head"]  # as Django's View has it
    reveals = ("evidence",)

    def get(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Hand out the file."""
        if not self.consent.evidence:
            raise Http404
        ending = {"application/pdf": "pdf", "image/jpeg": "jpg"}.get(self.consent.evidence_type)
        with self.consent.evidence.open("rb") as stored:
            content = stored.read()
        return HttpResponse(
            content,
            content_type=self.consent.evidence_type or "application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="consent.{ending or "bin"}"',
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox",
            },
        )


class WhoSawPage(FilePage):
    """Who has seen the client's data: one page to print and hand over (C10)."""

    template_name = "casefiles/who_saw.html"
    tab = "casefiles:consents"

    def context(self) -> dict[str, Any]:
        return {
            "readings": queries.register.seen_by(self.client, self.request.user),
            "grants": queries.register.given_to(self.client, self.request.user),
            "at": now(),
        }


class NewBasisPage(FormPage):
    """Writing down a duty or power to provide data without consent."""

    template_name = "casefiles/legal_basis.html"
    tab = "casefiles:consents"
    form_class = LegalBasisForm

    def done(self, form: LegalBasisForm) -> HttpResponse:
        operations.privacy.propose_basis(self.client, by=self.request.user, **form.facts())
        return self.back("casefiles:consents", _("The basis waits for a second person."))


class ApproveBasisPage(FilePage):
    """The second person puts a legal basis in force."""

    template_name = "casefiles/basis_approve.html"
    tab = "casefiles:consents"

    def get_object(self) -> Client:
        rows = LegalBasis.objects.visible_to(self.request.user).select_related(
            "client__organization", "client__area", "author", "approver"
        )
        self.basis: LegalBasis = get_object_or_404(rows, uid=self.kwargs["uid"])
        client: Client = self.basis.client
        return client

    def context(self) -> dict[str, Any]:
        return {
            "basis": self.basis,
            "recipients": queries.register.basis_recipients(self.basis),
            "kinds": [queries.register.class_label(name) for name in self.basis.data_classes],
        }

    @idempotent
    def post(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Approve it."""
        operations.privacy.approve_basis(self.basis, by=request.user)
        messages.success(request, _("The legal basis is in force."))
        return redirect("casefiles:consents", uid=self.client.uid)
