"""The register of those who do not want to be listed, written to or visited."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.http import RequiresPermission, SignedInRequest, idempotent
from accounts.permissions import Permission
from core.errors import NotFound
from directory.catalogue.forms import RestrictionForm
from directory.catalogue.models import ListingRestriction
from directory.catalogue.operations import restrictions
from directory.catalogue.queries import register

ACTS = {"activate": restrictions.activate, "lift": restrictions.lift}


class RestrictionsPage(RequiresPermission, View):
    """The register, and the form for a further entry."""

    permission = Permission.RESTRICTION_EDIT

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the register, what waits for a decision first."""
        return _page(request, RestrictionForm())

    @idempotent
    def post(self, request: SignedInRequest) -> HttpResponse:
        """Enter somebody; the entry counts at once, because who enters it may decide it."""
        form = RestrictionForm(request.POST)
        if not form.is_valid():
            return _page(request, form, 422)
        entry = restrictions.enter(by=request.user, **form.cleaned_data)
        restrictions.activate(entry, by=request.user)
        messages.success(request, _("Entered; the directory obeys it from now on."))
        return redirect("catalogue:restrictions")


class RestrictionAct(RequiresPermission, View):
    """The buttons beside an entry."""

    permission = Permission.RESTRICTION_EDIT

    @idempotent
    def post(self, request: SignedInRequest, uid: UUID, act: str) -> HttpResponse:
        """Let an entry count, or end it."""
        if act not in ACTS:
            raise NotFound
        ACTS[act](get_object_or_404(ListingRestriction, uid=uid), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("catalogue:restrictions")


def _page(request: SignedInRequest, form: RestrictionForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"entries": register(), "form": form}
    return render(request, "catalogue/restrictions.html", context, status=status)
