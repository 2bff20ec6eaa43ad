"""Reading listings and their words: what may happen next, hotlines, codes, old addresses."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from directory.catalogue import phones
from directory.catalogue.guards import actors
from directory.catalogue.models import Code, Phone, Redirect, Schedule, Service, ServiceAtLocation
from directory.catalogue.states import PLACE_TABLE, SERVICE_TABLE, Event, LinkType

HOTLINE = "hotline"


@dataclass(frozen=True)
class Hotline:
    """A short number; rows and not words, because whoever keeps it speaks both languages."""

    number: str
    service: Service
    schedule: Schedule | None
    categories: tuple[str, ...]

    @property
    def hours_note(self) -> str:
        """Return its hours as they were told, "各地不同" included, in the language of the page."""
        return self.schedule.text("description")[0] if self.schedule else ""


def hotlines(categories: Collection[str] = ()) -> list[Hotline]:
    """Return the public hotlines, or those of some categories, given whole or by letters: CR."""
    rows = (
        Service.objects.listed()
        .visible_to(AnonymousUser())
        .filter(organization__kind=HOTLINE)
        .select_related("organization")
        .prefetch_related("phones", "schedules", "attributes__term")
        .order_by("pk")
    )
    found = [line for service in rows if (line := _hotline(service)) is not None]
    if not categories:
        return found
    wanted = tuple(categories)
    return [line for line in found if any(code.startswith(wanted) for code in line.categories)]


def _hotline(service: Service) -> Hotline | None:
    phone: Phone | None = next(iter(service.phones.all()), None)
    if phone is None:
        return None
    schedule: Schedule | None = next(iter(service.schedules.all()), None)
    codes = [
        row.term.code
        for row in service.attributes.all()
        if row.term and row.link_type == LinkType.SERVICE_TYPE
    ]
    return Hotline(phone.number, service, schedule, tuple(codes))


def allowed(listing: Service | ServiceAtLocation, user: User) -> list[str]:
    """Return the events that this user may take from where the listing stands."""
    service = listing if isinstance(listing, Service) else listing.service
    table = SERVICE_TABLE if isinstance(listing, Service) else PLACE_TABLE
    capacities = actors(user, service.organization_id)
    events = [
        row.event
        for row in table
        if listing.state in row.sources
        and row.actors & capacities
        # `resume` depends on why the listing is suspended, the others give a reason themselves.
        and (row.event != Event.RESUME or listing.state_reason in row.reasons)
    ]
    return list(dict.fromkeys(events))


def redirected(table: str, uid: UUID) -> UUID | None:
    """Return where a merged record's address leads now."""
    return (
        Redirect.objects.filter(table=table, old_uid=uid).values_list("new_uid", flat=True).first()
    )


def codes(name: str) -> list[Code]:
    """Return the codes of a set that may be chosen, in the order people know."""
    return list(Code.objects.of(name))


def code_labels(name: str) -> dict[str, str]:
    """Return the label of every code of a set, retired ones included: old rows still show them."""
    return {code.code: code.label for code in Code.objects.filter(set=name)}


def is_number(text: str) -> bool:
    """Say whether somebody could dial this; the operator's own prefixes count."""
    prefixes = Code.objects.of("extra_number").values_list("code", flat=True)
    try:
        phones.parse(text, country=settings.COUNTRY, extra_prefixes=list(prefixes))
    except phones.NotANumber:
        return False
    return True
