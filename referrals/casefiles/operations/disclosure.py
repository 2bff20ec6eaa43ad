"""The register of provisions: opening, closing, and every reading."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.jobs import now
from core.models import Record
from directory.catalogue.models import Organization
from referrals.casefiles.disclosure import Ground, ground_name
from referrals.casefiles.errors import AccessEnded, AlreadyDecided, BasisMissing, InvalidFacts
from referrals.casefiles.models import (
    Client,
    ConsentScope,
    DisclosureEvent,
    DisclosureGrant,
    LegalBasis,
    RecipientPolicy,
)
from referrals.casefiles.states import (
    ANY,
    ContextKind,
    DataClass,
    PolicyRule,
    ScopeDecision,
    Tier,
)


def grant(  # noqa: PLR0913  # a provision has this many sides
    client: Client,
    *,
    by: User,
    context_kind: str,
    context_uid: UUID,
    recipient_org: Organization | None = None,
    link: Record | None = None,
    basis: Ground,
    data_classes: Sequence[str],
    tier: str,
    until: datetime | None = None,
) -> DisclosureGrant:
    """Open data to a recipient on one ground that is in force and covers every class."""
    with audited(
        by=by,
        action="disclosure.grant",
        client=client,
        basis=ground_name(basis),
        context=f"{context_kind}:{context_uid}",
        classes=list(data_classes),
        tier=tier,
    ) as entry:
        if context_kind not in ContextKind.values or tier not in Tier.values:
            raise InvalidFacts.of("tier", _("This is no provision of data."))
        _must_cover(client, basis, data_classes)
        opened = DisclosureGrant.objects.create(
            client=client,
            context_kind=context_kind,
            context_uid=context_uid,
            recipient_org=recipient_org,
            link_uid=link.uid if link is not None else None,
            scope=basis if isinstance(basis, ConsentScope) else None,
            legal_basis=basis if isinstance(basis, LegalBasis) else None,
            data_classes=sorted(DataClass(name).value for name in data_classes),
            tier=tier,
            since=now(),
            until=until,
        )
        entry.on = opened
    return opened


def revoke(context_kind: str, context_uid: UUID, *, by: User, at: datetime | None = None) -> int:
    """Close what a referral, item or export had opened, now or at a later instant."""
    with audited(by=by, action="disclosure.revoke", context=f"{context_kind}:{context_uid}"):
        rows = DisclosureGrant.objects.of(context_kind, context_uid).filter(revoked_at__isnull=True)
        if at is not None and at > now():
            return int(rows.update(until=at))
        return int(rows.update(revoked_at=now()))


def record_read(
    grant: DisclosureGrant,
    *,
    by: User,
    link: Record | None = None,
    channel: str,
    fields: Sequence[str],
    packet_sha256: str,
) -> DisclosureEvent:
    """Enter a reading in the transaction of the reading; a closed grant shows nothing (C8)."""
    at = now()
    with audited(
        by=by,
        action="disclosure.read",
        on=grant,
        client=grant.client,
        basis=ground_name(grant.basis),
        fields=list(fields),
        channel=channel,
    ):
        # Read again: it may have been revoked since the door looked it up.
        grant.refresh_from_db(fields=["revoked_at", "until"])
        if not grant.is_open(at):
            raise AccessEnded(_("This was withdrawn or has ended."))
        return DisclosureEvent.objects.create(
            grant=grant,
            viewer=None if link is not None else by,
            link_uid=link.uid if link is not None else None,
            at=at,
            channel=channel,
            fields=list(fields),
            packet_sha256=packet_sha256,
        )


def confirm_deletion(grant: DisclosureGrant, *, by: User) -> None:
    """Note that a recipient has deleted what was withdrawn."""
    with audited(by=by, action="disclosure.deleted", on=grant, client=grant.client):
        if not by.is_guest:
            by.must(Permission.REFERRAL_ANSWER, grant.recipient_org)
        won = DisclosureGrant.objects.filter(
            pk=grant.pk, deletion_asked_at__isnull=False, deletion_confirmed_at__isnull=True
        ).update(deletion_confirmed_at=now(), deletion_confirmed_by=by)
        if not won:
            raise AlreadyDecided(_("This was confirmed already."))


def set_policy(
    *, by: User, prefix: str, data_class: str, rule: str, fields: Sequence[str] = ()
) -> RecipientPolicy:
    """Decide what providers of a category may be given of one class."""
    with audited(
        by=by, action="disclosure.policy", prefix=prefix, data_class=data_class, rule=rule
    ):
        by.must(Permission.PRIVACY_HANDLE)
        if data_class not in DataClass.values or rule not in PolicyRule.values:
            raise InvalidFacts.of("rule", _("Choose a kind of data and a rule from the list."))
        row, _new = RecipientPolicy.objects.update_or_create(
            prefix=prefix,
            data_class=data_class,
            defaults={"rule": rule, "fields": list(fields)},
        )
    return row


def _must_cover(client: Client, ground: Ground, classes: Sequence[str]) -> None:
    at, wanted = now(), {DataClass(name).value for name in classes}
    if isinstance(ground, LegalBasis):
        covered, holds = (
            set(ground.data_classes),
            (ground.approved_at is not None and ground.approved_at <= at < ground.until),
        )
        owner: int | None = ground.client_id
    else:
        consent = client.consents.filter(pk=ground.consent_id).first()
        holds = consent is not None and consent.in_force(at)
        permits = consent.scopes.filter(decision=ScopeDecision.PERMIT) if consent else []
        covered = {scope.data_class for scope in permits}
        owner = client.pk if consent is not None else None
    if owner != client.pk or not holds or not (ANY in covered or wanted <= covered):
        raise BasisMissing(_("No consent and no legal basis in force covers this."))
