"""W8: the slip that the client takes along, with QR code and text for a message."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.http import SignedInRequest
from core.jobs import now
from directory.catalogue import queries as catalogue
from directory.catalogue.queries import Effective
from referrals.handoffs.models import Referral
from referrals.handoffs.views import base, story


class SlipPage(View):
    """Where to go, when, what to bring; never why, and no name."""

    def get(self, request: SignedInRequest, uid: UUID) -> HttpResponse:
        """Show the paper."""
        referral = base.find(request.user, uid)
        listing = (
            catalogue.effective(referral.place or referral.service, to=request.user)
            if referral.service
            else None
        )
        address = _public_address(referral)
        context = {
            "referral": referral,
            "title": story.title(referral),
            "provider": story.recipient_name(referral),
            "listing": listing,
            "phones": [one.row for one in listing.phones[:3]] if listing else [],
            "address": _street(listing) if listing else "",
            "documents": list(referral.service.required_documents.all())
            if referral.service
            else [],
            "url": address,
            "sms": _message(referral, listing, address),
            "printed_at": now(),
        }
        return render(request, "handoffs/slip.html", context)


def _public_address(referral: Referral) -> str:
    """Return the public page of the service, which anybody may open."""
    if referral.service is None:
        return ""
    path = reverse("catalogue:service", args=[referral.service.uid])
    return f"{settings.SITE_URL}{path}"


def _street(listing: Effective) -> str:
    location = listing.location
    if location is None or location.protected:
        return ""
    found = location.addresses.first()
    return str(found.address_1) if found else ""


def _message(referral: Referral, listing: Effective | None, address: str) -> str:
    """Write what fits into two text messages: whom to call, where to look."""
    phone = listing.phones[0].row.number if listing and listing.phones else ""
    parts = [story.recipient_name(referral), phone, address]
    return _(" · ").join(part for part in parts if part)
