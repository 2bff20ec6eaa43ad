"""Reads HSDS 1.1 CSV: weekday rows, addresses without a type, eligibility in a file of its own."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from directory.exchange.fields import BY_NAME
from directory.exchange.imports import habits
from directory.exchange.imports.exceptions import holiday
from directory.exchange.imports.files import Folder, Line
from directory.exchange.imports.hours import set_span
from directory.exchange.imports.rows import Problem, Read, Row
from directory.exchange.imports.tables import SKIP, row_of, unknown_columns

FILES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "taxonomy.csv": ("taxonomy_term", {"vocabulary": "taxonomy", "parent_name": SKIP}),
    "organizations.csv": ("organization", {"url": "website"}),
    "programs.csv": ("program", {}),
    "services.csv": ("service", {"fees": "fees_description", "accrediations": "accreditations"}),
    "locations.csv": ("location", {}),
    "services_at_location.csv": ("service_at_location", {}),
    "service_at_location.csv": ("service_at_location", {}),
    "services_taxonomy.csv": ("attribute", {"taxonomy_id": "taxonomy_term_id"}),
    "physical_addresses.csv": ("address", {}),
    "postal_addresses.csv": ("address", {"organization_id": SKIP}),
    "phones.csv": ("phone", {"language": SKIP}),
    "contacts.csv": ("contact", {}),
    "service_areas.csv": ("service_area", {"service_area": "name"}),
    "languages.csv": ("language", {"language": "name"}),
    "accessibility_for_disabilities.csv": ("accessibility", {"accessibility": "description"}),
    "funding.csv": ("funding", {}),
    "required_documents.csv": ("required_document", {}),
    "holiday_schedules.csv": (
        "schedule_exception",
        {"start_date": "starts_on", "end_date": "ends_on", "closed": SKIP},
    ),
    "metadata.csv": ("metadata", {}),
}
HOURS: Final = "regular_schedules.csv"
# Files whose rows become a text of their service.
TEXTS: Final = {
    "eligibility.csv": ("eligibility_description", "eligibility"),
    "payments_accepted.csv": ("fees_description", "payment"),
}
PARENTS: Final = ("service_id", "location_id", "service_at_location_id")


def read(folder: Folder) -> Read:
    """Yield the rows of all files; what hangs on a service as text goes to the service."""
    texts = _texts(folder)
    for name in folder.names:
        if name in FILES:
            yield from _rows(folder, name, texts)
        elif name == HOURS:
            yield from weekly_rows(folder, name)
        elif name.lower().endswith(".csv") and name not in TEXTS:
            yield Problem("unknown_file", file=name)


def _rows(folder: Folder, name: str, texts: dict[str, dict[str, list[str]]]) -> Read:
    table_name, renames = FILES[name]
    table = BY_NAME[table_name]
    yield from unknown_columns(folder, name, table, renames)
    for line in folder.lines(name):
        row = row_of(table, line, file=name, renames=renames)
        if table_name == "service":
            for field, said in texts.get(row.id, {}).items():
                before = [str(row.values[field])] if row.values.get(field) else []
                row.values[field] = "\n".join([*before, *said])
        elif table_name == "location":
            row.needs = ["organization_id"]
        elif name == "services_taxonomy.csv":
            row.values |= {"link_entity": "service", "link_type": "service_type"}
            row.link("link_id", *row.links.get("service_id", []))
        elif table_name == "schedule_exception":
            holiday(row, line.cells)
        elif table_name == "address":
            yield from _place(row, line, name)
        yield row
        if table_name == "phone" and line.cells.get("language"):
            yield _spoken(row, line)


def _place(row: Row, line: Line, name: str) -> Iterator[Row]:
    """Give an address its type; one of an organization needs a location to stand at."""
    kind = "postal" if name.startswith("postal") else "physical"
    row.values["address_type"] = kind
    organization = line.cells.get("organization_id", "").strip()
    if row.links.get("location_id") or not organization:
        return
    location = Row("location", f"~{kind}-{organization}-{line.number}", name, line.number)
    location.values["location_type"] = kind
    location.link("organization_id", organization)
    location.needs, location.stands_for = ["organization_id"], 0
    row.link("location_id", location.id)
    yield location


def _spoken(phone: Row, line: Line) -> Row:
    """Return the language that a phone row names in a cell."""
    phone.name_by_content()
    row = Row("language", f"~{phone.id}", phone.file, line.number, stands_for=0)
    row.values["name"] = line.cells["language"]
    row.link("phone_id", phone.id)
    return row


def _texts(folder: Folder) -> dict[str, dict[str, list[str]]]:
    """Return service → field → texts of the files that HSDS 3 no longer has."""
    texts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, (field, column) in TEXTS.items():
        if name in folder.names:
            for line in folder.lines(name):
                said = habits.text(line.cells.get(column, "")).text
                if said:
                    texts[line.cells.get("service_id", "").strip()][field].append(said)
    return texts


def weekly_rows(folder: Folder, name: str) -> Iterator[Row | Problem]:
    """Join weekday rows of one parent with equal hours into one weekly row.

    Two spans on one day are two rows. A day without times is closed: the days that are open say
    so already, so it is joined to them; where no day is open, the row says it in a word.
    """
    groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in folder.lines(name):
        cells = line.cells
        keys = tuple(cells.get(column, "").strip() for column in PARENTS)
        groups[*keys, cells.get("opens_at", "").strip(), cells.get("closes_at", "").strip()].append(
            line
        )
    closed: dict[tuple[str, ...], int] = defaultdict(int)
    open_parents = {key[:3] for key in groups if key[3] or key[4]}
    for key, lines in groups.items():
        if not (key[3] or key[4]) and key[:3] in open_parents:
            closed[key[:3]] += len(lines)
    for key, lines in groups.items():
        if (key[3] or key[4]) or key[:3] not in open_parents:
            row = _weekly(name, key, lines)
            row.stands_for += closed.pop(key[:3], 0)
            yield row


def _weekly(name: str, key: tuple[str, ...], lines: list[Line]) -> Row:
    row = Row("schedule", "", name, lines[0].number, stands_for=len(lines))
    for link, each in zip(PARENTS, key, strict=False):
        row.link(link, each)
    days: set[str] = set()
    for line in lines:
        said = line.cells.get("weekday", "")
        try:
            days |= set(habits.weekdays(said).byday.split(","))
        except ValueError:
            row.notice("hours_not_parsed", "weekday", said)
    row.values |= {"freq": "WEEKLY", "byday": ",".join(d for d in habits.WEEK if d in days)}
    opens, closes = key[3], key[4]
    if not (opens or closes):
        row.values["description"] = "Closed"
        return row
    try:
        first, last = habits.clock(opens), habits.clock(closes)
    except ValueError:
        first = last = habits.Clock()
    if first.at and last.at:
        set_span(row, first.at, last.at)
    else:
        row.values["raw_text"] = f"{row.values['byday']} {opens}-{closes}"
        row.notice("hours_not_parsed", "opens_at", f"{opens}-{closes}")
    return row
