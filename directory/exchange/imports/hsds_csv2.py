"""Reads HSDS 2.0 CSV, also as ORServices writes it: prefixed columns, lists of ids in cells."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from directory.exchange.fields import BY_NAME, Table
from directory.exchange.imports import habits
from directory.exchange.imports.files import Folder, Line
from directory.exchange.imports.hours import read_hours
from directory.exchange.imports.rows import Problem, Read, Row
from directory.exchange.imports.tables import SKIP, row_of, unknown_columns

# Columns that only repeat from the other side what a file of links says.
REPEATED: Final = dict.fromkeys(
    (
        *("service_locations", "service_phones", "service_schedule", "service_contacts"),
        *("service_address", "service_taxonomy", "organization_services", "organization_phones"),
        *("organization_locations", "organization_contact", "location_services"),
        *("location_phones", "location_schedule", "location_address", "taxonomy_services"),
        *("services", "address_services", "address_organization", "created_at", "updated_at"),
    ),
    SKIP,
)
FILES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "taxonomy_types.csv": (
        "taxonomy",
        {"taxonomy_type_recordid": "id", "reference_url": "uri", "notes": "description"},
    ),
    "taxonomy_terms.csv": (
        "taxonomy_term",
        {
            "taxonomy_recordid": "id",
            "taxonomy_name": "name",
            "taxonomy": "taxonomy_id",
            "taxonomy_vocabulary": "taxonomy",
            "vocabulary": "taxonomy",
            "taxonomy_x_description": "description",
            "taxonomy_parent_name": "parent_id",
            "taxonomy_parent_recordid": "parent_id",
        },
    ),
    "organizations.csv": (
        "organization",
        {"url": "website", "parent_organization": "parent_organization_id"},
    ),
    "programs.csv": ("program", {}),
    "services.csv": (
        "service",
        {
            "service_recordid": "id",
            "service_organization": "organization_id",
            "service_program": "program_id",
            "service_interpretation": "interpretation_services",
            "service_fees": "fees_description",
            "fees": "fees_description",
        },
    ),
    "locations.csv": ("location", {}),
    "services_at_location.csv": ("service_at_location", {}),
    "service_at_locations.csv": ("service_at_location", {}),
    "physical_addresses.csv": ("address", {}),
    "postal_addresses.csv": ("address", {}),
    "phones.csv": ("phone", {}),
    "contacts.csv": ("contact", {}),
    "schedules.csv": (
        "schedule",
        {"name": SKIP, "weekday": SKIP, "opens": SKIP, "closes": SKIP, "schedule_closed": SKIP}
        | {"open_24_hours": SKIP, "schedule_holiday": SKIP},
    ),
    "service_areas.csv": ("service_area", {"service_area": "name"}),
    "languages.csv": ("language", {"language": "name"}),
    "accessibility_for_disabilities.csv": ("accessibility", {"accessibility": "description"}),
    "fundings.csv": ("funding", {}),
    "funding.csv": ("funding", {}),
    "required_documents.csv": ("required_document", {}),
    "service_attributes.csv": ("attribute", {}),
    "other_attributes.csv": ("attribute", {}),
    "metadata.csv": ("metadata", {}),
}
PREFIXES: Final = ("service_", "taxonomy_", "organization_", "location_")
# Files of links: which link of which table their columns fill.
LINKS: Final[dict[str, tuple[str, str, str, str]]] = {
    "service_phones.csv": ("phone", "phone_recordid", "service_id", "service_recordid"),
    "location_phones.csv": ("phone", "phone_recordid", "location_id", "location_recordid"),
    "organization_phones.csv": (
        "phone",
        "phone_recordid",
        "organization_id",
        "organization_recordid",
    ),
    "location_addresses.csv": ("address", "address_recordid", "location_id", "location_recordid"),
    "service_schedules.csv": ("schedule", "schedule_recordid", "service_id", "service_recordid"),
    "location_schedules.csv": ("schedule", "schedule_recordid", "location_id", "location_recordid"),
    "taxonomy_terms_types.csv": (
        "taxonomy_term",
        "taxonomy_recordid",
        "taxonomy_id",
        "taxonomy_type_recordid",
    ),
}
# Lists of ids in cells of the other side, for exports without files of links.
CELLS: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    ("services.csv", "service_recordid", "service_phones", "phone", "service_id"),
    ("services.csv", "service_recordid", "service_schedule", "schedule", "service_id"),
    ("organizations.csv", "id", "organization_phones", "phone", "organization_id"),
    ("locations.csv", "id", "location_phones", "phone", "location_id"),
    ("locations.csv", "id", "location_schedule", "schedule", "location_id"),
    ("locations.csv", "id", "location_address", "address", "location_id"),
)


def read(folder: Folder) -> Read:
    """Yield the rows of all files, each with the parents that any file gives it."""
    context = _Context(folder)
    for name in folder.names:
        if name in FILES:
            yield from context.rows(name)
        elif name.lower().endswith(".csv") and name not in LINKS:
            yield Problem("unknown_file", file=name)


class _Context:
    """What has to be known of other files while one is read."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        # (table, id) → link → ids
        self.links: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for name in folder.names:
            if name in LINKS:
                table, own, link, other = LINKS[name]
                for line in folder.lines(name):
                    self._link(table, line.cells.get(own, ""), link, line.cells.get(other, ""))
        for name, own, cell, table, link in CELLS:
            if name in folder.names:
                for line in folder.lines(name):
                    for each in habits.ids(line.cells.get(cell)):
                        self._link(table, each, link, line.cells.get(own, ""))
        self.owners = self._owners()
        self.vocabularies = self._vocabularies()

    def rows(self, name: str) -> Iterator[Row | Problem]:
        """Yield the rows of one file."""
        table_name, renames = FILES[name]
        table = BY_NAME[table_name]
        renames = _renames(self.folder.header(name), table, REPEATED | renames)
        yield from unknown_columns(self.folder, name, table, renames)
        for line in self.folder.lines(name):
            row = row_of(table, line, file=name, renames=renames, has_lists=table_name != "service")
            for link, ids in self.links.get((table_name, row.id), {}).items():
                row.link(link, *ids)
            self._finish(row, line, name)
            yield row

    def _finish(self, row: Row, line: Line, name: str) -> None:
        if row.table == "service":
            _split(row, "program_id")
        elif row.table == "program" and not row.links.get("organization_id"):
            row.link("organization_id", *self.owners.get(row.id, [])[:1])
        elif row.table == "address":
            row.values["address_type"] = "postal" if name.startswith("postal") else "physical"
        elif row.table == "schedule":
            read_hours(row, line.cells)
        elif row.table == "attribute" and name == "service_attributes.csv":
            row.values["link_entity"] = "service"
            row.link("link_id", *row.links.get("service_id", []))
            row.values["link_type"] = self._link_type(row)
        elif row.table == "phone" and row.values.get("extension") in {"0", "none"}:
            del row.values["extension"]

    def _link_type(self, row: Row) -> str:
        """Say what a term tells: the vocabulary it comes from shows it."""
        terms = row.links.get("taxonomy_term_id", [""])
        vocabulary = self.vocabularies.get(terms[0] if terms else "", "")
        return "eligibility" if "eligib" in vocabulary.lower() else "service_type"

    def _link(self, table: str, own: str, link: str, other: str) -> None:
        if own.strip() and other.strip():
            self.links[table, own.strip()][link].append(other.strip())

    def _owners(self) -> dict[str, list[str]]:
        """Return program → organizations of its services: programs here name no organization."""
        owners: dict[str, list[str]] = defaultdict(list)
        if "services.csv" in self.folder.names:
            for line in self.folder.lines("services.csv"):
                cells = line.cells
                organization = cells.get("service_organization") or cells.get("organization_id", "")
                for program in habits.ids(cells.get("service_program") or cells.get("program_id")):
                    owners[program].append(organization.strip())
        return owners

    def _vocabularies(self) -> dict[str, str]:
        """Return term → name of its vocabulary."""
        if not {"taxonomy_types.csv", "taxonomy_terms.csv"} <= set(self.folder.names):
            return {}
        names = {
            line.cells.get("taxonomy_type_recordid", ""): line.cells.get("name", "")
            for line in self.folder.lines("taxonomy_types.csv")
        }
        return {
            line.cells.get("taxonomy_recordid", ""): names.get(line.cells.get("taxonomy", ""), "")
            for line in self.folder.lines("taxonomy_terms.csv")
        }


def _renames(header: list[str], table: Table, given: Mapping[str, str]) -> dict[str, str]:
    """Add to the given names what a column means once its prefix is off."""
    renames = dict(given)
    taken = {*given, *table.by_name, *table.links_by_name}
    for column in header:
        for prefix in PREFIXES:
            bare = column.removeprefix(prefix)
            if column not in taken and bare != column and bare in table.by_name:
                renames[column] = bare
    return renames


def _split(row: Row, link: str) -> None:
    """Keep the first of several where a record has one; the others are named."""
    several = [each for cell in row.links.get(link, []) for each in habits.ids(cell)]
    if len(several) > 1:
        row.notice("one_of_several", row.columns.get(link, link), ",".join(several))
    row.links[link] = several[:1]
