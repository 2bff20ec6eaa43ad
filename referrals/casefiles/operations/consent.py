"""Consent: what was said is kept as it was said; withdrawing works at once."""

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias, cast
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.jobs import now
from core.text import clean
from directory.catalogue.models import Code
from referrals.casefiles import guards, notifications, queries
from referrals.casefiles.disclosure.notice import missing_parts
from referrals.casefiles.errors import (
    AlreadyDecided,
    FactsMissing,
    IllegalTransition,
    InvalidFacts,
)
from referrals.casefiles.guards import Said, Wish
from referrals.casefiles.models import (
    Client,
    Consent,
    ConsentScope,
    ConsentText,
    DisclosureGrant,
)
from referrals.casefiles.operations import timeline
from referrals.casefiles.operations.access import must_see
from referrals.casefiles.signals import basis_lost
from referrals.casefiles.states import (
    LONGEST_CONSENT,
    ConsentBasis,
    ConsentStatus,
    GrantorKind,
    consent_move,
)
from referrals.casefiles.states.timeline import (
    CONSENT_GIVEN,
    CONSENT_REFUSED,
    CONSENT_WITHDRAWN,
)

__all__ = [
    "Said",
    "Wish",
    "Withdrawal",
    "expire",
    "lose",
    "publish",
    "record",
    "refuse",
    "warn",
    "withdraw",
]
# What receivers of `basis_lost` return: the uids they closed.
Answers: TypeAlias = list[tuple[object, list[UUID] | None]]


class Withdrawal(NamedTuple):
    """What stopped: the things of upper applications that were closed, and the grants."""

    closed_referrals: list[UUID]
    revoked_grants: int


def record(
    client: Client,
    *,
    by: User,
    text: ConsentText,
    said: Said,
    wishes: Sequence[Wish],
    given_at: datetime | None = None,
    expires_at: datetime | None = None,
    supersedes: Consent | None = None,
) -> Consent:
    """Keep a consent in force from now on; what the law asks for must be on it."""
    with audited(by=by, action="consent.record", client=client) as entry:
        must_see(client, by, Permission.CONSENT_RECORD)
        at = given_at or now()
        until = expires_at or queries.register.default_end(client, at)
        if not at < until <= at + LONGEST_CONSENT or at > now():
            raise InvalidFacts.of("expires_at", _("A consent lasts for a year at most."))
        if not wishes:
            raise FactsMissing.of("classes")
        guards.check_said(said)
        guards.check_age(client, said, at)
        guards.check_wishes(client, wishes, said, at)
        consent = _kept(client, by, text, said, at, until, wishes)
        entry.on, entry.basis = consent, consent.basis
        if supersedes is not None:
            _end(supersedes, ConsentStatus.SUPERSEDED, by=by)
        timeline.add(client, by=by, at=at, kind=CONSENT_GIVEN, thing=consent)
    return consent


def refuse(client: Client, *, by: User, text: ConsentText, said: Said) -> Consent:
    """Keep that consent was asked for and refused; the client is served all the same (C11)."""
    with audited(by=by, action="consent.refuse", client=client) as entry:
        must_see(client, by, Permission.CONSENT_RECORD)
        consent = Consent(
            client=client,
            text=text,
            grantor_kind=said.grantor_kind,
            grantor=clean(said.grantor),
            basis=ConsentBasis.CONSENT,
            method=said.method,
            status=ConsentStatus.REFUSED,
            recorded_by=by,
        )
        consent.witnesses = said.names
        consent.save(force_insert=True)
        entry.on = consent
        timeline.add(client, by=by, at=now(), kind=CONSENT_REFUSED, thing=consent)
    return consent


def withdraw(consent: Consent, *, by: User, via: str, reason: str = "") -> Withdrawal:
    """Stop every provision that rests on this consent at once; what was done stays lawful (C6)."""
    with audited(by=by, action="consent.withdraw", on=consent, client=consent.client, via=via):
        # A guest comes with the client's own link, which the door has checked.
        if not by.is_guest:
            must_see(consent.client, by, Permission.CONSENT_RECORD)
        if not Code.objects.filter(set="contact_method", code=via).exists():
            raise InvalidFacts.of("via", _("Say how the withdrawal reached you."))
        columns = {"withdrawn_at": now(), "withdrawn_via": via}
        withdrawal = _end(consent, ConsentStatus.WITHDRAWN, by=by, **columns)
        if reason.strip():
            consent.withdrawal_note = clean(reason)
            consent.save(update_fields=["withdrawal_note"])
        timeline.add(consent.client, by=by, at=now(), kind=CONSENT_WITHDRAWN, thing=consent)
    return withdrawal


def expire(consent: Consent, *, by: User) -> Withdrawal:
    """End what has run out; what rests on it closes like after a withdrawal (C7)."""
    with audited(by=by, action="consent.expire", on=consent, client=consent.client):
        withdrawal = _end(consent, ConsentStatus.EXPIRED, by=by)
        notifications.consent_ended(consent)
    return withdrawal


def warn(consent: Consent, *, by: User, days: int) -> None:
    """Tell the owners of the client's cases that a consent ends soon, once for each warning."""
    with audited(by=by, action="consent.warn", on=consent, client=consent.client, days=days):
        Consent.objects.filter(pk=consent.pk).update(warned_days=days)
        notifications.consent_ends(consent, days=days)


def publish(
    *, by: User, purpose: str, language: str, body: str, effective_from: datetime | None = None
) -> ConsentText:
    """Put a new notice in force; one that leaves out what the law asks for is refused (R1)."""
    with audited(by=by, action="consent.publish", purpose=purpose, language=language) as entry:
        by.must(Permission.PRIVACY_HANDLE)
        body = clean(body).strip()
        if missing := missing_parts(body, language):
            raise FactsMissing.of(*missing)
        last = ConsentText.objects.filter(purpose=purpose, language=language).last()
        text = ConsentText.objects.create(
            purpose=purpose,
            language=language,
            number=last.number + 1 if last else 1,
            body=body,
            sha256=hashlib.sha256(body.encode()).hexdigest(),
            effective_from=effective_from or now(),
        )
        entry.on = text
    return text


def _kept(
    client: Client,
    by: User,
    text: ConsentText,
    said: Said,
    at: datetime,
    until: datetime,
    wishes: Sequence[Wish],
) -> Consent:
    consent = Consent(
        client=client,
        text=text,
        grantor_kind=said.grantor_kind,
        grantor=clean(said.grantor),
        basis=_basis(said, wishes),
        method=said.method,
        evidence_ref=clean(said.evidence_ref),
        status=ConsentStatus.ACTIVE,
        given_at=at,
        expires_at=until,
        assent_of_minor=said.assent_of_minor,
        guardian_told=said.guardian_told,
        guardian_not_told_reason=clean(said.guardian_not_told_reason),
        recorded_by=by,
    )
    consent.witnesses = said.names
    if said.evidence is not None:
        page, consent.evidence_type = _page(said.evidence, said.evidence_type)
        consent.evidence.save("evidence", page, save=False)
    consent.save(force_insert=True)
    ConsentScope.objects.bulk_create(
        ConsentScope(
            consent=consent,
            purpose=text.purpose,
            recipient_kind=wish.recipient_kind,
            recipient_uid=wish.recipient_uid,
            data_class=wish.data_class,
            decision=wish.decision,
            separate_consent=wish.separate_consent,
        )
        for wish in dict.fromkeys(wishes)
    )
    return consent


def _page(page: File[bytes], kind: str) -> tuple[File[bytes], str]:
    """Draw a picture anew, so that neither place nor camera stays in the file."""
    if not kind.startswith("image/"):
        return page, kind
    drawn = io.BytesIO()
    Image.open(page).convert("RGB").save(drawn, "JPEG", quality=85)
    return ContentFile(drawn.getvalue()), "image/jpeg"


def _basis(said: Said, wishes: Sequence[Wish]) -> ConsentBasis:
    if said.grantor_kind == GrantorKind.GUARDIAN:
        return ConsentBasis.GUARDIAN_AND_MINOR if said.assent_of_minor else ConsentBasis.GUARDIAN
    separate = any(wish.separate_consent for wish in wishes)
    return ConsentBasis.SEPARATE if separate else ConsentBasis.CONSENT


def _end(consent: Consent, status: str, *, by: User, **columns: object) -> Withdrawal:
    """End a consent and its grants, and tell upper applications, all in this transaction."""
    if not consent_move(consent.status, status):
        raise IllegalTransition(_("This consent is not in force any more."))
    won = Consent.objects.filter(pk=consent.pk, status=consent.status).update(
        status=status, **columns
    )
    if not won:
        raise AlreadyDecided(_("This consent was ended already."))
    consent.refresh_from_db(fields=["status", *columns])
    return lose(consent.client, by=by, scope__consent=consent)


def lose(client: Client, *, by: User, **ground: object) -> Withdrawal:
    """Revoke grants whose ground is gone; recipients are asked to stop and to delete."""
    with audited(by=by, action="disclosure.lost", client=client) as entry:
        lost = list(client.grants.filter(revoked_at__isnull=True, **ground))
        entry.meta["grants"] = [grant.uid for grant in lost]
        at = now()
        DisclosureGrant.objects.filter(pk__in=[grant.pk for grant in lost]).update(
            revoked_at=at, deletion_asked_at=at
        )
        closed: list[UUID] = []
        if lost:
            for _receiver, uids in cast("Answers", basis_lost.send(Consent, grants=lost)):
                closed += uids or []
    return Withdrawal(closed, len(lost))
