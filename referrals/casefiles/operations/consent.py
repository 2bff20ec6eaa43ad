"""Consent: what was said is kept as it was said; withdrawing works at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias, cast
from uuid import UUID

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.jobs import now
from core.text import clean
from directory.catalogue.models import Code
from referrals.casefiles import disclosure, notifications
from referrals.casefiles.disclosure.decide import NAMED
from referrals.casefiles.disclosure.notice import missing_parts
from referrals.casefiles.errors import (
    AlreadyDecided,
    ClassNotAllowed,
    FactsMissing,
    IllegalTransition,
    InvalidFacts,
)
from referrals.casefiles.models import (
    Client,
    Consent,
    ConsentScope,
    ConsentText,
    DisclosureGrant,
)
from referrals.casefiles.operations import timeline
from referrals.casefiles.operations.access import must_see
from referrals.casefiles.operations.numbers import rules_of
from referrals.casefiles.signals import basis_lost
from referrals.casefiles.states import (
    ANY,
    ConsentBasis,
    ConsentMethod,
    ConsentStatus,
    DataClass,
    GrantorKind,
    PolicyRule,
    RecipientKind,
    ScopeDecision,
    age_on,
    consent_move,
)
from referrals.casefiles.states.timeline import (
    CONSENT_GIVEN,
    CONSENT_REFUSED,
    CONSENT_WITHDRAWN,
)

# What receivers of `basis_lost` return: the uids they closed.
Answers: TypeAlias = list[tuple[object, list[UUID] | None]]
LONGEST = timedelta(days=365)
AFTER_REVIEW = timedelta(days=90)


@dataclass(frozen=True)
class Wish:
    """One scope as it was said: to whom, which class, yes or no, with a tick of its own."""

    recipient_kind: str
    recipient_uid: str
    data_class: str
    decision: str = ScopeDecision.PERMIT
    separate_consent: bool = False


@dataclass(frozen=True)
class Said:
    """Who said it, and how that can be shown later."""

    grantor_kind: str = GrantorKind.CLIENT
    grantor: str = ""
    method: str = ConsentMethod.ORAL
    witnesses: Sequence[str] = ()
    evidence: File[bytes] | None = None
    evidence_type: str = ""
    evidence_ref: str = ""
    assent_of_minor: bool | None = None
    guardian_told: bool | None = None
    guardian_not_told_reason: str = ""
    # Categories of the recipient's services: what they may never be given cannot be ticked.
    categories: Sequence[str] = field(default_factory=tuple)


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
        until = expires_at or default_end(client, at)
        if not at < until <= at + LONGEST or at > now():
            raise InvalidFacts.of("expires_at", _("A consent lasts for a year at most."))
        if not wishes:
            raise FactsMissing.of("classes")
        _check_said(said)
        _check_age(client, said, at)
        _check_wishes(client, wishes, said, at)
        consent = _kept(client, by, text, said, at, until, wishes)
        entry.on, entry.basis = consent, consent.basis
        if supersedes is not None:
            _end(supersedes, ConsentStatus.SUPERSEDED)
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
        consent.witnesses = _names(said)
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
        withdrawal = _end(consent, ConsentStatus.WITHDRAWN, withdrawn_at=now(), withdrawn_via=via)
        if reason.strip():
            consent.withdrawal_note = clean(reason)
            consent.save(update_fields=["withdrawal_note"])
        timeline.add(consent.client, by=by, at=now(), kind=CONSENT_WITHDRAWN, thing=consent)
    return withdrawal


def expire(consent: Consent, *, by: User) -> Withdrawal:
    """End what has run out; what rests on it closes like after a withdrawal (C7)."""
    with audited(by=by, action="consent.expire", on=consent, client=consent.client):
        withdrawal = _end(consent, ConsentStatus.EXPIRED)
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


def default_end(client: Client, at: datetime) -> datetime:
    """Return when a consent ends by itself: ninety days after the case's review, a year at most."""
    case = client.cases.open().filter(next_review_on__isnull=False).first()
    if case is None:
        return at + LONGEST
    days = (case.next_review_on - timezone.localdate(at)).days
    return min(at + LONGEST, at + timedelta(days=max(0, days)) + AFTER_REVIEW)


def _check_said(said: Said) -> None:
    if said.grantor_kind != GrantorKind.CLIENT and not said.grantor.strip():
        raise FactsMissing.of("grantor")
    names = _names(said)
    if said.method == ConsentMethod.ORAL:
        if len(set(names)) < 2:
            raise FactsMissing(
                _("An oral consent needs two witnesses; one may be you."),
                errors=[{"field": "witnesses", "code": "required"}],
            )
    elif said.evidence is None and not said.evidence_ref.strip():
        raise FactsMissing(
            _("Attach the signed page, or say where it is kept."),
            errors=[{"field": "evidence_ref", "code": "required"}],
        )


def _check_age(client: Client, said: Said, at: datetime) -> None:
    """Under 14 the guardian consents and the child agrees; from 14 to 17 the minor does (C5)."""
    age = age_on(client.born, timezone.localdate(at)) if client.born else None
    young = disclosure.under_14(client, at)
    if said.grantor_kind == GrantorKind.GUARDIAN and _all_suspected(client):
        raise InvalidFacts.of(
            "grantor_kind", _("The guardian is suspected of harm: use a legal basis instead.")
        )
    if young:
        if said.grantor_kind not in {GrantorKind.GUARDIAN, GrantorKind.STATUTORY}:
            raise InvalidFacts.of("grantor_kind", _("Under 14 the guardian consents."))
        if said.assent_of_minor is None:
            raise FactsMissing.of("assent_of_minor")
    elif age is not None and age < 18:
        if rules_of(client.organization).minors_need_guardian:
            if said.grantor_kind != GrantorKind.GUARDIAN or not said.assent_of_minor:
                raise InvalidFacts.of(
                    "grantor_kind", _("Here guardian and minor both consent until 18.")
                )
        elif not said.guardian_told and not said.guardian_not_told_reason.strip():
            raise FactsMissing.of("guardian_told")


def _all_suspected(client: Client) -> bool:
    guardians = list(client.guardians.filter(until__isnull=True))
    return bool(guardians) and all(guardian.suspected_harmer for guardian in guardians)


def _check_wishes(client: Client, wishes: Sequence[Wish], said: Said, at: datetime) -> None:
    young = disclosure.under_14(client, at)
    allowed = disclosure.recipient_allowances(said.categories) if said.categories else {}
    for wish in wishes:
        if wish.recipient_kind not in RecipientKind.values:
            raise InvalidFacts.of("recipient", _("Choose who may have the data."))
        if wish.decision == ScopeDecision.DENY or wish.data_class == ANY:
            continue
        if wish.data_class not in DataClass.values:
            raise InvalidFacts.of("classes", _("Choose kinds of data from the list."))
        rule = allowed.get(DataClass(wish.data_class))
        if rule is not None and rule.rule == PolicyRule.NEVER:
            raise ClassNotAllowed(
                _("This recipient may never be given: %(class)s")
                % {"class": DataClass(wish.data_class).label}
            )
        own_tick = disclosure.is_sensitive(wish.data_class, under_14=young)
        if own_tick and not wish.separate_consent:
            raise InvalidFacts.of("classes", _("Sensitive data need a tick of their own."))
        if disclosure.is_restricted(wish.data_class) and wish.recipient_kind not in NAMED:
            raise InvalidFacts.of("recipient", _("Restricted data go to a named recipient only."))


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
        evidence_type=said.evidence_type,
        status=ConsentStatus.ACTIVE,
        given_at=at,
        expires_at=until,
        assent_of_minor=said.assent_of_minor,
        guardian_told=said.guardian_told,
        guardian_not_told_reason=clean(said.guardian_not_told_reason),
        recorded_by=by,
    )
    consent.witnesses = _names(said)
    if said.evidence is not None:
        consent.evidence.save("evidence", said.evidence, save=False)
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


def _names(said: Said) -> list[str]:
    return [clean(name).strip() for name in said.witnesses if name.strip()]


def _basis(said: Said, wishes: Sequence[Wish]) -> ConsentBasis:
    if said.grantor_kind == GrantorKind.GUARDIAN:
        return ConsentBasis.GUARDIAN_AND_MINOR if said.assent_of_minor else ConsentBasis.GUARDIAN
    separate = any(wish.separate_consent for wish in wishes)
    return ConsentBasis.SEPARATE if separate else ConsentBasis.CONSENT


def _end(consent: Consent, status: str, **columns: object) -> Withdrawal:
    """End a consent and its grants, and tell upper applications, all in this transaction."""
    if not consent_move(consent.status, status):
        raise IllegalTransition(_("This consent is not in force any more."))
    won = Consent.objects.filter(pk=consent.pk, status=consent.status).update(
        status=status, **columns
    )
    if not won:
        raise AlreadyDecided(_("This consent was ended already."))
    consent.refresh_from_db(fields=["status", *columns])
    return lose(consent.client, scope__consent=consent)


def lose(client: Client, **ground: object) -> Withdrawal:
    """Revoke grants whose ground is gone; recipients are asked to stop and to delete."""
    # Behind the client's lock: a referral that is just being sent is seen, or sees the withdrawal.
    Client._base_manager.select_for_update(no_key=True).get(pk=client.pk)
    lost = list(client.grants.filter(revoked_at__isnull=True, **ground))
    at = now()
    DisclosureGrant.objects.filter(pk__in=[grant.pk for grant in lost]).update(
        revoked_at=at, deletion_asked_at=at
    )
    closed: list[UUID] = []
    if lost:
        for _receiver, uids in cast("Answers", basis_lost.send(Consent, grants=lost)):
            closed += uids or []
    return Withdrawal(closed, len(lost))
