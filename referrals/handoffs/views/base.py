"""What pages of referrals have in common: finding one, taking a step, saying what was done."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest
from accounts.models import User
from referrals.handoffs import operations, queries
from referrals.handoffs.guards import Reported, hats
from referrals.handoffs.models import AccessLink, Referral, ReferralEvent
from referrals.handoffs.queries import Allowed
from referrals.handoffs.states import Actor, Event

SENDING = frozenset({Actor.SND, Actor.SUP, Actor.CRD})


def find(user: User, uid: UUID) -> Referral:
    """Return a referral for its reader, with what pages print."""
    found: Referral = get_object_or_404(queries.shown(Referral.objects.visible_to(user)), uid=uid)
    return found


def is_recipient(referral: Referral, user: User) -> bool:
    """Say whether the reader stands on the receiving side, and on no other."""
    own = hats(referral, by=user)
    return Actor.RCV in own and not own & SENDING


def step_of(referral: Referral, event: str, *, by: User, link: AccessLink | None = None) -> Allowed:
    """Return the step that a page is about; one that is not allowed now has no page."""
    for step in queries.allowed(referral, by=by, link=link):
        if step.event == event:
            return step
    raise Http404


def version_of(request: HttpRequest) -> int:
    """Return the version that a form was based on."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def take(
    request: HttpRequest,
    referral: Referral,
    event: str,
    *,
    by: User,
    data: dict[str, Any] | None = None,
    reported: Reported | None = None,
    link: AccessLink | None = None,
) -> ReferralEvent:
    """Take a step, or write an entry, as a page asks for it."""
    key = request.POST.get("idempotency_key", "")
    if event in Event.values:
        return operations.apply(
            referral,
            event=event,
            by=by,
            data=data or {},
            expected_version=version_of(request),
            idempotency_key=key,
            on_behalf_of=reported,
            link=link,
        )
    return operations.log.record(
        referral,
        event=event,
        by=by,
        data=data or {},
        idempotency_key=key,
        on_behalf_of=reported,
        link=link,
    )


def back(request: SignedInRequest, referral: Referral, text: str = "") -> HttpResponse:
    """Show the referral and say what was done."""
    messages.success(request, text or _("Done."))
    return redirect("handoffs:referral", uid=referral.uid)
