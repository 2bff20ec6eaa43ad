"""P6: what a client says about the help, behind the client's own link and its second factor."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin, View

from accounts.http import idempotent
from accounts.operations import limits
from accounts.queries import guest
from core.errors import DomainError
from referrals.handoffs import http
from referrals.handoffs.models import AccessLink
from referrals.handoffs.states import LinkKind
from referrals.reports import queries
from referrals.reports.forms import HelpedForm, NotHelpedForm
from referrals.reports.operations import evaluations
from referrals.reports.states import Channel

FORMS = {"yes": HelpedForm, "no": NotHelpedForm}


@method_decorator(login_not_required, name="dispatch")
class FeedbackPage(TemplateResponseMixin, View):
    """First whether help was given at all; then what belongs to that answer, once."""

    template_name = "reports/feedback.html"
    link: AccessLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send whoever has not shown who they are to the page that asks."""
        held = http.held(request, LinkKind.CLIENT)
        if request.method == "POST" and held.link is not None:
            limits.hit("link_posts", str(held.link.uid))
        if held.link is None or not held.is_proved:
            return http.sealed(redirect("handoffs:status"))
        self.link = held.link
        response = super().dispatch(request, *args, **kwargs)
        return http.sealed(response) if isinstance(response, HttpResponse) else response

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask, or say that the answer has come in."""
        helped = request.GET.get("helped", "")
        return self._show(helped, FORMS[helped]() if helped in FORMS else None)

    @idempotent
    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the answer."""
        helped = request.GET.get("helped", "")
        if helped not in FORMS or queries.outcomes.has_answered(self.link.referral):
            return redirect("reports:feedback")
        form = FORMS[helped](request.POST)
        if form.is_valid():
            try:
                self._keep(helped, form.cleaned_data)
            except DomainError as error:
                form.take(error)
            else:
                messages.success(request, _("Thank you. Your answer helps us and others."))
                return redirect("handoffs:status")
        return self._show(helped, form, status=422)

    def _keep(self, helped: str, answers: Any) -> None:
        referral = self.link.referral
        row = referral.needs.select_related("need__client").order_by("pk").first()
        assert row is not None  # noqa: S101  # a referral names one need at least
        evaluations.record(
            row.need,
            by=guest(),
            channel=Channel.LINK,
            referral=referral,
            link=self.link,
            delivered=helped == "yes",
            **answers,
        )

    def _show(self, helped: str, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "helped": helped if helped in FORMS else "",
            "form": form,
            "is_answered": queries.outcomes.has_answered(self.link.referral),
        }
        return self.render_to_response(context, status=status)
