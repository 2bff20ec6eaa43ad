"""Assessing needs and saying what became of them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest, idempotent
from core.errors import Conflict
from referrals.casefiles import operations, queries
from referrals.casefiles.forms import LevelForm, NeedForm, SettleForm
from referrals.casefiles.forms.fields import OperationForm
from referrals.casefiles.models import Client, Need
from referrals.casefiles.views.base import FilePage, FormPage


class NewNeedPage(FormPage):
    """A short assessment; the level follows from what is chosen."""

    template_name = "casefiles/need_new.html"
    tab = "casefiles:needs"
    form_class = NeedForm

    def context(self) -> dict[str, Any]:
        return {"ranked": queries.casefile.ranked(self.client)}

    def done(self, form: NeedForm) -> HttpResponse:
        need = operations.need.record(
            self.client,
            by=self.request.user,
            client_rank=form.cleaned_data["client_rank"],
            **form.facts(),
        )
        level = need.get_priority_display()
        return self.back(
            "casefiles:needs", _("The need is recorded: %(level)s.") % {"level": level}
        )


class _NeedPage(FormPage):
    """A page of one need of a file."""

    tab = "casefiles:needs"

    def get_object(self) -> Client:
        rows = Need.objects.visible_to(self.request.user).select_related(
            "client__organization", "client__area", "category", "scheme", "override_by"
        )
        self.need: Need = get_object_or_404(rows, uid=self.kwargs["uid"])
        client: Client = self.need.client
        return client


class NeedPage(_NeedPage):
    """One need: its assessment, how the level came about, another level, what became of it."""

    template_name = "casefiles/need.html"
    form_class = NeedForm

    def initial(self) -> dict[str, Any]:
        return NeedForm.of(self.need)

    def context(self) -> dict[str, Any]:
        return {
            "need": self.need,
            "reasons": queries.casefile.reasons(self.need),
            "ranked": queries.casefile.ranked(self.client),
            "level_form": LevelForm(
                need=self.need,
                initial={"level": self.need.priority_override, "reason": self.need.override_reason},
            ),
            "settle_form": SettleForm(need=self.need),
        }

    def done(self, form: NeedForm) -> HttpResponse:
        try:
            operations.need.reassess(
                self.need, by=self.request.user, expected_version=self.version(), **form.facts()
            )
        except Conflict:
            # Both versions side by side; the form now carries the newer version number.
            return self.show(form=form, theirs=self._difference(form), status=409)
        rank = form.cleaned_data["client_rank"]
        if rank != self.need.client_rank:
            operations.need.place(self.need, by=self.request.user, rank=rank)
        return self.back("casefiles:needs", _("The assessment is saved."))

    def _difference(self, form: NeedForm) -> list[dict[str, Any]]:
        """Return what is on file beside what was typed, where they differ."""
        self.need.refresh_from_db()
        on_file = NeedForm(initial=NeedForm.of(self.need))
        return [
            {"label": field.label, "before": on_file[field.name].value(), "after": field.value()}
            for field in form.visible_fields()
            if str(on_file[field.name].value() or "") != str(field.value() or "")
        ]


class LevelPage(_NeedPage):
    """Another level, with a reason."""

    template_name = "casefiles/need.html"

    def form(self, *args: Any, **kwargs: Any) -> OperationForm:
        return LevelForm(*args, need=self.need, **kwargs)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        level_form = context.pop("form")
        form = NeedForm(initial=NeedForm.of(self.need))
        shown = {
            "need": self.need,
            "form": form,
            "level_form": level_form,
            "reasons": queries.casefile.reasons(self.need),
            "settle_form": SettleForm(need=self.need),
        }
        return super().show(status, **shown | context)

    def done(self, form: LevelForm) -> HttpResponse:
        operations.need.override(
            self.need, by=self.request.user, expected_version=self.version(), **form.cleaned_data
        )
        return self.back("casefiles:needs", _("The level is changed; both stay on file."))


class SettlePage(_NeedPage):
    """What became of a need."""

    template_name = "casefiles/need_settle.html"

    def form(self, *args: Any, **kwargs: Any) -> OperationForm:
        return SettleForm(*args, need=self.need, **kwargs)

    def context(self) -> dict[str, Any]:
        return {"need": self.need}

    def done(self, form: SettleForm) -> HttpResponse:
        operations.need.settle(self.need, by=self.request.user, **form.facts())
        return self.back("casefiles:needs", _("What became of the need is saved."))


class OrderPage(FilePage):
    """The client's own order, moved by a button per row."""

    http_method_names = ["post"]  # as Django's View has it
    tab = "casefiles:needs"

    @idempotent
    def post(self, request: SignedInRequest, **_kwargs: Any) -> HttpResponse:
        """Move one need a place up or down."""
        order = queries.casefile.in_client_order(self.client)
        at = next((i for i, n in enumerate(order) if str(n.uid) == request.POST.get("need")), None)
        step = -1 if request.POST.get("move") == "up" else 1
        if at is not None and 0 <= at + step < len(order):
            order[at], order[at + step] = order[at + step], order[at]
            operations.need.rank(self.client, by=request.user, order=order)
        return redirect("casefiles:needs", uid=self.client.uid)
