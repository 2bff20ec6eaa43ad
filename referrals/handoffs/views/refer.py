"""W6: one page on which a need goes to a recipient, with consent and an exact preview."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.http import SignedInRequest, idempotent
from accounts.permissions import Permission
from core.errors import DomainError
from core.jobs import now
from directory.catalogue import queries as catalogue
from directory.catalogue.models import Service, ServiceAtLocation
from referrals.casefiles import disclosure
from referrals.casefiles import queries as files
from referrals.casefiles.models import Need
from referrals.casefiles.states import Purpose
from referrals.handoffs import guards, operations, packet, queries
from referrals.handoffs.errors import DuplicateOpen
from referrals.handoffs.forms import OffPlatformForm, ReferForm
from referrals.handoffs.http import count_sending
from referrals.handoffs.models import OffPlatformContact, Referral
from referrals.handoffs.operations.drafts import ConsentGiven, Draft
from referrals.handoffs.states import Event, Status
from referrals.handoffs.views import base
from referrals.handoffs.views.find import condition_names, find_need

# What the page itself cannot cure: the button stays shut and says where to go.
ELSEWHERE = {
    "contact_safety_unknown": "casefiles:safety",
    "no_open_need": "casefiles:needs",
}


class ReferPage(View):
    """A new referral, or a draft that is still being written."""

    request: SignedInRequest
    need: Need
    service: Service | None
    draft: Referral | None
    after: Referral | None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Find what the address names before anything else is looked at."""
        given = request.GET
        if request.method == "GET" and given.get("service") and not given.get("need"):
            return self._for_whom(_uid(given["service"]))
        self._find()
        return super().dispatch(request, *args, **kwargs)

    def _for_whom(self, uid: UUID) -> HttpResponse:
        """Let a worker who comes from a listing choose the need, the fitting ones first."""
        user = self.request.user
        rows = Service.objects.visible_to(user).select_related("organization")
        service = get_object_or_404(rows, uid=uid)
        context = {"service": service, "needs": queries.needs_for(service, by=user)}
        return render(self.request, "handoffs/refer_for.html", context)

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the page filled in as far as it is known."""
        return self._show(self._form(), OffPlatformForm(prefix="to"))

    def post(self, request: SignedInRequest) -> HttpResponse:
        """Preview, keep as a draft, or send: as the button says."""
        if request.POST.get("intent") == "send":
            count_sending(self.need.client.organization, Event.SEND)
        return self._posted(request)

    @idempotent
    def _posted(self, request: SignedInRequest) -> HttpResponse:
        form = self._form(request.POST)
        outside = OffPlatformForm(request.POST, prefix="to")
        intent = request.POST.get("intent", "preview")
        if intent == "preview":
            return self._show(form, outside)
        known = self.service is not None or self.draft is not None
        if not form.is_valid() or not (known or outside.is_valid()):
            return self._show(form, outside, status=422)
        try:
            referral = self._act(form, outside, send=intent == "send")
        except DuplicateOpen as error:
            form.add_error(None, str(error.message))
            return self._show(form, outside, status=409)
        except DomainError as error:
            if not form.take(error):
                raise
            return self._show(form, outside, status=422)
        return base.back(request, referral, self._done(referral))

    # ---- Acting -----------------------------------------------------------------------------
    def _act(self, form: ReferForm, outside: OffPlatformForm, *, send: bool) -> Referral:
        contact = None if self.service or self.draft else self._contact(outside)
        consent = self._consent(form, contact) if send else None
        return operations.drafts.refer(
            self.need,
            by=self.request.user,
            idempotency_key=self.request.POST.get("idempotency_key", ""),
            sends=send,
            consent=consent,
            into=Draft(
                self.service, contact, self.draft, base.version_of(self.request), self.after
            ),
            place=self._place(),
            **form.facts(),
        )

    def _consent(self, form: ReferForm, contact: OffPlatformContact | None) -> ConsentGiven | None:
        """Return what the client has just agreed to, for what no consent covers yet."""
        missing = self._uncovered(form)
        proposal = form.proposal()
        drafted = self.draft.off_platform_contact if self.draft else None
        proposal.off_platform_contact = contact or drafted
        if not missing or not form.cleaned_data["agreed"]:
            return None
        text = files.notices.text_for(Purpose.REFERRAL, get_language() or "zh-hans")
        if text is None:
            raise Http404
        whom = packet.recipient(proposal)
        return ConsentGiven(text, form.said(), form.wishes(form.chosen(), whom), form.consent_end())

    def _contact(self, outside: OffPlatformForm) -> OffPlatformContact:
        return operations.drafts.note_contact(by=self.request.user, **outside.cleaned_data)

    def _done(self, referral: Referral) -> str:
        if referral.status == Status.SENT:
            return _("The referral is sent.")
        if referral.status == Status.PENDING_APPROVAL:
            return _("A supervisor looks at it before it is sent.")
        return _("The draft is kept.")

    # ---- Showing ----------------------------------------------------------------------------
    def _show(self, form: ReferForm, outside: OffPlatformForm, status: int = 200) -> HttpResponse:
        proposal = form.proposal()
        proposal.data_classes = form.chosen()
        proposal.details = {
            name: form.data.get(f"about_{name}", "") for name in proposal.data_classes
        }
        uncovered = self._uncovered(form) if self.service or self.draft else form.chosen()
        agreed = bool(form["agreed"].value())
        checks = self._checks(proposal, uncovered, agreed=agreed)
        context = {
            "need": self.need,
            "service": self.service,
            "draft": self.draft,
            "after": self.after,
            "attempt": proposal.attempt_no,
            "form": form,
            "outside": outside,
            "options": form.options(set(form.chosen()) - set(uncovered)),
            "uncovered": uncovered,
            "notice": self._notice(form, uncovered),
            "checks": checks,
            "stopped": next((one for one in checks if one["mark"] == "stop"), None),
            "tiers": self._tiers(proposal),
            "listing": self._listing(),
            "can_send": self.request.user.may(
                Permission.REFERRAL_SEND, self.need.client.organization_id
            ),
            "needs_approval": bool(guards.approval_reasons(proposal, at=now())),
            **files.frame.frame(self.need.client, self.request.user, "casefiles:needs"),
        }
        template = "_live.html" if getattr(self.request, "htmx", False) else "refer.html"
        response = render(self.request, f"handoffs/{template}", context, status=status)
        response["Vary"] = "HX-Request"
        return response

    def _checks(
        self, proposal: Referral, uncovered: list[str], *, agreed: bool
    ) -> list[dict[str, Any]]:
        """Return what stands in the way in words, what is merely worth knowing, what is well."""
        found = [
            one
            for one in guards.examine(proposal, by=self.request.user)
            if one.guard != "G5" and not (one.code == "basis_missing" and agreed)
        ]
        checks = [
            {
                "text": one.detail,
                "mark": "stop" if one.blocks else "warn",
                "field": one.field,
                "note": "" if one.blocks else _("for your information, does not stop it"),
                **self._cure(one.code),
            }
            for one in found
        ]
        codes = {one.code for one in found}
        if not codes & {"basis_missing", "packet_empty"}:
            checks.append({"text": _("Consent covers what is given"), "mark": "ok"})
        if "duplicate_open" not in codes:
            checks.append({"text": _("No open referral of this kind"), "mark": "ok"})
        return checks

    def _cure(self, code: str) -> dict[str, Any]:
        name = ELSEWHERE.get(code)
        if name is None:
            return {}
        return {"url": reverse(name, args=[self.need.client.uid]), "action": _("Do it now")}

    def _tiers(self, proposal: Referral) -> list[dict[str, Any]]:
        """Return exactly what the recipient will see, before and after acceptance."""
        cell = packet.preview(
            self.need.client,
            category=proposal.category,
            priority=proposal.priority,
            service=self.service,
        )
        body = packet.full(proposal)
        return [
            {
                "title": _("Before acceptance"),
                "kind": "open",
                "rows": queries.preview_in_words(cell).rows,
            },
            {
                "title": _("Shown after acceptance only"),
                "kind": "full",
                "rows": queries.packet_rows(body, proposal.summary),
            },
            {
                "title": _("Not given"),
                "kind": "out",
                "text": queries.left_out(proposal.data_classes),
            },
        ]

    def _notice(self, form: ReferForm, uncovered: list[str]) -> dict[str, Any]:
        """Return the notice that is read out before the client agrees."""
        text = files.notices.text_for(Purpose.REFERRAL, get_language() or "zh-hans")
        if text is None or not uncovered:
            return {}
        name = str(self.service.organization.text("name")[0]) if self.service else ""
        return {
            "language": text.language,
            "number": text.number,
            "body": files.notices.read_out(
                text,
                self.need.client,
                recipients=[name or _("the organization named above")],
                classes=form.chosen(),
                until=None,
            ),
        }

    def _listing(self) -> dict[str, Any]:
        """Return what decides success: conditions, room, how true the entry is, the record."""
        if self.service is None:
            return {}
        marks = packet.fits(self.service, self.need.client)
        effective = catalogue.effective(self._place() or self.service)
        records = queries.records_of([self.service], self.need.category.code)
        names = condition_names(())
        names |= queries.condition_words({mark.code for mark in marks})
        return {
            "marks": [(names.get(mark.code, mark.code), mark.verdict) for mark in marks],
            "availability": effective.availability,
            "capacity": effective.capacity,
            "record": records.get(self.service.pk),
            "on_platform": queries.is_on_platform(self.service.organization),
        }

    # ---- Finding ----------------------------------------------------------------------------
    def _find(self) -> None:
        user, given = self.request.user, self.request.GET
        self.draft = self._referral(given.get("draft"))
        self.after = self._referral(given.get("after"))
        if self.draft is not None:
            if self.draft.status != Status.DRAFT:
                raise Http404
            self.need = find_need(user, self.draft.served[0].uid)
            self.service = self.draft.service
            return
        self.need = find_need(user, _uid(given.get("need")))
        self.service = None
        if given.get("service"):
            rows = Service.objects.visible_to(user).select_related("organization")
            self.service = get_object_or_404(rows, uid=_uid(given.get("service")))

    def _referral(self, uid: str | None) -> Referral | None:
        return base.find(self.request.user, _uid(uid)) if uid else None

    def _place(self) -> ServiceAtLocation | None:
        """Return the site that was chosen, or the only one there is."""
        if self.draft is not None:
            return self.draft.place
        if self.service is None:
            return None
        rows = self.service.places.filter(deleted_at__isnull=True, state="active")
        given = self.request.GET.get("place")
        if given:
            return rows.filter(uid=_uid(given)).first()
        found = list(rows[:2])
        return found[0] if len(found) == 1 else None

    def _form(self, data: Any = None) -> ReferForm:
        return ReferForm(
            data,
            need=self.need,
            service=self.service,
            by=self.request.user,
            draft=self.draft,
            after=self.after,
        )

    def _uncovered(self, form: ReferForm) -> list[str]:
        """Return the ticked classes that no consent and no legal basis covers yet."""
        proposal = form.proposal()
        answers = disclosure.decisions(
            proposal.client,
            packet.recipient(proposal),
            Purpose.REFERRAL,
            form.chosen(),
            now(),
        )
        return [str(name) for name, answer in answers.items() if not answer.allowed]


def _uid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Http404 from None
