"""Rows of many services as plain tuples: a rebuild reads millions, and a model instance is dear."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from django.db.models import F, Model, Q

from directory.catalogue import hours
from directory.catalogue.models import (
    Accessibility,
    Address,
    Attribute,
    Language,
    Schedule,
    ScheduleException,
    ServedArea,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
)

_RULE = tuple(field.name for field in fields(hours.Row))
_SPECIAL = tuple(field.name for field in fields(hours.Dated))
_HOLDERS = ("service_id", "service_at_location_id", "location_id")
# Table → the columns that a document reads, and the keys by which rows hang on their parents.
_TABLES: dict[type[Model], tuple[tuple[str, ...], tuple[str, ...]]] = {
    Schedule: (_RULE, _HOLDERS),
    ScheduleException: (_SPECIAL, _HOLDERS),
    ServiceCapacity: (("unit_id", "availability", "expires_at"), ("service_id", "place_id")),
    ServiceArea: (("id", "nationwide"), ("service_id", "service_at_location_id")),
    Language: (("code",), ("service_id", "location_id")),
    Attribute: (("term_id", "link_type", "polarity"), _HOLDERS),
    Address: (("address_1", "city", "region", "town"), ("location_id",)),
    Accessibility: (("description", "translations"), ("location_id",)),
}


class Spot(NamedTuple):
    """What a document reads of a location and of the areas it lies in."""

    location_type: str
    protected: bool
    precision: str
    latitude: Any
    longitude: Any
    name: str
    alternate_name: str
    translations: dict[str, dict[str, str]]
    area_code: str | None
    area_path: str | None
    area_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """What a document reads of a place."""

    pk: int
    service_id: int
    location_id: int
    state: str
    audience: str
    location: Spot


class Rows:
    """Answers like the catalogue's `Tree` for a reader who may see everything."""

    reader = None

    def __init__(self, services: Iterable[Service]) -> None:
        """Take the services; their places are read at once, every other table on demand."""
        self._services = [service.pk for service in services]
        self._sites: dict[int, list[Site]] = defaultdict(list)
        for site in self._read_sites():
            self._sites[site.service_id].append(site)
        every = [site for sites in self._sites.values() for site in sites]
        self._parents: dict[str, list[int]] = {
            "service_id": self._services,
            "service_at_location_id": [site.pk for site in every],
            "place_id": [site.pk for site in every],
            "location_id": list({site.location_id for site in every}),
        }
        self._tables: dict[type[Model], dict[tuple[str, int], list[Any]]] = {}
        self._areas: dict[int, list[tuple[str, str]]] | None = None

    def places_of(self, service: Service) -> Sequence[Site]:
        """Return a service's places in a fixed order."""
        return self._sites.get(service.pk, ())

    def rows(self, model: type[Model], key: str, pk: int) -> list[Any]:
        """Return the rows of a table that hang on one parent."""
        if model not in self._tables:
            self._tables[model] = self._load(model)
        return self._tables[model].get((key, pk), [])

    def served(self, service_area_id: int) -> list[tuple[str, str]]:
        """Return code and path of the areas that a service area names."""
        if self._areas is None:
            self._areas = defaultdict(list)
            wanted = [r.id for rows in self._tables[ServiceArea].values() for r in rows]
            found = ServedArea.objects.filter(service_area__in=wanted).order_by("pk")
            for owner, code, path in found.values_list("service_area", "area__code", "area__path"):
                self._areas[owner].append((code, path))
        return self._areas.get(service_area_id, [])

    def _load(self, model: type[Model]) -> dict[tuple[str, int], list[Any]]:
        columns, keys = _TABLES[model]
        held = Q()
        for key in keys:
            held |= Q(**{f"{key.removesuffix('_id')}__in": self._parents[key]})
        found = model._default_manager.filter(held).order_by("pk")
        table: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in found.values_list(*columns, *keys, named=True):
            for key in keys:
                if pk := getattr(row, key):
                    table[key, pk].append(row)
        return table

    def _read_sites(self) -> Iterable[Site]:
        found = ServiceAtLocation.objects.filter(
            service__in=self._services, deleted_at__isnull=True
        ).order_by("state", "pk")
        near = ("location__area__name", "location__area__parent__name")
        columns = (
            *("pk", "service_id", "location_id", "state", "audience"),
            *(f"location__{name}" for name in Spot._fields[:8]),
            *("location__area__code", "location__area__path", *near),
        )
        for row in found.values_list(*columns, F("location__area__parent__parent__name")):
            spot = Spot(*row[5:15], tuple(name for name in row[15:] if name))  # type: ignore[call-arg]  # columns above
            yield Site(*row[:5], spot)  # type: ignore[call-arg]  # columns above
