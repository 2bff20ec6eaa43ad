"""What may be written about each root: its fields and its lists, read by doors and proposals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from django.db import models

from directory.catalogue.models.contact import Contact, Language, Phone, Url
from directory.catalogue.models.location import (
    Accessibility,
    Address,
    Location,
    ServiceArea,
    ServiceAtLocation,
)
from directory.catalogue.models.organization import (
    Organization,
    OrganizationIdentifier,
    Program,
)
from directory.catalogue.models.schedule import Schedule, ScheduleException
from directory.catalogue.models.service import (
    CostOption,
    Funding,
    RequiredDocument,
    Service,
    ServiceCapacity,
)
from directory.catalogue.models.taxonomy import Attribute, Taxonomy, TaxonomyTerm

NO_LISTS: Final[Mapping[str, "Shape"]] = MappingProxyType({})


@dataclass(frozen=True)
class Shape:
    """A table as editors see it."""

    model: type[models.Model]
    fields: tuple[str, ...]
    lists: Mapping[str, "Shape"] = field(default_factory=lambda: NO_LISTS)
    # Text that may be given in other languages.
    texts: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """Return the name of the table in paths, signals and the API."""
        return table_of(self.model)


def table_of(model: type[models.Model]) -> str:
    """Return the HSDS name of a table: `service_at_location`, `taxonomy_term`."""
    name = model.__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


LANGUAGE: Final = Shape(Language, ("name", "code", "note"), texts=("name", "note"))
PHONE: Final = Shape(
    Phone,
    ("number", "extension", "type", "description", "audience", "is_published"),
    {"languages": LANGUAGE},
    texts=("description",),
)
CONTACT: Final = Shape(
    Contact,
    (
        "name",
        "title",
        "department",
        "email",
        "audience",
        "is_verification_contact",
        "preferred_channel",
    ),
    {"phones": PHONE},
    texts=("title", "department"),
)
SCHEDULE: Final = Shape(
    Schedule,
    (
        "valid_from",
        "valid_to",
        "dtstart",
        "tz",
        "utc_offset",
        "until",
        "count",
        "wkst",
        "freq",
        "interval",
        "byday",
        "byweekno",
        "bymonthday",
        "byyearday",
        "description",
        "opens_at",
        "closes_at",
        "schedule_link",
        "attending_type",
        "notes",
        "all_day",
        "closes_next_day",
        "on_holidays",
        "on_make_up_days",
        "raw_text",
    ),
    texts=("description", "notes"),
)
SCHEDULE_EXCEPTION: Final = Shape(
    ScheduleException,
    ("starts_on", "ends_on", "every_year", "kind", "opens_at", "closes_at", "label"),
    texts=("label",),
)
SERVICE_AREA: Final = Shape(
    ServiceArea,
    (
        "name",
        "description",
        "extent",
        "extent_type",
        "uri",
        "nationwide",
        "geometry",
        "areas",
    ),
    texts=("name", "description"),
)
COST_OPTION: Final = Shape(
    CostOption,
    ("valid_from", "valid_to", "option", "currency", "amount", "amount_description"),
    texts=("option", "amount_description"),
)
FUNDING: Final = Shape(Funding, ("source",), texts=("source",))
URL: Final = Shape(Url, ("label", "url"), texts=("label",))
DOCUMENT: Final = Shape(
    RequiredDocument, ("document", "uri", "certificate_of"), texts=("document",)
)
CAPACITY: Final = Shape(
    ServiceCapacity,
    (
        "unit",
        "available",
        "maximum",
        "description",
        "updated",
        "availability",
        "wait_days",
        "expires_at",
    ),
    texts=("description",),
)
ATTRIBUTE: Final = Shape(
    Attribute, ("link_type", "term", "value", "label", "polarity"), texts=("label",)
)
ADDRESS: Final = Shape(
    Address,
    (
        "attention",
        "address_1",
        "address_2",
        "city",
        "region",
        "state_province",
        "postal_code",
        "country",
        "address_type",
        "area",
        "town",
    ),
    texts=("address_1", "address_2", "city", "region", "state_province", "town"),
)
ACCESSIBILITY: Final = Shape(
    Accessibility, ("description", "details", "url"), texts=("description", "details")
)
IDENTIFIER: Final = Shape(
    OrganizationIdentifier,
    ("identifier_scheme", "identifier_type", "identifier"),
    texts=("identifier_type",),
)

ORGANIZATION: Final = Shape(
    Organization,
    (
        "name",
        "alternate_name",
        "description",
        "email",
        "website",
        "tax_status",
        "tax_id",
        "year_incorporated",
        "legal_status",
        "logo",
        "uri",
        "parent",
        "kind",
        "sector",
        "audience",
        "accepts_referrals",
        "language",
    ),
    {
        "identifiers": IDENTIFIER,
        "phones": PHONE,
        "contacts": CONTACT,
        "urls": URL,
        "funding": FUNDING,
        "attributes": ATTRIBUTE,
    },
    texts=("name", "alternate_name", "description", "legal_status", "tax_status"),
)
PROGRAM: Final = Shape(
    Program,
    ("organization", "name", "alternate_name", "description", "language"),
    texts=("name", "alternate_name", "description"),
)
SERVICE: Final = Shape(
    Service,
    (
        "organization",
        "program",
        "name",
        "alternate_name",
        "description",
        "url",
        "email",
        "interpretation_services",
        "application_process",
        "fees_description",
        "wait_time",
        "fees",
        "accreditations",
        "eligibility_description",
        "minimum_age",
        "maximum_age",
        "assurer_email",
        "upstream_assured_on",
        "licenses",
        "alert",
        "alert_until",
        "audience",
        "sensitivity",
        "referral_mode",
        "intake_note",
        "legal_basis",
        "handling_days",
        "language",
    ),
    {
        "phones": PHONE,
        "contacts": CONTACT,
        "schedules": SCHEDULE,
        "schedule_exceptions": SCHEDULE_EXCEPTION,
        "service_areas": SERVICE_AREA,
        "languages": LANGUAGE,
        "cost_options": COST_OPTION,
        "funding": FUNDING,
        "urls": URL,
        "required_documents": DOCUMENT,
        "capacities": CAPACITY,
        "attributes": ATTRIBUTE,
    },
    texts=(
        "name",
        "alternate_name",
        "description",
        "interpretation_services",
        "application_process",
        "fees_description",
        "wait_time",
        "fees",
        "accreditations",
        "eligibility_description",
        "licenses",
        "alert",
        "intake_note",
        "legal_basis",
    ),
)
PLACE: Final = Shape(
    ServiceAtLocation,
    ("service", "location", "description", "is_intake_site", "audience", "language"),
    {
        "phones": PHONE,
        "contacts": CONTACT,
        "schedules": SCHEDULE,
        "schedule_exceptions": SCHEDULE_EXCEPTION,
        "service_areas": SERVICE_AREA,
        "capacities": CAPACITY,
        "attributes": ATTRIBUTE,
    },
    texts=("description",),
)
LOCATION: Final = Shape(
    Location,
    (
        "location_type",
        "url",
        "organization",
        "name",
        "alternate_name",
        "description",
        "transportation",
        "latitude",
        "longitude",
        "external_identifier",
        "external_identifier_type",
        "coord_source",
        "coord_datum",
        "precision",
        "area",
        "no_address_reason",
        "language",
    ),
    {
        "addresses": ADDRESS,
        "phones": PHONE,
        "contacts": CONTACT,
        "schedules": SCHEDULE,
        "schedule_exceptions": SCHEDULE_EXCEPTION,
        "languages": LANGUAGE,
        "accessibility": ACCESSIBILITY,
        "attributes": ATTRIBUTE,
    },
    texts=("name", "alternate_name", "description", "transportation"),
)
TAXONOMY: Final = Shape(
    Taxonomy,
    ("code", "name", "description", "uri", "vocabulary_version", "language"),
    texts=("name", "description"),
)
TERM: Final = Shape(
    TaxonomyTerm,
    (
        "taxonomy",
        "taxonomy_name",
        "code",
        "name",
        "description",
        "parent",
        "term_uri",
        "language",
    ),
    texts=("name", "description"),
)

ROOTS: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        shape.table: shape
        for shape in (ORGANIZATION, PROGRAM, SERVICE, PLACE, LOCATION, TAXONOMY, TERM)
    }
)
# A list of a place is kept under another key than its table is called.
PARENT_KEYS: Final[dict[type[models.Model], str]] = {
    Service: "service",
    ServiceAtLocation: "service_at_location",
    Location: "location",
    Organization: "organization",
    Contact: "contact",
    Phone: "phone",
}


def shape_of(root: models.Model) -> Shape:
    """Return the shape of a loaded root record."""
    return ROOTS[table_of(type(root))]


def parent_key(child: type[models.Model], parent: models.Model) -> str:
    """Return the name of the child's key to this parent."""
    if child is ServiceCapacity and isinstance(parent, ServiceAtLocation):
        return "place"
    return PARENT_KEYS[type(parent)]


def plain(row: models.Model, shape: Shape) -> dict[str, Any]:
    """Return a row as the JSON that changes, proposals and the API use."""
    told: dict[str, Any] = {"uid": str(row.uid)}  # type: ignore[attr-defined]  # every shape is a Record
    for name in shape.fields:
        told[name] = plain_value(row, name)
    for name, inner in shape.lists.items():
        told[name] = [plain(child, inner) for child in rows_of(row, name)]
    if shape.texts:
        told["translations"] = row.translations  # type: ignore[attr-defined]  # every shape is Translated
    return told


def rows_of(parent: models.Model, name: str) -> list[Any]:
    """Return the rows of a list; a service's capacities leave out those of its places."""
    rows = getattr(parent, name).all()
    if name == "capacities" and isinstance(parent, Service):
        return [row for row in rows if row.place_id is None]
    return list(rows)


def plain_value(row: models.Model, name: str) -> Any:
    """Return one field as JSON: keys by public name, dates and decimals as text."""
    if name == "areas":
        return [served.area.code for served in row.served.all()]  # type: ignore[attr-defined]  # ServiceArea
    value = getattr(row, name)
    if isinstance(value, models.Model):
        return value.name if name == "unit" else _public_key(value)  # type: ignore[attr-defined]  # Unit
    return _text(value)


def _public_key(row: models.Model) -> str:
    return str(row.code if hasattr(row, "level") else row.uid)  # type: ignore[attr-defined]  # Area or Record


def _text(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
