"""The one writer of HSDS JSON."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.conf import settings

from directory.catalogue.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Program,
    RequiredDocument,
    Schedule,
    ScheduleException,
    ServedArea,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Taxonomy,
    TaxonomyTerm,
    Url,
)
from directory.catalogue.states import State
from directory.exchange.exports import schedules, values
from directory.exchange.exports.shelf import Shelf
from directory.exchange.fields import BY_NAME, Field, Kind

# Required texts of an address; nothing else may be made up.
REQUIRED_OF_ADDRESS: Final = ("address_1", "city", "state_province", "postal_code")
SCHEMAS: Final = ("organization", "program", "taxonomy", "taxonomy_term")


class Writer:
    """Writes what a shelf holds, in one language, for everybody."""

    def __init__(self, shelf: Shelf, language: str) -> None:
        """Remember what to write from, and in which language."""
        self.shelf = shelf
        self.language = language

    # ---- Roots --------------------------------------------------------------------------------
    def services(self, rows: Iterable[Service], *, full: bool) -> list[dict[str, Any]]:
        """Write services: with everything that hangs on them, or their own fields."""
        items = [self.service(row) if full else self.service_head(row) for row in rows]
        return self._with_attributes(items) if full else items

    def organizations(
        self, rows: Iterable[Organization], *, full: bool, services: str = ""
    ) -> list[dict[str, Any]]:
        """Write organizations; `services` is names, or everything of theirs, or nothing."""
        items = [self.organization(row, full=full, services=services) for row in rows]
        return self._with_attributes(items) if full or services == "full" else items

    def service_head(self, row: Service) -> dict[str, Any]:
        """Write a service's own fields with its organization and program."""
        return values.without_blanks(
            self._service(row)
            | {
                "organization": self._organization(row.organization),
                "program": self._program(row.program) if row.program else None,
            }
        )

    def service(self, row: Service) -> dict[str, Any]:
        """Write a service with all that hangs on it; of a closed one the contact data go."""
        own = ("service_id", row.pk)
        places = [self._place(place) for place in self.shelf.places_of(row)]
        item = self.service_head(row) | {
            "organization": self._owner(row.organization),
            "additional_urls": self._list("url", Url, *own),
            "phones": self._phones(*own),
            "schedules": self._schedules(*own),
            "service_areas": self._areas(*own),
            "service_at_locations": places,
            "languages": self._list("language", Language, *own),
            "funding": self._list("funding", Funding, *own),
            "cost_options": self._list("cost_option", CostOption, *own),
            "required_documents": self._list("required_document", RequiredDocument, *own),
            "contacts": self._contacts(*own),
            "capacities": list(self._capacities(row)),
        }
        if row.state == State.CLOSED:
            item |= {"phones": [], "contacts": [], "email": ""}
        return values.without_blanks(item)

    def _owner(self, row: Organization) -> dict[str, Any]:
        """Write an organization with its locations, where the shelf was asked to hold these."""
        item = self._organization(row, full=True)
        if row.pk in self.shelf.own_organizations:
            item["locations"] = [self._location(each) for each in self.shelf.locations_of(row)]
        return values.without_blanks(item)

    def organization(self, row: Organization, *, full: bool, services: str = "") -> dict[str, Any]:
        """Write an organization, with its locations and services where asked for."""
        item = self._owner(row) if full else self._organization(row)
        own = [each for each in self.shelf.services.values() if each.organization_id == row.pk]
        if services == "full":
            item["services"] = [self.service(each) for each in own]
        elif services:
            item["services"] = [
                {
                    "id": str(each.uid),
                    "name": self._text(each, "name"),
                    "status": each.hsds_status,
                }
                for each in own
            ]
        return values.without_blanks(item)

    # ---- Their parts --------------------------------------------------------------------------
    def _service(self, row: Service) -> dict[str, Any]:
        item = self._fields("service", row) | {
            "status": row.hsds_status,
            "last_modified": values.instant(row.last_modified),
            "x_referral_mode": row.referral_mode,
            "x_freshness": values.without_blanks(
                {
                    "state": row.freshness,
                    "verified_on": row.verified_on and row.verified_on.isoformat(),
                    "method": row.verified_how,
                    "verify_by": row.verify_by and row.verify_by.isoformat(),
                }
            ),
        }
        if row.verified_on:
            # Who answers for the confirmation is the directory, never a person.
            item["assured_date"] = row.verified_on.isoformat()
            item["assurer_email"] = settings.DEFAULT_FROM_EMAIL
        return item | self._languages_of(row)

    def _organization(self, row: Organization, *, full: bool = False) -> dict[str, Any]:
        parent = row.parent.uid if row.parent else row.parent_uid
        item = self._fields("organization", row) | self._languages_of(row)
        item["parent_organization_id"] = str(parent or "")
        if full:
            own = ("organization_id", row.pk)
            item |= {
                "additional_websites": self._list("url", Url, *own),
                "funding": self._list("funding", Funding, *own),
                "contacts": self._contacts(*own),
                "phones": self._phones(*own),
                "programs": [self._program(each) for each in self.shelf.rows(Program, *own)],
                "organization_identifiers": self._list(
                    "organization_identifier", OrganizationIdentifier, *own
                ),
            }
        return values.without_blanks(item)

    def _program(self, row: Program) -> dict[str, Any]:
        return values.without_blanks(self._fields("program", row))

    def _place(self, row: ServiceAtLocation) -> dict[str, Any]:
        own = ("service_at_location_id", row.pk)
        item = self._fields("service_at_location", row) | {
            "service_areas": self._areas(*own),
            "contacts": self._contacts(*own),
            "phones": self._phones(*own),
            "schedules": self._schedules(*own),
            "location": self._location(row.location),
        }
        return values.without_blanks(item)

    def _location(self, row: Location) -> dict[str, Any]:
        if row.protected:
            return self._hidden(row)
        own = ("location_id", row.pk)
        item = self._fields("location", row) | {
            "languages": self._list("language", Language, *own),
            "addresses": [self._address(each) for each in self.shelf.rows(Address, *own)],
            "contacts": self._contacts(*own),
            "accessibility": self._list("accessibility", Accessibility, *own),
            "phones": self._phones(*own),
            "schedules": self._schedules(*own),
            "x_precision": row.precision,
            "x_admin_code": row.area.code if row.area else "",
        }
        return values.without_blanks(item | self._languages_of(row))

    def _hidden(self, row: Location) -> dict[str, Any]:
        """Write a protected location as if it were nowhere: a type, a name, a postal address."""
        postal = [
            self._address(each)
            for each in self.shelf.rows(Address, "location_id", row.pk)
            if each.address_type == "postal"
        ]
        return values.without_blanks(
            {
                "id": str(row.uid),
                "location_type": "postal" if postal else "virtual",
                "name": self._text(row, "name"),
                "addresses": postal,
            }
        )

    def _address(self, row: Address) -> dict[str, Any]:
        item = self._fields("address", row)
        return item | {name: item.get(name) or values.UNKNOWN for name in REQUIRED_OF_ADDRESS}

    def _phones(self, key: str, pk: int) -> list[dict[str, Any]]:
        return [self._phone(row) for row in self.shelf.rows(Phone, key, pk)]

    def _phone(self, row: Phone) -> dict[str, Any]:
        item = self._fields("phone", row)
        written = item.pop("extension", "")
        if written:
            number = values.extension(written)
            said = [item.get("description", ""), "" if number else f"ext. {written}"]
            item |= {"extension": number, "description": " ".join(part for part in said if part)}
        item["languages"] = self._list("language", Language, "phone_id", row.pk)
        return values.without_blanks(item)

    def _contacts(self, key: str, pk: int) -> list[dict[str, Any]]:
        return [
            values.without_blanks(
                self._fields("contact", row) | {"phones": self._phones("contact_id", row.pk)}
            )
            for row in self.shelf.rows(Contact, key, pk)
        ]

    def _schedules(self, key: str, pk: int) -> list[dict[str, Any]]:
        rows = self.shelf.rows(Schedule, key, pk)
        exceptions = self.shelf.rows(ScheduleException, key, pk)
        return schedules.written(rows, exceptions, self._text)

    def _areas(self, key: str, pk: int) -> list[dict[str, Any]]:
        return [self._area(row) for row in self.shelf.rows(ServiceArea, key, pk)]

    def _area(self, row: ServiceArea) -> dict[str, Any]:
        item = self._fields("service_area", row)
        codes = [each.area.code for each in self.shelf.rows(ServedArea, "service_area_id", row.pk)]
        if codes:
            item |= {"extent": f"adcode:{';'.join(codes)}", "extent_type": "text"}
        elif row.nationwide and not row.extent:
            item |= {"extent": f"country:{settings.COUNTRY}", "extent_type": "text"}
        elif row.geometry and not row.extent:
            item |= {"extent": json.dumps(row.geometry), "extent_type": "geojson"}
        return item

    def _capacities(self, service: Service) -> Iterator[dict[str, Any]]:
        """Write what the provider counts; a statement without unit and number says nothing here."""
        for row in self.shelf.rows(ServiceCapacity, "service_id", service.pk):
            if row.unit and row.available is not None:
                item = self._fields("service_capacity", row)
                unit = values.without_blanks(self._fields("unit", row.unit))
                yield item | {"unit": unit, "x_availability": row.availability}

    def _list(self, table: str, model: Any, key: str, pk: int) -> list[dict[str, Any]]:
        return [self._fields(table, row) for row in self.shelf.rows(model, key, pk)]

    # ---- Terms --------------------------------------------------------------------------------
    def _with_attributes(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Attach terms to every object that carries some, wherever it stands."""
        objects = [each for item in items for each in _objects(item)]
        found = self.shelf.attributes({each["id"] for each in objects})
        for each in objects:
            if each["id"] in found:
                each["attributes"] = [self._attribute(row) for row in found[each["id"]]]
        return items

    def _attribute(self, row: Attribute) -> dict[str, Any]:
        item = self._fields("attribute", row)
        if row.term:
            item["taxonomy_term"] = self.term(row.term)
        if row.polarity == "excludes":
            item["x_polarity"] = row.polarity
        return item

    def term(self, row: TaxonomyTerm) -> dict[str, Any]:
        """Write a term with its vocabulary."""
        item = self._fields("taxonomy_term", row)
        item["language"] = row.language
        if row.parent:
            item["parent_id"] = str(row.parent.uid)
        if row.taxonomy:
            item["taxonomy_detail"] = self.taxonomy(row.taxonomy)
            item.setdefault("taxonomy", self._text(row.taxonomy, "name"))
        return item

    def taxonomy(self, row: Taxonomy) -> dict[str, Any]:
        """Write a vocabulary."""
        return self._fields("taxonomy", row)

    # ---- Fields -------------------------------------------------------------------------------
    def _fields(self, table: str, row: Any) -> dict[str, Any]:
        """Write the fields of a row that say something, under the names of the standard."""
        item: dict[str, Any] = {"id": str(row.uid)}
        for each in BY_NAME[table].fields:
            if each.is_ours or each.name in {"status", "language"}:
                continue
            value = WRITERS.get(each.kind, _plain)(self, row, each)
            if value not in (None, ""):
                item[each.name] = value
        if table in SCHEMAS:
            item.setdefault("description", item.get("name", ""))
        return item

    def _text(self, row: Any, field: str) -> str:
        return str(row.text(field, self.language)[0] or "")

    def _languages_of(self, row: Any) -> dict[str, Any]:
        """Say in which language a record is written, and give its other languages."""
        return values.without_blanks(
            {"x_language": row.language, "x_translations": row.translations}
        )


def _objects(item: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the standard inside an item, itself first."""
    if isinstance(item, dict):
        if "id" in item:
            yield item
        for name, value in item.items():
            if not name.startswith("x_"):
                yield from _objects(value)
    elif isinstance(item, list):
        for each in item:
            yield from _objects(each)


def _plain(writer: Writer, row: Any, each: Field) -> Any:
    return writer._text(row, each.ours)  # noqa: SLF001  # the same module


def _url(_writer: Writer, row: Any, each: Field) -> str:
    return values.uri(getattr(row, each.ours) or "")


def _number(_writer: Writer, row: Any, each: Field) -> Any:
    value = getattr(row, each.ours)
    return None if value is None else values.number(value)


def _day(_writer: Writer, row: Any, each: Field) -> Any:
    value = getattr(row, each.ours)
    return value.isoformat() if value else None


def _instant(_writer: Writer, row: Any, each: Field) -> Any:
    value = getattr(row, each.ours)
    return values.instant(value) if value else None


WRITERS: Final[dict[Kind, Callable[[Writer, Any, Field], Any]]] = {
    Kind.URL: _url,
    Kind.URI: _url,
    Kind.NUMBER: _number,
    Kind.INTEGER: _number,
    Kind.DATE: _day,
    Kind.INSTANT: _instant,
}
