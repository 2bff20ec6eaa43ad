"""R3: a partner without an account answers by link; identity only after acceptance and code."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.errors import RateLimited
from accounts.http import idempotent
from accounts.operations import limits
from accounts.queries import guest
from core.errors import DomainError
from referrals.casefiles.states import Tier
from referrals.handoffs import http, operations, packet, queries
from referrals.handoffs.forms import AnswerForm, CodeForm, TakeStep
from referrals.handoffs.forms.answer import ANSWERS
from referrals.handoffs.states import UNDECIDED, Entry, Event, LinkKind, Status
from referrals.handoffs.views import base, story
from referrals.handoffs.views.doors import Door, Enter
from referrals.handoffs.views.referral import usual, usual_answer


class AnswerEnter(Enter):
    """The address of the message."""

    kind = LinkKind.RECIPIENT


class AnswerDoor(Door):
    """What all pages of a recipient's link share."""

    kind = LinkKind.RECIPIENT

    @property
    def is_proved(self) -> bool:
        """Say whether the code was given."""
        return self.stage == http.PROVED

    def may_send_code(self) -> bool:
        """Count a code, outside the act; a spent budget is no reason to stop answering."""
        if not self.link.code_address:
            return False
        try:
            limits.hit("code_issues", str(self.link.uid))
        except RateLimited as error:
            messages.warning(self.request, str(error.message))
            return False
        return True

    def send_code(self) -> None:
        """Send the second factor."""
        operations.links.send_code(self.link, by=guest())
        messages.success(self.request, _("A code is on its way to your phone."))


class AnswerPage(AnswerDoor):
    """Landing, preview and answer, then the packet: one page, as far as the holder has come."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the landing page until somebody presses its button."""
        if self.stage == http.NEW:
            context = {"link": self.link, "referral": self.link.referral}
            return render(request, "handoffs/answer_landing.html", context)
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open, or take the chosen answer."""
        if request.POST.get("intent") == "open":
            return self._open(request, with_code=self.may_send_code())
        return self._answer(request)

    @idempotent
    def _answer(self, request: HttpRequest) -> HttpResponse:
        referral = self.link.referral
        steps = queries.allowed(referral, by=guest(), link=self.link)
        form = AnswerForm(request.POST, steps=steps, by_link=True)
        if not form.is_valid():
            return self.show(status=422, form=form)
        try:
            base.take(
                request,
                referral,
                form.cleaned_data["answer"],
                by=guest(),
                data=form.data_of_step(),
                link=self.link,
            )
        except DomainError as error:
            if not form.take(error):
                raise
            return self.show(status=422, form=form)
        self.link.refresh_from_db()
        return self._after(form) if queries.is_live(self.link) else self._done()

    @idempotent
    def _open(self, request: HttpRequest, *, with_code: bool) -> HttpResponse:
        """Count the opening, confirm receipt, send the code; then the preview is shown."""
        operations.links.count_opening(self.link, by=guest())
        referral = self.link.referral
        if referral.status == Status.SENT:
            operations.apply(
                referral,
                event=Event.ACKNOWLEDGE,
                by=guest(),
                link=self.link,
                expected_version=referral.version,
                idempotency_key=request.POST.get("idempotency_key", ""),
            )
        if with_code:
            self.send_code()
        return self.at_stage(self.again(), http.OPENED)

    def _after(self, form: AnswerForm) -> HttpResponse:
        """Open the packet at once where the code came with the answer."""
        messages.success(self.request, _("Your answer is on its way. Thank you."))
        code = form.cleaned_data.get("code", "")
        if code and operations.links.prove(self.link, by=guest(), code=code):
            return self.at_stage(self.again(), http.PROVED)
        if code:
            messages.error(self.request, _("The code was wrong. Please enter it again."))
        return self.at_stage(self.again(), self.stage)

    def _done(self) -> HttpResponse:
        """Thank whoever has answered for the last time: the link opens nothing any more."""
        referral = self.link.referral
        context = {"referral": referral, "phone": queries.office_phone(referral.sender_org)}
        return render(self.request, "handoffs/answer_done.html", context)

    def show(self, *, status: int = 200, form: AnswerForm | None = None) -> HttpResponse:
        """Render what the holder may see now."""
        referral = self.link.referral
        steps = queries.allowed(referral, by=guest(), link=self.link)
        answers = [step for step in steps if step.event in ANSWERS]
        undecided = referral.status in UNDECIDED
        if form is None and undecided and answers:
            person = referral.off_platform_contact.person if referral.off_platform_contact else ""
            form = AnswerForm(steps=answers, by_link=True, initial=usual_answer(referral, person))
        context = {
            "link": self.link,
            "referral": referral,
            "title": story.title(referral),
            "other": story.recipient_name(referral),
            "phone": queries.office_phone(referral.sender_org),
            "form": form if undecided else None,
            "code_form": CodeForm(),
            "steps": [
                step
                for step in story.in_order(referral, steps)
                if step not in answers or not undecided
                if step.event not in {Entry.NOTE, Entry.PROXY_CORRECTED}
            ],
            **self._packet(),
        }
        return render(self.request, "handoffs/answer.html", context, status=status)

    def _packet(self) -> dict[str, Any]:
        """Return the preview; after acceptance and code the full packet, entered as read."""
        referral = self.link.referral
        preview = referral.packets.filter(tier=Tier.PREVIEW).latest("number")
        cell = packet.Cell.from_json(preview.body)
        context: dict[str, Any] = {
            "preview": queries.preview_in_words(cell),
            "wants_code": False,
            "rows": [],
        }
        if referral.status in operations.packets.FULL_IN:
            if not self.is_proved:
                return context | {"wants_code": True}
            read = operations.packets.read(referral, by=guest(), link=self.link, channel="link")
            context["rows"] = queries.packet_rows(read.body, read.message)
        return context


class CodePage(AnswerDoor):
    """The second factor: sent again, or entered."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the code; every try is counted, the fifth wrong one locks."""
        if request.POST.get("intent") == "send":
            if self.may_send_code():
                self.send_code()
            return self.at_stage(self.again(), self.stage)
        form = CodeForm(request.POST)
        if form.is_valid() and operations.links.prove(
            self.link, by=guest(), code=form.cleaned_data["code"]
        ):
            return self.at_stage(self.again(), http.PROVED)
        self.link.refresh_from_db()
        if self.link.locked_at is not None:
            text = _("The link is locked after five wrong codes. The sender will call you.")
        else:
            text = _("The code was wrong or too old.")
        messages.error(request, text)
        return self.at_stage(self.again(), self.stage)


class AnswerStepPage(AnswerDoor):
    """A later step of the recipient: first contact, progress, outcome."""

    def get(self, request: HttpRequest, event: str) -> HttpResponse:
        """Show what the step asks for."""
        return self._show(self._form(event))

    @idempotent
    def post(self, request: HttpRequest, event: str) -> HttpResponse:
        """Take the step."""
        form = self._form(event, request.POST)
        if form.is_valid():
            try:
                base.take(
                    request,
                    self.link.referral,
                    event,
                    by=guest(),
                    data=form.data_of_step(),
                    link=self.link,
                )
            except DomainError as error:
                if not form.take(error):
                    raise
            else:
                messages.success(request, _("Kept. Thank you."))
                return self.again()
        return self._show(form, status=422)

    def _form(self, event: str, data: Any = None) -> TakeStep:
        referral = self.link.referral
        step = base.step_of(referral, event, by=guest(), link=self.link)
        return TakeStep(
            data, step=step, referral=referral, sending=False, initial=usual(referral, event)
        )

    def _show(self, form: TakeStep, status: int = 200) -> HttpResponse:
        referral = self.link.referral
        context = {
            "referral": referral,
            "title": story.title(referral),
            "step": form.step,
            "form": form,
            "back": reverse("handoffs:answer"),
            "by_link": True,
        }
        return render(self.request, "handoffs/step.html", context, status=status)
