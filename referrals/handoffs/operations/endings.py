"""What ends a referral from outside: consent that is gone, a listing that stops."""

from collections.abc import Sequence
from uuid import UUID

from accounts.models import User
from accounts.operations import audited
from accounts.queries import system
from core.errors import Conflict
from core.jobs import now
from referrals.casefiles.models import CaseFile, Client, DisclosureGrant
from referrals.casefiles.states import ConsentStatus, ContextKind
from referrals.handoffs import guards, notifications
from referrals.handoffs.models import Referral
from referrals.handoffs.operations import events, packets
from referrals.handoffs.states import OPEN, UNDER_WAY, Event

TRIES = 3


def lose_basis(grants: Sequence[DisclosureGrant], *, by: User) -> list[UUID]:
    """End the referrals that these grants carried, unless another basis covers the packet."""
    uids = {
        grant.context_uid: grant for grant in grants if grant.context_kind == ContextKind.REFERRAL
    }
    closed = []
    for uid in sorted(uids):
        referral = Referral.objects.visible_to(by).filter(uid=uid).first()
        if referral is not None and _end(referral, _why(uids[uid]), by=by):
            closed.append(uid)
    return closed


def end_uncovered(client: Client, *, by: User) -> list[UUID]:
    """End what runs on after its basis has run out, should nobody have told us."""
    with audited(by=by, action="referral.uncovered", client=client):
        rows = client.referrals.filter(status__in=UNDER_WAY).order_by("pk")
        return [referral.uid for referral in rows if _end(referral, "BASIS_EXPIRED", by=by)]


def tell_of_listings(ids: Sequence[int], *, event: str, by: User) -> None:
    """Tell each worker once about a service under their open referrals."""
    with audited(by=by, action="referral.listing_changed", event=event):
        rows = Referral.objects.visible_to(system()).filter(service__in=ids, status__in=OPEN)
        for referral in rows.select_related("sender", "client"):
            key = f"listing:{referral.service_id}:{event}:{now():%Y%m%d}"
            notifications.listing_changed(referral, key=key)


def has_open_referral(case: CaseFile) -> bool:
    """Say whether a need of the case, or of the client at large, is still with a provider."""
    rows = case.client.referrals.filter(status__in=OPEN)
    return any(
        row.need.case_id in {None, case.pk}
        for referral in rows
        for row in referral.needs.select_related("need")
    )


def _end(referral: Referral, reason: str, *, by: User) -> bool:
    """Close a referral whose packet nothing covers; a step taken meanwhile is followed."""
    for _try in range(TRIES):
        if referral.status not in UNDER_WAY:
            return False
        events.lock(referral)
        referral.refresh_from_db()
        if not guards.missing_classes(referral, at=now()):
            packets.renew(referral, by=by, at=now())
            return False
        try:
            events.apply(
                referral,
                event=Event.BASIS_LOST,
                by=by,
                data={"reason": reason},
                expected_version=referral.version,
                idempotency_key="",
            )
        except Conflict:
            referral.refresh_from_db()
        else:
            return True
    raise Conflict(events.LOST)


def _why(grant: DisclosureGrant) -> str:
    consent = grant.scope.consent if grant.scope is not None else None
    withdrawn = consent is not None and consent.status == ConsentStatus.WITHDRAWN
    return "CONSENT_WITHDRAWN" if withdrawn else "BASIS_EXPIRED"
