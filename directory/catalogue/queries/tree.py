"""All children of some services in one statement per table, however many places they have."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Model, Q

from directory.catalogue.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Language,
    Phone,
    RequiredDocument,
    Schedule,
    ScheduleException,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Url,
)
from directory.catalogue.models.audience import Reader, audiences, is_moderator, own_organizations
from directory.catalogue.states import Audience

# What is read along with a table, and the keys by which its rows hang on their parents.
JOINED: Final[dict[type[Model], tuple[str, ...]]] = {
    Address: ("area",),
    Attribute: ("term",),
    ServiceCapacity: ("unit",),
}
KEYS: Final = (
    "organization_id",
    "service_id",
    "service_at_location_id",
    "place_id",
    "location_id",
    "contact_id",
    "phone_id",
)
GUARDED: Final = (Phone, Contact)
ALL: Final = list(Audience)


class Tree:
    """The services given, their places, and on demand every table that hangs on them."""

    def __init__(self, services: Iterable[Service], *, to: Reader | None = None) -> None:
        """Take the services; nobody named as reader = a rule of ours that must see all."""
        self.services = {service.pk: service for service in services}
        self.reader = to
        self.places = self._places()
        self._tables: dict[Any, dict[tuple[str, int], list[Any]]] = {}
        self._audiences = ALL if to is None or is_moderator(to) else audiences(to)
        self._own = set() if to is None else own_organizations(to)

    def places_of(self, service: Service) -> list[ServiceAtLocation]:
        """Return a service's places, those in action first."""
        return [place for place in self.places if place.service_id == service.pk]

    def rows(self, model: type[Any], key: str, pk: int | None) -> list[Any]:
        """Return the rows of a table that hang on one parent."""
        if model not in self._tables:
            self._tables[model] = self._load(model)
        return self._tables[model].get((key, pk or 0), [])

    def _places(self) -> list[ServiceAtLocation]:
        rows = ServiceAtLocation.objects.filter(service__in=self.services, deleted_at__isnull=True)
        if self.reader is not None:
            rows = rows.visible_to(self.reader)
        rows = rows.select_related("location__area__parent__parent").order_by("state", "pk")
        places = list(rows)
        for place in places:
            place.service = self.services[place.service_id]
        return places

    def _load(self, model: type[Any]) -> dict[tuple[str, int], list[Any]]:
        names = {field.attname for field in model._meta.concrete_fields}
        held = Q(pk__in=[])
        for key, ids in self._parents().items():
            if key in names and ids:
                held |= Q((f"{key.removesuffix('_id')}__in", ids))
        if model is Phone:
            held |= self._of_contacts()
        rows = model.objects.filter(held).select_related(*JOINED.get(model, ())).order_by("pk")
        table: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in rows:
            if model in GUARDED and not self._may_read(row):
                continue
            for key in KEYS:
                if pk := getattr(row, key, None):
                    table[key, pk].append(row)
        return table

    def _parents(self) -> dict[str, set[int]]:
        return {
            "organization_id": {service.organization_id for service in self.services.values()},
            "service_id": set(self.services),
            "service_at_location_id": {place.pk for place in self.places},
            "location_id": {place.location_id for place in self.places},
        }

    def _of_contacts(self) -> Q:
        held = Q(pk__in=[])
        for key, ids in self._parents().items():
            if ids:
                held |= Q((f"contact__{key.removesuffix('_id')}__in", ids))
        return held

    def _may_read(self, row: Any) -> bool:
        """Say whether the reader is let into a phone or contact, or looks at the reader's own."""
        if row.audience in self._audiences:
            return True
        return any(service.organization_id in self._own for service in self.services.values())


# The tables a page or a document asks for by name.
TABLES: Final = {
    "accessibility": Accessibility,
    "addresses": Address,
    "attributes": Attribute,
    "capacities": ServiceCapacity,
    "contacts": Contact,
    "cost_options": CostOption,
    "languages": Language,
    "phones": Phone,
    "required_documents": RequiredDocument,
    "schedule_exceptions": ScheduleException,
    "schedules": Schedule,
    "service_areas": ServiceArea,
    "urls": Url,
}
