"""W7: one referral, its next steps, its story; the packet; links for people without account."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.http import SignedInRequest, idempotent
from core.errors import DomainError
from core.jobs import now, today
from referrals.casefiles.errors import AccessEnded
from referrals.casefiles.states import Tier
from referrals.handoffs import operations, packet, queries
from referrals.handoffs.clocks import LATE
from referrals.handoffs.forms import AnswerForm, LinkForm, TakeStep
from referrals.handoffs.forms.answer import ANSWERS
from referrals.handoffs.guards import hats
from referrals.handoffs.http import count_sending
from referrals.handoffs.models import Referral
from referrals.handoffs.queries import Allowed
from referrals.handoffs.states import DONE, PREPARED, Actor, Clock, Entry, Event, LinkKind, Status
from referrals.handoffs.views import base, story


class ReferralPage(View):
    """Everything about one referral, for the side the reader stands on."""

    request: SignedInRequest

    def get(self, request: SignedInRequest, uid: UUID) -> HttpResponse:
        """Show it; a recipient's reading of the packet is entered with it."""
        referral = base.find(request.user, uid)
        return self.show(referral)

    def show(self, referral: Referral, *, status: int = 200, **more: Any) -> HttpResponse:
        """Render the page for the reader's side."""
        user = self.request.user
        recipient = base.is_recipient(referral, user)
        steps = queries.allowed(referral, by=user)
        log = queries.history(referral)
        context = {
            "referral": referral,
            "recipient": recipient,
            "side": "recipient" if recipient else "sender",
            "title": story.title(referral),
            "other": story.recipient_name(referral),
            "turn": story.turn(referral, recipient=recipient),
            "buttons": story.buttons(referral, steps),
            "path": story.path(referral),
            "limits": story.limits(referral),
            "thread": story.messages(log, sending=not recipient),
            "log": story.log_lines(log),
            "can_write": any(step.event == Entry.NOTE for step in steps),
            **(self._received(referral, steps) if recipient else self._sent(referral)),
        }
        page = "handoffs/referral_in.html" if recipient else "handoffs/referral.html"
        return render(self.request, page, context | more, status=status)

    def _received(self, referral: Referral, steps: list[Allowed]) -> dict[str, Any]:
        """Return what the recipient reads and answers."""
        try:
            read = operations.packets.read(referral, by=self.request.user)
        except AccessEnded:
            return {"read": None, "outcome": _outcome(referral)}
        answers = [step for step in steps if step.event in ANSWERS]
        undecided = referral.status in {Status.ACKNOWLEDGED, Status.SENT, Status.INFO_REQUESTED}
        return {
            "read": read,
            "is_full": read.tier == Tier.FULL,
            "preview": queries.preview_in_words(read.preview),
            "rows": queries.packet_rows(read.body, read.message),
            "answer_form": AnswerForm(
                steps=answers, initial=usual_answer(referral, self.request.user.name)
            )
            if answers and undecided and referral.status != Status.SENT
            else None,
        }

    def _sent(self, referral: Referral) -> dict[str, Any]:
        """Return what the sender looks after: chain, information given, where else to turn."""
        user = self.request.user
        own = hats(referral, by=user)
        late = any(clock.level >= LATE for clock in referral.running_clocks)
        turn_elsewhere = late or referral.status in {
            *(Status.DECLINED, Status.FAILED, Status.EXPIRED)
        }
        link = queries.live_link(referral) if Actor.SND in own else None
        first = referral.served[:1]
        return {
            "attempts": story.attempts(referral),
            "need": first[0] if first else None,
            "given": queries.class_names(referral.data_classes),
            "consents": queries.consents_of(referral),
            "alternatives": queries.alternatives(referral, by=user) if turn_elsewhere else [],
            "can_go_on": referral.status in DONE and Actor.SND in own,
            "is_draft": referral.status in PREPARED,
            "can_send": Actor.SND in own and referral.status == Status.DRAFT,
            "on_the_case": Actor.SND in own,
            "link": link,
            "link_form": LinkForm(initial={"kind": LinkKind.RECIPIENT}),
            "client_link_form": LinkForm(initial={"kind": LinkKind.CLIENT}),
            "reason": queries.reason_label(referral) if referral.end_reason else "",
        }


class AnswerPage(ReferralPage):
    """The recipient's answer, given on the page of the referral."""

    http_method_names = ["post"]

    @idempotent
    def post(self, request: SignedInRequest, uid: UUID) -> HttpResponse:
        """Take the chosen answer; a refusal is shown where it can be corrected."""
        referral = base.find(request.user, uid)
        steps = queries.allowed(referral, by=request.user)
        form = AnswerForm(request.POST, steps=steps)
        if form.is_valid():
            event = form.cleaned_data["answer"]
            try:
                base.take(request, referral, event, by=request.user, data=form.data_of_step())
            except DomainError as error:
                if not form.take(error):
                    raise
            else:
                return base.back(request, referral, _("Your answer is on its way."))
        return self.show(referral, status=422, answer_form=form)


class StepPage(View):
    """The form of one step: what it needs, what it will do."""

    def get(self, request: SignedInRequest, uid: UUID, event: str) -> HttpResponse:
        """Show what the step asks for."""
        referral = base.find(request.user, uid)
        step = base.step_of(referral, event, by=request.user)
        sending = not base.is_recipient(referral, request.user)
        form = TakeStep(
            step=step, referral=referral, sending=sending, initial=usual(referral, event)
        )
        return self._show(request, referral, form)

    def post(self, request: SignedInRequest, uid: UUID, event: str) -> HttpResponse:
        """Take the step."""
        count_sending(base.find(request.user, uid).sender_org, event)
        return self._taken(request, uid, event)

    @idempotent
    def _taken(self, request: SignedInRequest, uid: UUID, event: str) -> HttpResponse:
        referral = base.find(request.user, uid)
        step = base.step_of(referral, event, by=request.user)
        sending = not base.is_recipient(referral, request.user)
        form = TakeStep(request.POST, step=step, referral=referral, sending=sending)
        if form.is_valid():
            try:
                base.take(
                    request,
                    referral,
                    event,
                    by=request.user,
                    data=form.data_of_step(),
                    reported=form.reported(),
                )
            except DomainError as error:
                if not form.take(error):
                    raise
            else:
                return base.back(request, referral)
        return self._show(request, referral, form, status=422)

    def _show(
        self, request: SignedInRequest, referral: Referral, form: TakeStep, status: int = 200
    ) -> HttpResponse:
        context = {
            "referral": referral,
            "title": story.title(referral),
            "step": form.step,
            "form": form,
            "back": reverse("handoffs:referral", args=[referral.uid]),
        }
        return render(request, "handoffs/step.html", context, status=status)


class PacketPage(View):
    """What was given, as it was frozen: for the sender's team."""

    def get(self, request: SignedInRequest, uid: UUID) -> HttpResponse:
        """Show every number of the packet."""
        referral = base.find(request.user, uid)
        if base.is_recipient(referral, request.user):
            return redirect("handoffs:referral", uid=uid)
        if not hats(referral, by=request.user) & {Actor.SND, Actor.SUP}:
            raise AccessEnded
        snapshots = list(referral.packets.order_by("number"))
        cells = [packet.Cell.from_json(one.body) for one in snapshots if one.tier == Tier.PREVIEW]
        full = [one for one in snapshots if one.tier == Tier.FULL]
        context = {
            "referral": referral,
            "title": story.title(referral),
            "preview": queries.preview_in_words(cells[-1]) if cells else None,
            "numbers": [(one, queries.packet_rows(one.body)) for one in full],
            "left_out": queries.left_out(referral.data_classes),
            "printed_at": now(),
        }
        return render(request, "handoffs/packet.html", context)


class LinksPage(View):
    """Links that the sender gives out, takes back, or reads a code for."""

    http_method_names = ["post"]

    @idempotent
    def post(self, request: SignedInRequest, uid: UUID) -> HttpResponse:
        """Issue, revoke or read out, as the button says."""
        referral = base.find(request.user, uid)
        intent = request.POST.get("intent", "")
        if intent == "issue":
            return self._issue(request, referral)
        link = queries.live_link(referral)
        if link is None:
            messages.error(request, _("There is no link that still opens anything."))
        elif intent == "revoke":
            operations.links.revoke(link, by=request.user)
            messages.success(request, _("The link is closed."))
        else:
            code = operations.links.read_out(link, by=request.user)
            text = _("Read this code out: %(code)s. It holds for 10 minutes.")
            messages.success(request, text % {"code": code})
        return redirect("handoffs:referral", uid=uid)

    def _issue(self, request: SignedInRequest, referral: Referral) -> HttpResponse:
        form = LinkForm(request.POST)
        if not form.is_valid():
            first = next(iter(form.errors.values()))[0]
            messages.error(request, str(first))
            return redirect("handoffs:referral", uid=referral.uid)
        operations.links.issue(referral, by=request.user, **form.cleaned_data)
        messages.success(request, _("A new link is on its way; the one before is closed."))
        return redirect("handoffs:referral", uid=referral.uid)


def usual_answer(referral: Referral, name: str) -> dict[str, Any]:
    """Return what stands in the answer beforehand: who is signed in, and the day clock C allows."""
    clock = next((one for one in queries.running(referral) if one.kind == Clock.CONTACT), None)
    latest = timezone.localdate(clock.due_at) if clock else today()
    return {
        "answer": Event.ACCEPT,
        "contact_name": name,
        "expected_contact_on": max(latest, today()),
    }


def usual(referral: Referral, event: str) -> dict[str, Any]:
    """Return what stands in a step's form beforehand."""
    at = timezone.localtime(now())
    known: dict[str, Any] = {"first_contact_at": at, "at": at, "ongoing": True}
    if event == Event.VERIFY_CLOSE:
        for row in referral.needs.all():
            known[f"result__{row.need.uid}"] = row.outcome
    return known


def _outcome(referral: Referral) -> str:
    return str(referral.get_status_display())
