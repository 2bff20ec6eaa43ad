"""只登记: a service that the client takes along is noted, nobody there is told."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest, idempotent
from core.errors import DomainError
from core.templatetags.words import day
from directory.catalogue.models import Service
from referrals.casefiles import queries as files
from referrals.casefiles.models import Client, Need
from referrals.reports import queries
from referrals.reports.forms import LogOnlyForm
from referrals.reports.operations import links
from referrals.reports.views.base import CaseworkPage


class LogOnlyPage(CaseworkPage):
    """The second button of the referral page posts here; opened by itself it explains the act."""

    template_name = "reports/log_only.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Say what will happen and what will not."""
        self._find()
        return self._show(LogOnlyForm())

    @idempotent
    def post(self, request: SignedInRequest) -> HttpResponse:
        """Note it, and go on to the slip that the client takes along."""
        self._find()
        form = LogOnlyForm(request.POST)
        if form.is_valid():
            try:
                links.log_only(
                    self.need,
                    by=request.user,
                    service=self.service,
                    note=form.cleaned_data["note"],
                )
            except DomainError as error:
                form.take(error)
            else:
                due = queries.follow_ups.asked_at(self.need)
                messages.success(
                    request,
                    _("Logged; nobody there was told. Ask the client by %(day)s.")
                    % {"day": day(due)},
                )
                return redirect("catalogue:slip", uid=self.service.uid)
        return self._show(form, status=422)

    def _find(self) -> None:
        user = self.request.user
        mine = Client.objects.editable_by(user).values("pk")
        needs = Need.objects.visible_to(user).filter(client__in=mine)
        self.need = get_object_or_404(
            needs.select_related("client__organization", "category", "scheme"),
            uid=self._uid("need"),
        )
        services = Service.objects.visible_to(user).select_related("organization")
        self.service = get_object_or_404(services, uid=self._uid("service"))

    def _uid(self, name: str) -> UUID:
        try:
            return UUID(self.request.GET.get(name, ""))
        except ValueError:
            raise Http404 from None

    def _show(self, form: LogOnlyForm, status: int = 200) -> HttpResponse:
        client = self.need.client
        context: dict[str, Any] = {
            "need": self.need,
            "service": self.service,
            "form": form,
            "identity": files.frame.identity(
                client, files.casefile.main_case(client), self.request.user
            ),
        }
        return self.render_to_response(context, status=status)
