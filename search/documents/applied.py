"""What applies at a site, asked table by table.

The order is that of `catalogue.queries.effective`, which reads every table of a listing; a list of
services and a batch of documents may only read the tables that they show. A test compares the two.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from directory.catalogue.models import (
    Language,
    Phone,
    Schedule,
    ScheduleException,
    Service,
    ServiceArea,
    ServiceCapacity,
)


class Reads(Protocol):
    """Where rows come from: the catalogue's `Tree` for readers, `Rows` for documents."""

    @property
    def reader(self) -> Any:
        """Return for whom rows are read; None stands for a rule of ours."""

    def rows(self, model: type[Any], key: str, pk: int) -> list[Any]:
        """Return the rows of a table that hang on one parent."""


def _hours_holders(service: Service, place: Any, *, guarded: bool) -> Iterator[tuple[str, int]]:
    if place is not None:
        yield "service_at_location_id", place.pk
    yield "service_id", service.pk
    if place is not None and not (guarded and place.location.protected):
        yield "location_id", place.location_id


def hours(tree: Reads, service: Service, place: Any) -> tuple[list[Any], list[Any]]:
    """Return the rules of the most specific holder, with exceptions of it and of nearer ones."""
    guarded = tree.reader is not None
    holders = list(_hours_holders(service, place, guarded=guarded))
    rows = [tree.rows(Schedule, key, pk) for key, pk in holders]
    origin = next((number for number, found in enumerate(rows) if found), len(holders))
    exceptions = [
        one for key, pk in holders[: origin + 1] for one in tree.rows(ScheduleException, key, pk)
    ]
    return (rows[origin] if origin < len(holders) else []), exceptions


def capacity(tree: Reads, service: Service, place: Any) -> Any:
    """Return the provider's statement on the place, else on the service; a plain word first."""
    own = tree.rows(ServiceCapacity, "place_id", place.pk) if place else []
    general = tree.rows(ServiceCapacity, "service_id", service.pk)
    rows = own or [row for row in general if row.place_id is None]
    return min(rows, key=lambda row: row.unit_id is not None, default=None)


def phones(tree: Reads, service: Service, place: Any) -> list[Any]:
    """Return numbers, most specific first; those of a protected location are not for readers."""
    holders = [("service_id", service.pk), ("organization_id", service.organization_id)]
    if place is not None:
        open_ = tree.reader is None or not place.location.protected
        mine = [("service_at_location_id", place.pk)]
        holders = [*mine, *([("location_id", place.location_id)] if open_ else []), *holders]
    return [row for key, pk in holders for row in tree.rows(Phone, key, pk)]


def areas(tree: Reads, service: Service, place: Any) -> list[Any]:
    """Return the declared service areas of the place, else of the service."""
    own = tree.rows(ServiceArea, "service_at_location_id", place.pk) if place else []
    return own or tree.rows(ServiceArea, "service_id", service.pk)


def languages(tree: Reads, service: Service, place: Any) -> list[Any]:
    """Return the languages of the service and of the place's location."""
    rows = tree.rows(Language, "service_id", service.pk)
    if place is None or (tree.reader is not None and place.location.protected):
        return rows
    return [*tree.rows(Language, "location_id", place.location_id), *rows]
