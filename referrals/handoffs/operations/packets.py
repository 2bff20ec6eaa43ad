"""Packets: frozen at sending, opened by grants, read with an entry in the register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.operations import audited
from core.errors import NotPermitted
from core.jobs import now
from referrals.casefiles import disclosure
from referrals.casefiles.errors import AccessEnded
from referrals.casefiles.models import DisclosureGrant
from referrals.casefiles.operations import disclosure as register
from referrals.casefiles.states import ContextKind, Purpose, Tier
from referrals.handoffs import packet
from referrals.handoffs.models import AccessLink, PacketSnapshot, Referral
from referrals.handoffs.states import UNDECIDED, Status

AFTER_CLOSING = timedelta(days=30)
FULL_IN = frozenset(
    {
        Status.ACCEPTED,
        Status.WAITLISTED,
        Status.IN_SERVICE,
        Status.ON_HOLD,
        Status.OUTCOME_REPORTED,
        # For thirty days; the grants themselves end then.
        Status.CLOSED,
    }
)
# Afterwards a recipient keeps number, dates and own answers, nothing of the packet.
SHOWN_IN = UNDECIDED | FULL_IN - {Status.CLOSED}


@dataclass(frozen=True)
class Read:
    """What a recipient was shown: the tier, the preview, and the full packet where it is open."""

    tier: str
    preview: packet.Cell
    body: Mapping[str, Mapping[str, Any]]
    message: str = ""


def freeze(referral: Referral, *, at: datetime) -> None:
    """Keep both tiers as they are at this moment; recipients never read the live file."""
    cell = packet.preview(
        referral.client,
        category=referral.category,
        priority=referral.priority,
        service=referral.service,
    )
    _keep(referral, Tier.PREVIEW, cell.to_json(), [], at)
    _keep(referral, Tier.FULL, packet.full(referral), referral.data_classes, at)


def add(
    referral: Referral,
    *,
    by: User,
    classes: Sequence[str],
    details: Mapping[str, str],
    at: datetime,
) -> None:
    """Add what the recipient asked for as a further number; what was sent stays as it was."""
    added = sorted(set(classes) - set(referral.data_classes))
    if not added and not details:
        return
    referral.data_classes = sorted({*referral.data_classes, *added})
    referral.details = {**referral.details, **details}
    referral.save(update_fields=["data_classes", "details"])
    body = packet.full(referral)
    fresh = {name: body[name] for name in body if name in {*added, *details}}
    _keep(referral, Tier.FULL, fresh, sorted(fresh), at)
    # The new classes rest on a ground of their own, which the preview's grants must name.
    open_preview(referral, by=by, at=at)


def open_preview(referral: Referral, *, by: User, at: datetime) -> None:
    """Let the recipient see the preview, on the grounds that will carry the full packet."""
    _open(referral, Tier.PREVIEW, by=by, at=at)


def open_full(referral: Referral, *, by: User, at: datetime) -> None:
    """Let the recipient read the full packet."""
    _open(referral, Tier.FULL, by=by, at=at)


def renew(referral: Referral, *, by: User, at: datetime) -> None:
    """Open again, on the basis that is left, what an ended basis had carried."""
    _open(referral, Tier.PREVIEW, by=by, at=at)
    if referral.status in FULL_IN:
        _open(referral, Tier.FULL, by=by, at=at)


def close(referral: Referral, *, by: User, at: datetime) -> None:
    """End the recipient's reading: at once, after a closed loop in thirty days."""
    until = at + AFTER_CLOSING if referral.status == Status.CLOSED else None
    if referral.verification == "basis_lost":
        until = None
    register.revoke(ContextKind.REFERRAL, referral.uid, by=by, at=until)


def read(
    referral: Referral, *, by: User, link: AccessLink | None = None, channel: str = "page"
) -> Read:
    """Show a recipient the highest tier that is open, and enter the reading in the same breath."""
    with audited(by=by, action="packet.read", on=referral, client=referral.client) as record:
        preview = referral.packets.filter(tier=Tier.PREVIEW).last()
        if preview is None or referral.status == Status.ENTERED_IN_ERROR:
            raise NotPermitted
        cell = packet.Cell.from_json(preview.body)
        grants = open_grants(referral, at=now()) if referral.status in FULL_IN else []
        record.meta["tier"] = Tier.FULL if grants else Tier.PREVIEW
        if not grants:
            if referral.status not in SHOWN_IN:
                raise AccessEnded(_("This was withdrawn or has ended."))
            return Read(Tier.PREVIEW, cell, {})
        allowed = {name for grant in grants for name in grant.data_classes}
        body: dict[str, Mapping[str, Any]] = {}
        for snapshot in referral.packets.filter(tier=Tier.FULL):
            body |= {name: part for name, part in snapshot.body.items() if name in allowed}
        _enter(grants, body, by=by, link=link, channel=channel)
    return Read(Tier.FULL, cell, body, referral.summary)


def open_grants(referral: Referral, *, at: datetime) -> list[DisclosureGrant]:
    """Return the grants that open the full packet now, each on a ground that is still in force."""
    rows = (
        referral.client.grants.of(ContextKind.REFERRAL, referral.uid)
        .open(at)
        .filter(tier=Tier.FULL)
        .select_related("client", "scope__consent", "legal_basis")
    )
    return [grant for grant in rows if _in_force(grant, at)]


def _in_force(grant: DisclosureGrant, at: datetime) -> bool:
    """Ask the ground itself: its time may be over before the scheduler has closed the grant."""
    if grant.scope is not None:
        return bool(grant.scope.consent.in_force(at))
    return grant.legal_basis is not None and at < grant.legal_basis.until


def _enter(
    grants: Sequence[DisclosureGrant],
    body: Mapping[str, Mapping[str, Any]],
    *,
    by: User,
    link: AccessLink | None,
    channel: str,
) -> None:
    for grant in grants:
        part = {name: body[name] for name in grant.data_classes if name in body}
        register.record_read(
            grant,
            by=by,
            link=link,
            channel=channel,
            fields=sorted({field for values in part.values() for field in values}),
            packet_sha256=packet.digest(part),
        )


def _keep(referral: Referral, tier: str, body: Any, classes: Sequence[str], at: datetime) -> None:
    last = referral.packets.filter(tier=tier).last()
    PacketSnapshot.objects.create(
        referral=referral,
        tier=tier,
        number=last.number + 1 if last else 1,
        data_classes=list(classes),
        body=body,
        sha256=packet.digest(body),
        created_at=at,
    )


def _open(referral: Referral, tier: Tier, *, by: User, at: datetime) -> None:
    """Grant class by class what is not yet granted, each on the ground that permits it."""
    whom = packet.recipient(referral)
    given = referral.client.grants.of(ContextKind.REFERRAL, referral.uid).open(at)
    there = {name for grant in given.filter(tier=tier) for name in grant.data_classes}
    wanted = [name for name in referral.data_classes if name not in there]
    answers = disclosure.decisions(referral.client, whom, Purpose.REFERRAL, wanted, at)
    for ground, classes in disclosure.by_ground(answers):
        register.grant(
            referral.client,
            by=by,
            context_kind=ContextKind.REFERRAL,
            context_uid=referral.uid,
            recipient_org=referral.recipient_org,
            link=None if referral.recipient_org_id else referral.off_platform_contact,
            basis=ground,
            data_classes=classes,
            tier=tier,
        )
