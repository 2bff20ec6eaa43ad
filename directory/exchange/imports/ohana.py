"""Reads the CSV form of Ohana, which has no table of services at locations."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from directory.exchange.fields import BY_NAME
from directory.exchange.imports import habits
from directory.exchange.imports.exceptions import holiday
from directory.exchange.imports.files import Folder, Line
from directory.exchange.imports.hsds_csv1 import weekly_rows
from directory.exchange.imports.rows import Problem, Read, Row
from directory.exchange.imports.tables import SKIP, row_of, unknown_columns

FILES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "taxonomy.csv": ("taxonomy_term", {"taxonomy_id": "id", "parent_name": SKIP}),
    "organizations.csv": (
        "organization",
        {"date_incorporated": SKIP, "funding_sources": SKIP, "accreditations": SKIP}
        | {"licenses": SKIP},
    ),
    "programs.csv": ("program", {}),
    "services.csv": (
        "service",
        {"website": "url", "fees": "fees_description", "location_id": SKIP, "audience": SKIP}
        | {"eligibility": SKIP, "accepted_payments": SKIP, "keywords": SKIP, "languages": SKIP}
        | {"required_documents": SKIP, "service_areas": SKIP, "taxonomy_ids": SKIP}
        | {"funding_sources": SKIP},
    ),
    "locations.csv": (
        "location",
        {"website": "url", "accessibility": SKIP, "languages": SKIP, "admin_emails": SKIP}
        | {"email": SKIP, "short_desc": SKIP, "virtual": SKIP},
    ),
    "addresses.csv": ("address", {}),
    "mail_addresses.csv": ("address", {}),
    "phones.csv": (
        "phone",
        {"number_type": "type", "department": SKIP, "country_prefix": SKIP, "vanity_number": SKIP},
    ),
    "contacts.csv": ("contact", {}),
    "holiday_schedules.csv": (
        "schedule_exception",
        {"start_date": "starts_on", "end_date": "ends_on", "closed": SKIP},
    ),
}
HOURS: Final = "regular_schedules.csv"
# List cells of a service or a location: table of their rows, and the field they fill.
LISTED: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "service": {
        "languages": ("language", "name"),
        "required_documents": ("required_document", "document"),
        "service_areas": ("service_area", "name"),
        "funding_sources": ("funding", "source"),
    },
    "location": {
        "languages": ("language", "name"),
        "accessibility": ("accessibility", "description"),
    },
    "organization": {"funding_sources": ("funding", "source")},
}


def read(folder: Folder) -> Read:
    """Yield the rows of all files; a service and its location make a place."""
    owners = _owners(folder)
    for name in folder.names:
        if name in FILES:
            yield from _rows(folder, name, owners)
        elif name == HOURS:
            yield from weekly_rows(folder, name)
        elif name.lower().endswith(".csv"):
            yield Problem("unknown_file", file=name)


def _owners(folder: Folder) -> dict[str, str]:
    """Return location → organization: services name only their location."""
    owners: dict[str, str] = defaultdict(str)
    if "locations.csv" in folder.names:
        for line in folder.lines("locations.csv"):
            owners[line.cells.get("id", "")] = line.cells.get("organization_id", "")
    return owners


def _rows(folder: Folder, name: str, owners: dict[str, str]) -> Read:
    table_name, renames = FILES[name]
    table = BY_NAME[table_name]
    yield from unknown_columns(folder, name, table, renames)
    for line in folder.lines(name):
        row = row_of(table, line, file=name, renames=renames)
        if table_name == "service":
            yield from _service(row, line, owners)
        elif table_name == "location":
            _location(row, line)
        elif table_name == "address":
            row.values["address_type"] = "postal" if name.startswith("mail") else "physical"
        elif table_name == "phone":
            _phone(row, line)
        elif table_name == "schedule_exception":
            holiday(row, line.cells)
        yield row
        yield from _listed(row, line)


def _service(row: Row, line: Line, owners: dict[str, str]) -> Iterator[Row]:
    cells = line.cells
    location = cells.get("location_id", "").strip()
    row.link("organization_id", owners.get(location, ""))
    said = [cells.get("audience", "").strip(), cells.get("eligibility", "").strip()]
    row.values["eligibility_description"] = "\n".join(part for part in said if part)
    paid = habits.words(cells.get("accepted_payments"))
    if paid:
        fees = [str(row.values.get("fees_description") or ""), ", ".join(paid)]
        row.values["fees_description"] = "\n".join(part for part in fees if part)
    if cells.get("keywords"):
        row.extra["keywords"] = cells["keywords"]
    if location:
        place = Row("service_at_location", f"~{row.id}-{location}", row.file, line.number)
        place.stands_for = 0
        place.link("service_id", row.id)
        place.link("location_id", location)
        yield place
    for term in habits.words(cells.get("taxonomy_ids")):
        tag = Row("attribute", f"~{row.id}-{term}", row.file, line.number, stands_for=0)
        tag.values |= {"link_entity": "service", "link_type": "service_type"}
        tag.link("link_id", row.id)
        tag.link("service_id", row.id)
        tag.link("taxonomy_term_id", term)
        yield tag


def _location(row: Row, line: Line) -> None:
    if line.cells.get("virtual", "").strip().lower() == "true":
        row.values["location_type"] = "virtual"
    if not row.values.get("description"):
        row.values["description"] = line.cells.get("short_desc", "")


def _phone(row: Row, line: Line) -> None:
    said = [line.cells.get("department", "").strip(), line.cells.get("vanity_number", "").strip()]
    row.values["description"] = " · ".join(part for part in said if part)


def _listed(row: Row, line: Line) -> Iterator[Row]:
    """Yield a row for each entry of a list cell."""
    for column, (table, field) in LISTED.get(row.table, {}).items():
        for number, word in enumerate(habits.words(line.cells.get(column))):
            each = Row(table, f"~{row.table}-{row.id}-{number}", row.file, line.number)
            each.stands_for = 0
            each.values[field] = word
            each.link(f"{row.table}_id", row.id)
            yield each
