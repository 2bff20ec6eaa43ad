"""The register of those who do not want to be listed, written to or visited."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Case, Q, When

from core.crypto import blind_index
from core.jobs import today
from core.text import fold
from directory.catalogue import phones
from directory.catalogue.models import Code, ListingRestriction, Organization, Phone, Service
from directory.catalogue.states import MatchKind, RestrictionKind, RestrictionState
from directory.geography.models import Area

# What may be a person's own is kept as a keyed hash: it can be recognized, not read.
BLIND: Final = frozenset({MatchKind.E164, MatchKind.EMAIL})


@dataclass(frozen=True)
class Subject:
    """By what somebody in the register would be recognized."""

    uids: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    websites: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    areas: tuple[Area, ...] = field(default=())


def match_value(kind: str, value: str) -> str:
    """Return a value as the register keeps it: folded, and blind where it may be a person's own."""
    plain = _plain(kind, value)
    return blind_index(f"restriction.{kind}", plain) if kind in BLIND else plain


def _plain(kind: str, value: str) -> str:
    if kind == MatchKind.E164:
        prefixes = list(Code.objects.of("extra_number").values_list("code", flat=True))
        try:
            return phones.parse(value, country=settings.COUNTRY, extra_prefixes=prefixes).e164
        except phones.NotANumber:
            return fold(value).strip()
    if kind == MatchKind.IDENTIFIER:
        return "".join(c for c in fold(value).upper() if c.isalnum())
    if kind == MatchKind.DOMAIN:
        return domain(value)
    return fold(value).strip()


def domain(address: str) -> str:
    """Return the site of a web address, without `www.`."""
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    return fold(host).removeprefix("www.")


def restrictions_on(subject: Subject, *, kind: str = "") -> list[ListingRestriction]:
    """Return the active entries that mean this subject, by whatever it is recognized."""
    given = {
        MatchKind.UID: subject.uids,
        MatchKind.IDENTIFIER: subject.identifiers,
        MatchKind.E164: subject.numbers,
        MatchKind.EMAIL: subject.emails,
        MatchKind.DOMAIN: subject.websites,
        MatchKind.NAME: subject.names,
    }
    wanted = Q(pk__in=[])
    for match_kind, values in given.items():
        kept = {match_value(match_kind, value) for value in values if value} - {""}
        if kept:
            wanted |= Q(match_kind=match_kind, match_value__in=kept)
    rows = ListingRestriction.objects.filter(wanted, state=RestrictionState.ACTIVE).filter(
        Q(until__isnull=True) | Q(until__gte=today())
    )
    if kind:
        rows = rows.filter(kind=kind)
    return [row for row in rows.select_related("area") if _is_there(row, subject.areas)]


def _is_there(row: ListingRestriction, areas: Iterable[Area]) -> bool:
    """Say whether an entry counts here: a name is barred in its area alone."""
    if row.match_kind != MatchKind.NAME or row.area is None:
        return True
    return any(area.path.startswith(row.area.path) for area in areas)


def register() -> list[ListingRestriction]:
    """Return the register: what waits for a decision first, what was lifted last."""
    order = Case(
        When(state=RestrictionState.DRAFT, then=0),
        When(state=RestrictionState.ACTIVE, then=1),
        default=2,
    )
    return list(ListingRestriction.objects.select_related("area").order_by(order, "-pk")[:500])


def subject_of(organization: Organization, service: Service | None = None) -> Subject:
    """Return by what an organization, and one of its services, would be recognized."""
    uids = {str(organization.uid)} | ({str(service.uid)} if service else set())
    owners = Q(organization=organization) | (Q(service=service) if service else Q(pk__in=[]))
    numbers = Phone.objects.filter(owners).exclude(e164="").values_list("e164", flat=True)
    emails = {organization.email} | ({service.email} if service else set())
    websites = {organization.website} | ({service.url} if service else set())
    areas = Area.objects.filter(
        pk__in=organization.locations.filter(area__isnull=False).values("area")
    )
    return Subject(
        uids=frozenset(uids),
        identifiers=frozenset(organization.identifiers.values_list("identifier", flat=True)),
        numbers=frozenset(numbers),
        emails=frozenset(emails - {""}),
        websites=frozenset(websites - {""}),
        names=frozenset({organization.name}),
        areas=tuple(areas),
    )


def may_list(subject: Subject) -> bool:
    """Say whether nothing in the register speaks against showing a listing."""
    return not restrictions_on(subject, kind=RestrictionKind.DO_NOT_LIST)


def bars_anybody() -> bool:
    """Say whether anybody in the register is not to be contacted in some way."""
    kinds = (RestrictionKind.DO_NOT_CONTACT, RestrictionKind.DO_NOT_VISIT)
    return ListingRestriction.objects.filter(kind__in=kinds, state=RestrictionState.ACTIVE).exists()


def barred_channels(subject: Subject) -> set[str]:
    """Return the channels by which a provider must not be contacted; `*` = none is left."""
    found: set[str] = set()
    for row in restrictions_on(subject):
        if row.kind == RestrictionKind.DO_NOT_VISIT:
            found.add("visit")
        elif row.kind == RestrictionKind.DO_NOT_CONTACT:
            found |= set(row.channels or ["*"])
    return found
