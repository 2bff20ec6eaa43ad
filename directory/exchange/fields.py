"""The tables and fields of HSDS 3.2 beside our own: the one list that imports and exports read."""

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final


class Kind(Enum):
    """What a cell may hold."""

    TEXT = "text"
    # A web address that a reader may click, and one that merely names something.
    URL = "url"
    URI = "uri"
    EMAIL = "email"
    DATE = "date"
    TIME = "time"
    INSTANT = "instant"
    INTEGER = "integer"
    NUMBER = "number"
    CODE = "code"
    PHONE = "phone"
    LANGUAGE = "language"
    UUID = "uuid"
    FLAG = "flag"


T, URL, DATE, INT, NUM, CODE = (
    Kind.TEXT,
    Kind.URL,
    Kind.DATE,
    Kind.INTEGER,
    Kind.NUMBER,
    Kind.CODE,
)


@dataclass(frozen=True)
class Field:
    """One column of HSDS; `column` is ours where it is called differently."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    codes: tuple[str, ...] = ()
    column: str = ""
    # Not part of HSDS: read, where a reader finds it, and never written under this name.
    is_ours: bool = False

    @property
    def ours(self) -> str:
        """Return the name of our column."""
        return self.column or self.name


@dataclass(frozen=True)
class Link:
    """A foreign key of HSDS: `name` holds the id of a row of `table`."""

    name: str
    table: str
    required: bool = False
    column: str = ""

    @property
    def ours(self) -> str:
        """Return the name of our foreign key."""
        return self.column or self.name.removesuffix("_id")


@dataclass(frozen=True)
class Table:
    """One table: its fields, its links, and the name under which a parent lists it in JSON."""

    name: str
    model: str
    fields: tuple[Field, ...]
    links: tuple[Link, ...] = ()
    lists: tuple[str, ...] = ()
    # Roots have an address of their own; the others live and go with a parent.
    is_root: bool = False
    # Several parents are possible, and one is needed.
    needs_parent: bool = field(default=False)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Return the fields by their HSDS names."""
        return {each.name: each for each in self.fields}

    @cached_property
    def links_by_name(self) -> dict[str, Link]:
        """Return the links by their HSDS names."""
        return {each.name: each for each in self.links}


LOCATION_TYPES: Final = ("physical", "postal", "virtual")
STATUSES: Final = ("active", "inactive", "defunct", "temporarily closed")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PHONE_TYPES: Final = ("text", "voice", "fax", "cell", "video", "pager", "textphone")

ORGANIZATION: Final = Link("organization_id", "organization")
SERVICE: Final = Link("service_id", "service")
LOCATION: Final = Link("location_id", "location")
PLACE: Final = Link("service_at_location_id", "service_at_location")

# Parents stand before what belongs to them: the order in which an import writes.
TABLES: Final[tuple[Table, ...]] = (
    Table(
        "taxonomy",
        "Taxonomy",
        (
            Field("name", required=True),
            Field("description"),
            Field("uri", Kind.URI),
            Field("version", column="vocabulary_version"),
        ),
        is_root=True,
    ),
    Table(
        "taxonomy_term",
        "TaxonomyTerm",
        (
            Field("code"),
            Field("name", required=True),
            Field("description"),
            Field("taxonomy", column="taxonomy_name"),
            Field("language", Kind.LANGUAGE),
            Field("term_uri", Kind.URI),
        ),
        (Link("taxonomy_id", "taxonomy"), Link("parent_id", "taxonomy_term")),
        is_root=True,
    ),
    Table(
        "organization",
        "Organization",
        (
            Field("name", required=True),
            Field("alternate_name"),
            Field("description"),
            Field("email", Kind.EMAIL),
            Field("website", URL),
            Field("tax_status"),
            Field("tax_id"),
            Field("year_incorporated", INT),
            Field("legal_status"),
            Field("logo"),
            Field("uri", Kind.URI),
        ),
        (Link("parent_organization_id", "organization", column="parent"),),
        is_root=True,
    ),
    Table(
        "organization_identifier",
        "OrganizationIdentifier",
        (
            Field("identifier_scheme"),
            Field("identifier_type", required=True),
            Field("identifier", required=True),
        ),
        (Link("organization_id", "organization", required=True),),
        lists=("organization_identifiers",),
    ),
    Table(
        "program",
        "Program",
        (Field("name", required=True), Field("alternate_name"), Field("description")),
        (Link("organization_id", "organization", required=True),),
        is_root=True,
    ),
    Table(
        "unit",
        "Unit",
        (
            Field("name", required=True),
            Field("scheme"),
            Field("identifier"),
            Field("uri", Kind.URI),
        ),
    ),
    Table(
        "service",
        "Service",
        (
            Field("name", required=True),
            Field("alternate_name"),
            Field("description"),
            Field("url", URL),
            Field("email", Kind.EMAIL),
            Field("status", CODE, codes=STATUSES),
            Field("interpretation_services"),
            Field("application_process"),
            Field("fees_description"),
            Field("wait_time"),
            Field("fees"),
            Field("accreditations"),
            Field("eligibility_description"),
            Field("minimum_age", NUM),
            Field("maximum_age", NUM),
            Field("assured_date", DATE, column="upstream_assured_on"),
            Field("assurer_email", Kind.EMAIL),
            Field("licenses"),
            Field("alert"),
        ),
        (
            Link("organization_id", "organization", required=True),
            Link("program_id", "program"),
        ),
        is_root=True,
    ),
    Table(
        "location",
        "Location",
        (
            Field("location_type", CODE, codes=LOCATION_TYPES),
            Field("url", URL),
            Field("name"),
            Field("alternate_name"),
            Field("description"),
            Field("transportation"),
            Field("latitude", NUM),
            Field("longitude", NUM),
            Field("external_identifier"),
            Field("external_identifier_type"),
        ),
        (ORGANIZATION,),
        is_root=True,
    ),
    Table(
        "service_at_location",
        "ServiceAtLocation",
        (Field("description"),),
        (
            Link("service_id", "service", required=True),
            Link("location_id", "location", required=True),
        ),
        is_root=True,
    ),
    Table(
        "address",
        "Address",
        (
            Field("attention"),
            Field("address_1"),
            Field("address_2"),
            Field("city"),
            Field("region"),
            Field("state_province"),
            Field("postal_code"),
            Field("country"),
            Field("address_type", CODE, codes=LOCATION_TYPES),
        ),
        (Link("location_id", "location", required=True),),
        lists=("addresses",),
    ),
    Table(
        "accessibility",
        "Accessibility",
        (Field("description"), Field("details"), Field("url", Kind.URI)),
        (Link("location_id", "location", required=True),),
        lists=("accessibility",),
    ),
    Table(
        "cost_option",
        "CostOption",
        (
            Field("valid_from", DATE),
            Field("valid_to", DATE),
            Field("option"),
            Field("currency"),
            Field("amount", NUM),
            Field("amount_description"),
        ),
        (Link("service_id", "service", required=True),),
        lists=("cost_options",),
    ),
    Table(
        "required_document",
        "RequiredDocument",
        (Field("document"), Field("uri", Kind.URI)),
        (Link("service_id", "service", required=True),),
        lists=("required_documents",),
    ),
    Table(
        "funding",
        "Funding",
        (Field("source"),),
        (ORGANIZATION, SERVICE),
        lists=("funding",),
        needs_parent=True,
    ),
    Table(
        "url",
        "Url",
        (Field("label"), Field("url", URL, required=True)),
        (ORGANIZATION, SERVICE),
        lists=("additional_urls", "additional_websites"),
        needs_parent=True,
    ),
    Table(
        "service_area",
        "ServiceArea",
        (
            Field("name"),
            Field("description"),
            Field("extent"),
            Field("extent_type"),
            Field("uri"),
        ),
        (SERVICE, PLACE),
        lists=("service_areas",),
        needs_parent=True,
    ),
    Table(
        "service_capacity",
        "ServiceCapacity",
        (
            Field("available", INT),
            Field("maximum", INT),
            Field("description"),
            Field("updated", Kind.INSTANT, required=True),
        ),
        (
            Link("service_id", "service", required=True),
            Link("unit_id", "unit"),
        ),
        lists=("capacities",),
    ),
    Table(
        "schedule",
        "Schedule",
        (
            Field("valid_from", DATE),
            Field("valid_to", DATE),
            Field("dtstart", DATE),
            Field("timezone", NUM, column="utc_offset"),
            Field("until", DATE),
            Field("count", INT),
            Field("wkst", CODE, codes=WEEKDAYS),
            Field("freq", CODE, codes=("WEEKLY", "MONTHLY")),
            Field("interval", INT),
            Field("byday"),
            Field("byweekno"),
            Field("bymonthday"),
            Field("byyearday"),
            Field("description"),
            Field("opens_at", Kind.TIME),
            Field("closes_at", Kind.TIME),
            Field("schedule_link", URL),
            Field("attending_type"),
            Field("notes"),
            Field("all_day", Kind.FLAG, is_ours=True),
            Field("raw_text", is_ours=True),
        ),
        (SERVICE, LOCATION, PLACE),
        lists=("schedules",),
        needs_parent=True,
    ),
    Table(
        "schedule_exception",
        "ScheduleException",
        (
            Field("starts_on", DATE, required=True, is_ours=True),
            Field("ends_on", DATE, required=True, is_ours=True),
            Field("every_year", Kind.FLAG, is_ours=True),
            Field("kind", CODE, codes=("closed", "hours"), is_ours=True),
            Field("opens_at", Kind.TIME, is_ours=True),
            Field("closes_at", Kind.TIME, is_ours=True),
            Field("label", is_ours=True),
        ),
        (SERVICE, LOCATION, PLACE),
        needs_parent=True,
    ),
    Table(
        "contact",
        "Contact",
        (
            Field("name"),
            Field("title"),
            Field("department"),
            Field("email", Kind.EMAIL),
        ),
        (ORGANIZATION, SERVICE, PLACE, LOCATION),
        lists=("contacts",),
        needs_parent=True,
    ),
    Table(
        "phone",
        "Phone",
        (
            Field("number", Kind.PHONE, required=True),
            Field("extension"),
            Field("type", CODE, codes=PHONE_TYPES),
            Field("description"),
        ),
        (LOCATION, SERVICE, ORGANIZATION, Link("contact_id", "contact"), PLACE),
        lists=("phones",),
        needs_parent=True,
    ),
    Table(
        "language",
        "Language",
        (Field("name"), Field("code"), Field("note")),
        (SERVICE, LOCATION, Link("phone_id", "phone")),
        lists=("languages",),
        needs_parent=True,
    ),
    Table(
        "attribute",
        "Attribute",
        (
            Field("link_type"),
            Field("link_entity"),
            Field("value"),
            Field("label"),
        ),
        (
            # What it is attached to may be any record: `link_entity` names the table.
            Link("link_id", "", required=True),
            Link("taxonomy_term_id", "taxonomy_term", column="term"),
            ORGANIZATION,
            SERVICE,
            LOCATION,
            PLACE,
        ),
        lists=("attributes",),
    ),
    Table(
        "metadata",
        "",
        (
            Field("resource_id", required=True),
            Field("resource_type"),
            Field("last_action_date"),
            Field("last_action_type"),
            Field("field_name"),
            Field("previous_value"),
            Field("replacement_value"),
            Field("updated_by"),
        ),
        lists=("metadata",),
    ),
)
BY_NAME: Final[dict[str, Table]] = {table.name: table for table in TABLES}

# Official file names of the CSV form; the singular ones are the standard's own.
FILES: Final[dict[str, str]] = {
    "accessibility.csv": "accessibility",
    "addresses.csv": "address",
    "attributes.csv": "attribute",
    "contacts.csv": "contact",
    "cost_options.csv": "cost_option",
    "funding.csv": "funding",
    "languages.csv": "language",
    "locations.csv": "location",
    "metadata.csv": "metadata",
    "organization_identifiers.csv": "organization_identifier",
    "organizations.csv": "organization",
    "phones.csv": "phone",
    "programs.csv": "program",
    "required_documents.csv": "required_document",
    "schedules.csv": "schedule",
    "service_areas.csv": "service_area",
    "service_at_location.csv": "service_at_location",
    "service_capacity.csv": "service_capacity",
    "services.csv": "service",
    "taxonomies.csv": "taxonomy",
    "taxonomy_terms.csv": "taxonomy_term",
    "units.csv": "unit",
    "url.csv": "url",
}
# Keys of HSDS that we know and compute anew.
IGNORED: Final = frozenset({"last_modified"})
