"""Help that reached somebody: handouts, referrals that began, and what else was brought about."""

from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.jobs import local_date, now, today
from core.text import clean
from directory.catalogue.models import Code, Organization, Service
from referrals.casefiles.models import Client, Need
from referrals.casefiles.operations import need as needs
from referrals.casefiles.operations import timeline
from referrals.casefiles.operations.access import must_edit
from referrals.casefiles.states import ACTIVE
from referrals.handoffs.models import Referral, ReferralNeed
from referrals.reports.errors import FactsMissing, InvalidFacts
from referrals.reports.models import ResourceLink
from referrals.reports.operations import follow_ups
from referrals.reports.states import LINKED, Mode

SERVICE = "service"
REACHED = frozenset({"RECEIVED_FULL", "RECEIVED_PART"})


class Facts(TypedDict, total=False):
    """What is told about a resource; what is left out stays empty."""

    on: date
    need: Need | None
    service: Service | None
    provider: Organization | None
    provider_name: str
    content: str
    quantity: Decimal | None
    unit: str
    amount: Decimal | None
    valuation: str


def log_only(need: Need, *, by: User, service: Service, note: str = "") -> ResourceLink:
    """只登记: note a service that the client takes along; nobody there is told, we ask later."""
    with audited(by=by, action="link.log_only", client=need.client, service=service) as entry:
        must_edit(need.client, by)
        if need.status not in ACTIVE:
            raise InvalidFacts.of("need", _("This need is not open any more."))
        entry.on = link = ResourceLink.objects.create(
            on=today(),
            organization=need.client.organization,
            client=need.client,
            need=need,
            resource_type=SERVICE,
            service=service,
            provider=service.organization,
            content=clean(note).strip(),
            mode=Mode.INTRODUCED,
            author=by,
        )
        needs.take_up(need, by=by)
        follow_ups.after_handout(need, by=by)
        timeline.add(need.client, by=by, at=now(), kind=LINKED, thing=link,
                     organization=service.organization)  # fmt: skip
    return link


def record(
    *,
    by: User,
    resource_type: str,
    mode: str,
    client: Client | None = None,
    organization: Organization | None = None,
    head_count: int | None = None,
    **facts: Unpack[Facts],
) -> ResourceLink:
    """Note what was brought about otherwise, for a client or for a number of people."""
    with audited(by=by, action="link.record", client=client) as entry:
        house = _house(by, client, organization)
        _check(client, head_count, resource_type, mode, facts)
        service = facts.get("service")
        facts.setdefault("on", today())
        if service is not None and not facts.get("provider"):
            facts["provider"] = service.organization
        if not facts.get("provider") and not facts.get("provider_name", "").strip():
            raise FactsMissing.of("provider_name")
        facts["content"] = clean(facts.get("content", "")).strip()
        entry.on = link = ResourceLink.objects.create(
            organization=house,
            client=client,
            head_count=head_count,
            resource_type=resource_type,
            mode=mode,
            author=by,
            **facts,
        )
        if client is not None:
            timeline.add(client, by=by, at=now(), kind=LINKED, thing=link)
    return link


def hand_over(referral: Referral, *, by: User, at: datetime) -> None:
    """Note for each need that a referral has reached its service (T12)."""
    with audited(by=by, action="link.from_referral", on=referral, client=referral.client):
        rows = list(referral.needs.select_related("need"))
        ResourceLink.objects.bulk_create(
            [_link(referral, row, by, at) for row in rows], ignore_conflicts=True
        )


def conclude(referral: Referral, *, by: User, at: datetime) -> None:
    """Write beside each link what the client confirmed, with quantity and value.

    Help that the provider reported without a start is noted now.
    """
    with audited(by=by, action="link.conclude", on=referral, client=referral.client):
        for row in referral.needs.select_related("need"):
            if row.result in REACHED:
                ResourceLink.objects.bulk_create(
                    [_link(referral, row, by, at)], ignore_conflicts=True
                )
            ResourceLink.objects.filter(referral=referral, need=row.need).update(
                result=row.result,
                quantity=row.quantity,
                unit=row.unit,
                amount=row.amount,
                updated_at=now(),
            )


def _link(referral: Referral, row: ReferralNeed, by: User, at: datetime) -> ResourceLink:
    contact = referral.off_platform_contact
    return ResourceLink(
        on=local_date(referral.first_contact_at or at),
        organization=referral.sender_org,
        client=referral.client,
        need=row.need,
        referral=referral,
        resource_type=SERVICE,
        service=referral.service,
        provider=referral.recipient_org,
        provider_name=str(contact) if contact and not referral.recipient_org else "",
        mode=Mode.REFERRED,
        author=by,
    )


def _house(by: User, client: Client | None, organization: Organization | None) -> Organization:
    if client is not None:
        must_edit(client, by)
        return client.organization
    if organization is None:
        raise FactsMissing.of("organization")
    by.must(Permission.CLIENT_WRITE, organization)
    return organization


def _check(
    client: Client | None, head_count: int | None, resource_type: str, mode: str, facts: Facts
) -> None:
    if (client is None) == (not head_count):
        raise InvalidFacts.of("head_count", _("Name a client or a number of people."))
    need = facts.get("need")
    if need is not None and (client is None or need.client_id != client.pk):
        raise InvalidFacts.of("need", _("This need belongs to another file."))
    if not Code.objects.of("resource_type").filter(code=resource_type).exists():
        raise InvalidFacts.of("resource_type", _("Choose one of the list."))
    if mode not in Mode.values:
        raise InvalidFacts.of("mode", _("Choose one of the list."))
    if facts.get("amount") is not None and not facts.get("valuation", "").strip():
        raise FactsMissing.of("valuation")
    if (on := facts.get("on")) is not None and on > today():
        raise InvalidFacts.of("on", _("Choose a day up to today."))
