"""Drafts: made for a need, changed, sent in one go with the consent, copied for the next try."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import Conflict, NotPermitted
from core.jobs import now, today
from core.text import clean
from directory.catalogue.models import Organization, Service, ServiceAtLocation
from referrals.casefiles import disclosure
from referrals.casefiles.models import ConsentText, Need
from referrals.casefiles.operations import consent as consents
from referrals.casefiles.states import DataClass, PolicyRule
from referrals.handoffs import guards, packet
from referrals.handoffs.errors import ClassNotAllowed, DuplicateOpen, GuardFailed, IllegalTransition
from referrals.handoffs.guards import Finding
from referrals.handoffs.models import (
    OffPlatformContact,
    Referral,
    ReferralEvent,
    ReferralNeed,
    ReferralSeries,
)
from referrals.handoffs.operations import clocks, events, log
from referrals.handoffs.signals import referral_moved
from referrals.handoffs.states import (
    CLOCK_CLASSES,
    DONE,
    Actor,
    Channel,
    ClockClass,
    Entry,
    Event,
    Status,
)


class Facts(TypedDict, total=False):
    """What a worker says about a referral; what is left out keeps its default."""

    needs: Sequence[Need]
    place: ServiceAtLocation | None
    referral_reason: str
    summary: str
    priority: str
    channel: str
    classes: Sequence[str]
    details: Mapping[str, str]
    handoff_mode: str
    handoff_record: Mapping[str, Any]
    must_happen_before: date | None
    expected_on: date | None
    confirmed: Sequence[str]
    override_reason: str
    delivery: Mapping[str, str]
    parent: Referral | None
    act: str
    origin: str


class ConsentGiven(NamedTuple):
    """A consent that was said while the referral was written."""

    text: ConsentText
    said: consents.Said
    wishes: Sequence[consents.Wish]
    expires_at: Any = None


class Draft(NamedTuple):
    """What a page writes into: a recipient, a draft there is, or the attempt it goes on from."""

    service: Service | None = None
    off_platform: OffPlatformContact | None = None
    draft: Referral | None = None
    version: int = 0
    after: Referral | None = None


COLUMNS = {"classes": "data_classes"}
TEXTS = frozenset({"summary", "override_reason"})


def create(
    need: Need,
    *,
    by: User,
    service: Service | None = None,
    off_platform: OffPlatformContact | None = None,
    **facts: Unpack[Facts],
) -> Referral:
    """Begin a referral of a need to one recipient; an open one to the same recipient refuses it."""
    with audited(by=by, action="referral.create", client=need.client) as record:
        client = need.client
        by.must(Permission.REFERRAL_PREPARE, client.organization_id)
        if not guards.is_on_the_case(client, by):
            raise NotPermitted
        referral = Referral(
            client=client,
            sender_org=client.organization,
            sender=by,
            service=service,
            off_platform_contact=off_platform,
            recipient_org=service.organization if service else None,
            category=need.category.code,
            priority=need.priority,
            channel=Channel.PLATFORM if service else Channel.PHONE,
        )
        _place_in_chain(referral, facts.pop("parent", None))
        needs = facts.pop("needs", None) or [need]
        _fill(referral, facts)
        referral.clock_class = _clock_class(need, referral.priority)
        _check_classes(referral)
        referral.ref_no = _next_number(client.organization)
        referral.save(force_insert=True)
        _name_needs(referral, needs)
        clocks.wind(referral, at=now(), days={})
        record.on = referral
        entry = log.write(referral, event=Entry.CREATED, by=by, role=Actor.SND)
        referral_moved.send(Referral, event=entry)
    return referral


def edit(
    referral: Referral, *, by: User, expected_version: int, **facts: Unpack[Facts]
) -> Referral:
    """Change a draft; of two who edit at once the second is told."""
    with audited(
        by=by,
        action="referral.edit",
        on=referral,
        client=referral.client,
        fields=sorted(facts),
    ):
        guards.actor(referral, (Actor.SND,), Entry.EDITED, by=by)
        if referral.status != Status.DRAFT:
            raise IllegalTransition
        won = Referral.objects.filter(
            pk=referral.pk, status=Status.DRAFT, version=expected_version
        ).update(version=F("version") + 1)
        if not won:
            raise Conflict(events.LOST)
        facts.pop("needs", None)
        facts.pop("parent", None)
        referral.refresh_from_db()
        changed = _fill(referral, facts)
        first = referral.needs.select_related("need__scheme").first()
        if first is not None:
            referral.clock_class = _clock_class(first.need, referral.priority)
        _check_classes(referral)
        referral.save(update_fields=[*changed, "clock_class", "updated_at"])
        log.write(referral, event=Entry.EDITED, by=by, role=Actor.SND)
    return referral


def refer(
    need: Need,
    *,
    by: User,
    idempotency_key: str,
    into: Draft,
    sends: bool = True,
    consent: ConsentGiven | None = None,
    **facts: Unpack[Facts],
) -> Referral:
    """Write, record the consent and send in one transaction: all of it happens or nothing.

    Where the rules of the house ask for a second pair of eyes, it is submitted instead.
    """
    with audited(by=by, action="referral.refer", client=need.client) as record:
        if consent is not None:
            consents.record(
                need.client,
                by=by,
                text=consent.text,
                said=consent.said,
                wishes=consent.wishes,
                expires_at=consent.expires_at,
            )
        referral = _written(need, into, by=by, facts=facts)
        record.on = referral
        if sends:
            send(referral, by=by, idempotency_key=idempotency_key)
    return referral


def _written(need: Need, into: Draft, *, by: User, facts: Facts) -> Referral:
    """Go on with the draft there is, copy the attempt before, or begin."""
    if into.draft is not None:
        return edit(into.draft, by=by, expected_version=into.version, **facts)
    if into.after is not None:
        return onward(
            into.after, by=by, service=into.service, off_platform=into.off_platform, **facts
        )
    return create(need, by=by, service=into.service, off_platform=into.off_platform, **facts)


def note_contact(
    *, by: User, name: str, person: str = "", phone: str = "", email: str = ""
) -> OffPlatformContact:
    """Keep somebody who receives referrals without being in the directory."""
    with audited(by=by, action="contact.note") as record:
        by.must(Permission.REFERRAL_PREPARE)
        contact = OffPlatformContact.objects.create(
            name=clean(name).strip(),
            person=clean(person).strip(),
            phone=clean(phone).strip(),
            email=email,
        )
        record.on = contact
    return contact


def send(referral: Referral, *, by: User, idempotency_key: str) -> ReferralEvent:
    """Send a draft, or submit it where somebody has to approve it first."""
    waits = guards.approval_reasons(referral, at=now())
    return events.apply(
        referral,
        event=Event.SUBMIT if waits else Event.SEND,
        by=by,
        expected_version=referral.version,
        idempotency_key=idempotency_key,
    )


def onward(
    referral: Referral,
    *,
    by: User,
    service: Service | None = None,
    off_platform: OffPlatformContact | None = None,
    **facts: Unpack[Facts],
) -> Referral:
    """Copy an ended referral as the next attempt for the same need, to another recipient."""
    if referral.status not in DONE:
        raise IllegalTransition(_("This attempt is still open."))
    tried = set(tried_services(referral))
    if service is not None and service.pk in tried:
        raise DuplicateOpen(_("This provider has been tried for this need already."))
    rows = list(referral.needs.select_related("need__category", "need__scheme"))
    kept: Facts = {
        "needs": [row.need for row in rows],
        "referral_reason": referral.referral_reason,
        "summary": referral.summary,
        "priority": referral.priority,
        "classes": referral.data_classes,
        "details": referral.details,
        "must_happen_before": _still_ahead(referral.must_happen_before),
        "parent": referral,
    }
    kept.update(facts)
    return create(rows[0].need, by=by, service=service, off_platform=off_platform, **kept)


def tried_services(referral: Referral) -> list[int]:
    """Return the services that this chain has been to."""
    chain = referral.client.referrals.filter(root_id=referral.chain_id)
    found = [*chain.values_list("service", flat=True)]
    first = referral.client.referrals.filter(pk=referral.chain_id)
    return [pk for pk in (*found, *first.values_list("service", flat=True)) if pk]


# ---- Parts -----------------------------------------------------------------------------------
def _place_in_chain(referral: Referral, parent: Referral | None) -> None:
    if parent is not None:
        referral.parent = parent
        referral.root_id = parent.chain_id
        referral.attempt_no = parent.attempt_no + 1


def _fill(referral: Referral, facts: Mapping[str, Any]) -> list[str]:
    """Set what was said, text cleaned; return the columns that were touched."""
    columns = {COLUMNS.get(name, name): _cleaned(name, facts[name]) for name in facts}
    for column, value in columns.items():
        setattr(referral, column, value)
    return list(columns)


def _cleaned(name: str, value: Any) -> Any:
    if name in TEXTS:
        return clean(value).strip()
    if name == "details":
        return {key: clean(text).strip() for key, text in value.items() if text.strip()}
    return sorted(set(value)) if name in {"classes", "confirmed"} else value


def _check_classes(referral: Referral) -> None:
    """Refuse a class that this kind of recipient may never be given (rule C3)."""
    unknown = set(referral.data_classes) - set(DataClass.values)
    if unknown:
        raise ClassNotAllowed(_("Please choose from the kinds of information."))
    allowed = disclosure.recipient_allowances(packet.categories(referral))
    barred = [
        name
        for name in map(DataClass, referral.data_classes)
        if allowed[name].rule == PolicyRule.NEVER
    ]
    if barred:
        raise ClassNotAllowed(
            _("This recipient may never be given: %(kinds)s")
            % {"kinds": ", ".join(str(name.label) for name in barred)}
        )


def _clock_class(need: Need, priority: str) -> str:
    """Return which clocks run on a level, by the scheme the need was scored with."""
    levels = need.scheme.data["levels"] if need.scheme_id else []
    own = {row["code"]: row["clock_class"] for row in levels}
    return str(own.get(priority) or CLOCK_CLASSES.get(priority, ClockClass.NORMAL))


def _name_needs(referral: Referral, needs: Sequence[Need]) -> None:
    """Tie the needs to the referral; the open key lets the database refuse a second one."""
    if any(need.client_id != referral.client_id for need in needs):
        finding = Finding("G1", "foreign_need", _("Choose needs of this client."), "needs")
        raise GuardFailed(finding.detail, errors=[finding.to_json()])
    for need in needs:
        try:
            with transaction.atomic():
                ReferralNeed.objects.create(
                    referral=referral, need=need, open_key=packet.open_key(referral, need.pk)
                )
        except IntegrityError as error:
            raise DuplicateOpen from error


def _next_number(organization: Organization) -> str:
    """Give the organization's next number of the month; the row keeps the series whole."""
    month = f"{today():%Y%m}"
    row, _new = ReferralSeries.objects.get_or_create(organization=organization, month=month)
    ReferralSeries.objects.filter(pk=row.pk).update(last=F("last") + 1)
    row.refresh_from_db()
    letters = "".join(word[:1] for word in organization.sort_key.split())[:4].upper()
    return f"{letters or 'LW'}-{month}-{row.last:05}"


def _still_ahead(day: date | None) -> date | None:
    return day if day is not None and day >= today() else None
