"""P6: what a client sees by the own link: plain words, whose turn, what one can say."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import idempotent
from accounts.queries import guest
from referrals.handoffs import http, operations, queries
from referrals.handoffs.forms import BirthDateForm, CodeForm
from referrals.handoffs.states import LinkKind, Status, Turn
from referrals.handoffs.views import story
from referrals.handoffs.views.doors import Door, Enter

PLAIN: dict[str, str | Promise] = {
    Status.DRAFT: gettext_lazy("We are preparing it."),
    Status.PENDING_APPROVAL: gettext_lazy("We are preparing it."),
    Status.SENT: gettext_lazy("We have asked for help. They have to answer."),
    Status.ACKNOWLEDGED: gettext_lazy("They have got our letter and have to answer."),
    Status.INFO_REQUESTED: gettext_lazy("They have a question. We answer it."),
    Status.ACCEPTED: gettext_lazy("They help. They will contact you."),
    Status.WAITLISTED: gettext_lazy("You are on the waiting list."),
    Status.IN_SERVICE: gettext_lazy("The help has begun."),
    Status.ON_HOLD: gettext_lazy("The help has paused for a while."),
    Status.OUTCOME_REPORTED: gettext_lazy("They say it is done. We ask you whether that is so."),
    Status.CLOSED: gettext_lazy("It is finished."),
    Status.DECLINED: gettext_lazy("They cannot help. We look for somebody else."),
    Status.FAILED: gettext_lazy("It did not work. We look for somebody else."),
    Status.EXPIRED: gettext_lazy("They did not answer. We look for somebody else."),
    Status.CANCELLED: gettext_lazy("It was stopped."),
    Status.ENTERED_IN_ERROR: gettext_lazy("It was stopped."),
}
SAYS = (
    ("contacted", gettext_lazy("They have contacted me")),
    ("helped", gettext_lazy("I have got help")),
    ("not_helped", gettext_lazy("I have not got help")),
)


@method_decorator(login_not_required, name="dispatch")
class StatusEnter(Enter):
    """The address of the message, or of the QR code on a slip."""

    kind = LinkKind.CLIENT


@method_decorator(login_not_required, name="dispatch")
class StatusPage(Door):
    """Asks for the birth date or a code first; then says how it stands."""

    kind = LinkKind.CLIENT

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Explain the page to people who come without a link."""
        if not request.COOKIES.get(f"link_{self.kind}"):
            return http.sealed(render(request, "handoffs/status_start.html"))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the question, or the state."""
        if self.stage != http.PROVED:
            return self._ask()
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Prove who you are, say how it is, or take consent back."""
        if self.stage != http.PROVED:
            return self._prove()
        intent = request.POST.get("intent", "")
        if intent == "leave":
            return http.drop(self.again(), self.kind)
        return self._act(request, intent=intent)

    @idempotent
    def _act(self, request: HttpRequest, *, intent: str) -> HttpResponse:
        if intent == "ask_withdraw":
            return render(request, "handoffs/status_withdraw.html", {"link": self.link})
        if intent == "withdraw":
            operations.links.withdraw_consent(self.link, by=guest())
            return render(request, "handoffs/status_withdrawn.html")
        operations.links.say(self.link, by=guest(), says=intent)
        messages.success(request, _("Thank you. Your social worker sees it."))
        return self.at_stage(self.again(), http.PROVED)

    def _ask(self, status: int = 200, error: str = "") -> HttpResponse:
        has_birth_date = bool(self.link.referral.client.birth_date)
        context = {
            "form": BirthDateForm() if has_birth_date else CodeForm(),
            "is_locked": self.link.locked_at is not None,
            "error": error,
            "phone": queries.office_phone(self.link.referral.sender_org),
        }
        return render(self.request, "handoffs/status_enter.html", context, status=status)

    def _prove(self) -> HttpResponse:
        """Check the second factor; wrong tries are counted and lock the link."""
        if self.stage == http.NEW:
            operations.links.count_opening(self.link, by=guest())
        if self.link.referral.client.birth_date:
            form: Any = BirthDateForm(self.request.POST)
            right = form.is_valid() and operations.links.prove_birth_date(
                self.link, by=guest(), born=form.cleaned_data["born"]
            )
        else:
            form = CodeForm(self.request.POST)
            right = form.is_valid() and operations.links.prove(
                self.link, by=guest(), code=form.cleaned_data["code"]
            )
        if right:
            return self.at_stage(self.again(), http.PROVED)
        self.link.refresh_from_db()
        answer = self._ask(422, _("This is not right. Please try again."))
        return self.at_stage(answer, http.OPENED)

    def show(self) -> HttpResponse:
        """Say in plain words how it stands, who acts next, until when."""
        referral = self.link.referral
        theirs = referral.next_actor == Turn.RECIPIENT
        context = {
            "referral": referral,
            "plain": PLAIN[referral.status],
            "title": story.title(referral),
            "who": story.recipient_name(referral)
            if theirs
            else referral.sender_org.text("name")[0],
            "due": referral.due_at if theirs else None,
            "path": story.path(referral),
            "contact": story.contact(referral),
            "phone": queries.office_phone(referral.sender_org),
            "says": SAYS,
            "can_withdraw": bool(queries.consents_of(referral)),
        }
        return render(self.request, "handoffs/status.html", context)
