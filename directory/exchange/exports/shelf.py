"""What hangs on some services, organizations and locations: one statement per table."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from directory.catalogue.models import (
    Attribute,
    Contact,
    Language,
    Location,
    Organization,
    Phone,
    Program,
    ServedArea,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
)
from directory.catalogue.states import Audience

ANYBODY: Final = AnonymousUser()
KEYS: Final = (
    "organization_id",
    "service_id",
    "service_at_location_id",
    "place_id",
    "location_id",
    "contact_id",
    "phone_id",
    "service_area_id",
)
JOINED: Final[dict[Any, tuple[str, ...]]] = {
    ServiceCapacity: ("unit",),
    ServedArea: ("area",),
    Attribute: ("term__taxonomy", "term__parent"),
}


class Shelf:
    """Everything public that the JSON of the given roots shows."""

    def __init__(
        self,
        *,
        services: Iterable[Service] = (),
        organizations: Iterable[Organization] = (),
        with_children: bool = True,
    ) -> None:
        """Take the roots; tables are read when somebody asks for them, each once."""
        self.services = {service.pk: service for service in services}
        self.organizations = {each.pk: each for each in organizations}
        self.own_organizations = set(self.organizations)
        for service in self.services.values():
            self.organizations.setdefault(service.organization_id, service.organization)
        self.places = self._places() if with_children else {}
        self.locations = {place.location_id: place.location for place in self.places.values()}
        if with_children:
            for location in self._further_locations():
                self.locations.setdefault(location.pk, location)
        self._tables: dict[Any, dict[tuple[str, int], list[Any]]] = {}

    def rows(self, model: Any, key: str, pk: int) -> list[Any]:
        """Return the public rows of a table that hang on one parent."""
        if model not in self._tables:
            self._tables[model] = self._load(model)
        return self._tables[model].get((key, pk), [])

    def places_of(self, service: Service) -> list[ServiceAtLocation]:
        """Return a service's public places that are open for it."""
        return [place for place in self.places.values() if place.service_id == service.pk]

    def locations_of(self, organization: Organization) -> list[Location]:
        """Return an organization's locations."""
        return [each for each in self.locations.values() if each.organization_id == organization.pk]

    def attributes(self, uids: Iterable[str]) -> dict[str, list[Attribute]]:
        """Return terms and values by what they are attached to, whatever table that is in."""
        found: dict[str, list[Attribute]] = defaultdict(list)
        wanted = list(uids)
        rows = Attribute.objects.filter(link_uid__in=wanted).select_related(*JOINED[Attribute])
        for row in rows.order_by("pk"):
            found[str(row.link_uid)].append(row)
        return found

    def _places(self) -> dict[int, ServiceAtLocation]:
        rows = ServiceAtLocation.objects.filter(service__in=self.services).active()
        rows = rows.visible_to(ANYBODY).select_related("location__area").order_by("pk")
        return {place.pk: place for place in rows}

    def _further_locations(self) -> list[Location]:
        if not self.own_organizations:
            return []
        rows = Location.objects.filter(organization__in=self.own_organizations, deleted_at=None)
        return list(rows.select_related("area").order_by("pk"))

    def _load(self, model: Any) -> dict[tuple[str, int], list[Any]]:
        rows = model.objects.filter(self._held(model)).select_related(*JOINED.get(model, ()))
        if model in {Phone, Contact}:
            rows = rows.filter(audience=Audience.PUBLIC)
        if model is Program:
            rows = rows.filter(deleted_at=None)
        table: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in rows.order_by("pk"):
            for key in KEYS:
                if pk := getattr(row, key, None):
                    table[key, pk].append(row)
        return table

    def _held(self, model: Any) -> Q:
        """Return the condition that a row hangs on something here."""
        if model is ServedArea:
            return Q(service_area__in=self._ids(ServiceArea))
        names = {field.attname for field in model._meta.concrete_fields}
        parents: dict[str, Iterable[int]] = {
            "organization_id": self.organizations,
            "service_id": self.services,
            "service_at_location_id": self.places,
            "place_id": self.places,
            "location_id": self.locations,
        }
        if model is Phone:
            parents["contact_id"] = self._ids(Contact)
        if model is Language:
            parents["phone_id"] = self._ids(Phone)
        held = Q(pk__in=[])
        for key, ids in parents.items():
            if key in names and ids:
                held |= Q((f"{key.removesuffix('_id')}__in", list(ids)))
        return held

    def _ids(self, model: Any) -> list[int]:
        if model not in self._tables:
            self._tables[model] = self._load(model)
        return list({row.pk for rows in self._tables[model].values() for row in rows})
