"""R4: a provider's own listings: confirm, edit, free places, breaks, switch for referrals."""

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import View

from accounts.http import RequiresPermission, SignedInRequest, idempotent
from accounts.permissions import Permission
from core.api import posted_version
from directory.catalogue.models import Organization, Service, ServiceAtLocation
from directory.catalogue.operations import listing
from directory.catalogue.operations import place as places
from directory.upkeep import queries
from directory.upkeep.forms import AvailabilityForm, FactsForm, PauseForm
from directory.upkeep.operations import confirmations
from directory.upkeep.operations.confirmations import Word
from directory.upkeep.states import Method, Source

MOST_AT_ONCE = 200
# What a tick box says: which listing, and which version of it was seen.
LISTING = re.compile(r"(?P<uid>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}):(?P<version>[0-9]{1,9})")


class ListingsPage(RequiresPermission, View):
    """The provider's services with their freshness and what waits for review."""

    permission = Permission.LISTING_EDIT

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the organization's listings, those due first."""
        found = queries.own_listings(request.user)
        page = Paginator(found, 25).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "organizations": Organization.objects.editable_by(request.user),
            "availability_form": AvailabilityForm(),
            "pause_form": PauseForm(),
        }
        return render(request, "upkeep/listings.html", context)


def _own(request: SignedInRequest, uid: str) -> Service:
    service = get_object_or_404(Service.objects.visible_to(request.user), uid=uid)
    request.user.must(Permission.LISTING_EDIT, service.organization)
    return service


def _places(service: Service) -> list[ServiceAtLocation | None]:
    """Return where the service is given; a service without a place stands for itself."""
    return [*queries.active_places(service)] or [None]


@require_POST
@idempotent
def confirm_all(request: SignedInRequest) -> HttpResponse:
    """Confirm all ticked listings as they are shown."""
    chosen = request.POST.getlist("listing")[:MOST_AT_ONCE]
    for item in chosen:
        named = LISTING.fullmatch(item)
        if named is None:
            raise Http404
        service = _own(request, named["uid"])
        word = Word(
            method=Method.PARTNER_UPDATE,
            seen_version=int(named["version"]),
            contact_name=request.user.name,
            source=Source.PARTNER,
        )
        for place in _places(service):
            confirmations.confirm(service, place, by=request.user, word=word)
    said = ngettext("%(n)d listing confirmed.", "%(n)d listings confirmed.", len(chosen))
    messages.success(request, said % {"n": len(chosen)})
    return HttpResponseRedirect(reverse("upkeep:listings"))


class EditPage(RequiresPermission, View):
    """Edit a listing; what may not go live at once waits beside it."""

    permission = Permission.LISTING_EDIT

    def get(self, request: SignedInRequest, uid: str) -> HttpResponse:
        """Show the facts as they are."""
        service = _own(request, uid)
        return self._page(request, service, self._form(service, None))

    @idempotent
    def post(self, request: SignedInRequest, uid: str) -> HttpResponse:
        """Save: safe facts are live, the rest is a proposal."""
        service = _own(request, uid)
        form = self._form(service, request.POST)
        if not form.is_valid():
            return self._page(request, service, form, status=422)
        outcome = listing.change(
            service,
            by=request.user,
            changes=form.changes(),
            base_version=posted_version(request),
            source=Source.PARTNER,
            key=request.POST.get("idempotency_key", ""),
        )
        if outcome.review:
            messages.info(request, _("Saved. A part waits for review; the listing stays visible."))
        elif outcome.live:
            messages.success(request, _("Saved. The changes are live."))
        else:
            messages.info(request, _("Nothing was changed."))
        return HttpResponseRedirect(reverse("upkeep:listings"))

    def _form(self, service: Service, data: Any) -> FactsForm:
        place = next(iter(queries.active_places(service)), None)
        return FactsForm(data, service=service, place=place)

    def _page(
        self, request: SignedInRequest, service: Service, form: FactsForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "service": service,
            "form": form,
            "pending": queries.proposals(request.user).filter(service=service),
        }
        return render(request, "upkeep/listing_edit.html", context, status=status)


@require_POST
@idempotent
def availability(request: SignedInRequest, uid: str) -> HttpResponse:
    """Say whether there is room."""
    service = _own(request, uid)
    form = AvailabilityForm(request.POST)
    if form.is_valid():
        for place in _places(service):
            places.set_availability(
                place or service,
                by=request.user,
                state=form.cleaned_data["state"],
                wait_days=form.cleaned_data["wait_days"],
            )
        messages.success(request, _("Saved. Searches show it at once."))
    else:
        messages.error(request, _("Choose one of the states, and whole days of waiting."))
    return HttpResponseRedirect(reverse("upkeep:listings"))


@require_POST
@idempotent
def pause(request: SignedInRequest, uid: str) -> HttpResponse:
    """Take a listing out of the search while its provider is away."""
    service = _own(request, uid)
    form = PauseForm(request.POST)
    if form.is_valid():
        listing.pause(service, by=request.user, back_on=form.cleaned_data["back_on"])
        messages.success(request, _("Paused. Searches do not show it until it is open again."))
    else:
        messages.error(request, _("Write the date as 2026-01-31."))
    return HttpResponseRedirect(reverse("upkeep:listings"))


@require_POST
@idempotent
def resume(request: SignedInRequest, uid: str) -> HttpResponse:
    """Show a paused listing again."""
    listing.resume(_own(request, uid), by=request.user)
    messages.success(request, _("Open again. Searches show it at once."))
    return HttpResponseRedirect(reverse("upkeep:listings"))


@require_POST
@idempotent
def intake(request: SignedInRequest, uid: str) -> HttpResponse:
    """Switch an organization's intake of referrals on or off."""
    organization = get_object_or_404(Organization.objects.editable_by(request.user), uid=uid)
    listing.change(
        organization,
        by=request.user,
        changes={"organization.accepts_referrals": not organization.accepts_referrals},
        base_version=organization.version,
        source=Source.PARTNER,
        key=request.POST.get("idempotency_key", ""),
    )
    return HttpResponseRedirect(reverse("upkeep:listings"))
