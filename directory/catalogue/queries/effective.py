"""What really applies at a place: the most specific word wins, and says where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from django.conf import settings

from core.jobs import now
from directory.catalogue import hours
from directory.catalogue.models import (
    Contact,
    Language,
    Location,
    Phone,
    Schedule,
    ScheduleException,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
)
from directory.catalogue.models.audience import Reader
from directory.catalogue.queries.tree import Tree
from directory.catalogue.states import Availability
from directory.geography.models import Area
from directory.geography.queries import special_days

Origin = Literal["place", "location", "service", "organization"]
WEEKDAYS: Final = hours.WEEKDAYS
# A page tells of special days this far ahead; `hours` looks no farther for the next opening.
AHEAD: Final = timedelta(days=63)
# Capacity names its place in a column of its own.
CAPACITY_KEYS: Final = {"service_at_location_id": "place_id"}


@dataclass(frozen=True)
class Sourced:
    """A row and whose it is: the place's own, or passed down to it."""

    row: Any
    origin: Origin


@dataclass(frozen=True)
class Effective:
    """What applies at one place, or at a service that has none."""

    service: Service
    place: ServiceAtLocation | None
    phones: list[Sourced]
    contacts: list[Sourced]
    schedules: list[Schedule]
    exceptions: list[ScheduleException]
    hours_origin: Origin | None
    areas: list[ServiceArea]
    areas_origin: Origin | None
    languages: list[Language]
    capacity: ServiceCapacity | None
    capacity_origin: Origin | None

    @property
    def location(self) -> Location | None:
        """Return where the place is, if there is one."""
        return self.place.location if self.place else None

    @property
    def availability(self) -> Availability:
        """Return the provider's word, as long as it counts."""
        return availability(self.capacity)

    def status(
        self, at: datetime | None = None, calendar: hours.Calendar | None = None
    ) -> hours.Status:
        """Say whether it is open at an instant."""
        moment = at or now()
        days = calendar if calendar is not None else calendar_around(moment.date(), self.area)
        return hours.status_at(self.schedules, self.exceptions, days, moment, tz=settings.TIME_ZONE)

    @property
    def area(self) -> Area | None:
        """Return the area whose special days count."""
        return self.location.area if self.location else None


def effective(
    listing: ServiceAtLocation | Service, *, to: Reader | None = None, tree: Tree | None = None
) -> Effective:
    """Return what applies at a place; rows of a protected location count for its staff alone."""
    place = listing if isinstance(listing, ServiceAtLocation) else None
    service = listing if isinstance(listing, Service) else listing.service
    tree = tree or Tree([service], to=to)
    holders = _holders(service, place, open_to=to)
    schedules, hours_origin = _nearest(tree, Schedule, _hours_holders(holders))
    areas, areas_origin = _nearest(tree, ServiceArea, [h for h in holders if h[0] != "location"])
    capacity, capacity_origin = _capacity(tree, holders)
    return Effective(
        service=service,
        place=place,
        phones=_union(tree, Phone, holders),
        contacts=_union(tree, Contact, holders),
        schedules=schedules,
        exceptions=_exceptions(tree, _hours_holders(holders), hours_origin),
        hours_origin=hours_origin,
        areas=areas,
        areas_origin=areas_origin,
        languages=_languages(tree, holders),
        capacity=capacity,
        capacity_origin=capacity_origin,
    )


Holder = tuple[Origin, str, int]


def _holders(
    service: Service, place: ServiceAtLocation | None, *, open_to: Reader | None
) -> list[Holder]:
    """Return whose rows count, most specific first."""
    holders: list[Holder] = []
    if place is not None:
        holders.append(("place", "service_at_location_id", place.pk))
        # What hangs on a refuge itself could lead to it; a rule of ours may know.
        if open_to is None or not place.location.protected:
            holders.append(("location", "location_id", place.location_id))
    holders.append(("service", "service_id", service.pk))
    holders.append(("organization", "organization_id", service.organization_id))
    return holders


def _hours_holders(holders: list[Holder]) -> list[Holder]:
    """Put hours in their order: place, service, location; organizations have none."""
    order = ("place", "service", "location")
    return sorted((h for h in holders if h[0] in order), key=lambda h: order.index(h[0]))


def _nearest(
    tree: Tree, model: type[Any], holders: Iterable[Holder]
) -> tuple[list[Any], Origin | None]:
    for origin, key, pk in holders:
        if origin != "organization" and (rows := tree.rows(model, key, pk)):
            return rows, origin
    return [], None


def _union(tree: Tree, model: type[Any], holders: list[Holder]) -> list[Sourced]:
    seen: set[object] = set()
    found = []
    for origin, key, pk in holders:
        for row in tree.rows(model, key, pk):
            same = (row.e164 or row.number, row.extension) if model is Phone else row.pk
            if same not in seen:
                seen.add(same)
                found.append(Sourced(row, origin))
    return found


def _exceptions(
    tree: Tree, holders: list[Holder], origin: Origin | None
) -> list[ScheduleException]:
    """Take exceptions of the level the hours come from, and of any level nearer to the place."""
    found: list[ScheduleException] = []
    for level, key, pk in holders:
        found += tree.rows(ScheduleException, key, pk)
        if level == origin:
            break
    return found


def _languages(tree: Tree, holders: list[Holder]) -> list[Language]:
    rows: dict[str, Language] = {}
    for origin, key, pk in holders:
        if origin in {"location", "service"}:
            for row in tree.rows(Language, key, pk):
                rows.setdefault(row.code or row.name, row)
    return list(rows.values())


def _capacity(tree: Tree, holders: list[Holder]) -> tuple[ServiceCapacity | None, Origin | None]:
    for origin, key, pk in holders:
        if origin in {"place", "service"}:
            rows = [
                row
                for row in tree.rows(ServiceCapacity, CAPACITY_KEYS.get(key, key), pk)
                if row.place_id is None or origin == "place"
            ]
            if rows:
                return min(rows, key=lambda row: row.unit_id is not None), origin
    return None, None


def availability(capacity: ServiceCapacity | None) -> Availability:
    """Return the word of a capacity row; after its time it says nothing any more."""
    if capacity is None or (capacity.expires_at and capacity.expires_at <= now()):
        return Availability.UNKNOWN
    return Availability(capacity.availability)


def calendar_around(on: date, area: Area | None = None) -> dict[date, hours.Day]:
    """Return the special days that opening hours near a date depend on."""
    days = special_days(on - timedelta(days=8), on + AHEAD, area=area)
    return {
        day.on: hours.Day(
            day.kind,
            WEEKDAYS.index(day.acts_as) if day.acts_as else None,
            day.text("name")[0],
        )
        for day in days.values()
    }
