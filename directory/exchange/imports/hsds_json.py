"""Reads HSDS 3 JSON: objects, lists, pages, one object per line, and tables as objects."""

from collections.abc import Iterator
from typing import Any, Final

from directory.exchange.fields import BY_NAME, FILES, IGNORED, TABLES, Table
from directory.exchange.imports.files import Folder, parse_json
from directory.exchange.imports.rows import Problem, Read, Row, Unreadable

SUFFIXES: Final = (".json", ".ndjson", ".jsonl")
# The tables that a list inside an object holds.
LISTS: Final[dict[str, str]] = {name: table.name for table in TABLES for name in table.lists} | {
    "locations": "location",
    "programs": "program",
    "services": "service",
    "service_at_locations": "service_at_location",
}
# A single object inside another: its table, and the link by which the outer one names it.
INNER: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("service", "organization"): ("organization", "organization_id"),
    ("service", "program"): ("program", "program_id"),
    ("service_at_location", "location"): ("location", "location_id"),
    ("service_at_location", "service"): ("service", "service_id"),
    ("service_capacity", "unit"): ("unit", "unit_id"),
    ("attribute", "taxonomy_term"): ("taxonomy_term", "taxonomy_term_id"),
    ("taxonomy_term", "taxonomy_detail"): ("taxonomy", "taxonomy_id"),
}
# Keys that only one table has, the surest first.
SIGNS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("service_at_location", frozenset({"location", "location_id", "service_id"})),
    ("location", frozenset({"location_type", "latitude", "longitude", "transportation"})),
    ("taxonomy_term", frozenset({"taxonomy_detail", "taxonomy_id", "term_uri", "parent_id"})),
    ("service", frozenset({"status", "application_process", "service_at_locations"})),
    (
        "organization",
        frozenset({"website", "organization_identifiers", "legal_status", "tax_status"}),
    ),
    ("taxonomy", frozenset({"version"})),
)


def read(folder: Folder) -> Read:
    """Yield every record of every JSON file once; repeats are merged, their parents united."""
    collector = _Collector()
    for name in folder.names:
        if not name.lower().endswith(SUFFIXES):
            continue
        found = False
        for thing in _things(folder.text(name), name):
            found |= collector.take(thing, name)
        if not found:
            yield Problem("unknown_file", file=name)
    yield from collector.rows.values()


def _things(text: str, name: str) -> Iterator[Any]:
    """Yield the objects of a file: itself, the items of its list or page, or one per line."""
    try:
        content = parse_json(text, name)
    except Unreadable:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        content = [parse_json(line, name) for line in lines]
    if isinstance(content, dict) and isinstance(content.get("contents"), list):
        content = content["contents"]
    yield from content if isinstance(content, list) else [content]


def table_of(thing: dict[str, Any], file: str) -> Table | None:
    """Tell a table by the keys of an object; what they leave open the name of its file tells."""
    if "id" not in thing:
        return None
    name = next((name for name, signs in SIGNS if signs & set(thing)), "")
    if not name:
        names = [table.name for table in TABLES if file.startswith(table.name)]
        name = max(names, key=len, default="organization" if "description" in thing else "")
    return BY_NAME.get(name)


class _Collector:
    """Rows by table and id, first come first."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Row] = {}
        self.count = 0

    def take(self, thing: Any, file: str) -> bool:
        """Take an object with all that is inside it; say whether it was one of ours."""
        if not isinstance(thing, dict):
            return False
        tables = {FILES[key]: value for key, value in thing.items() if key in FILES}
        if tables and all(key.endswith(".csv") for key in thing):
            self._take_tables(tables, file)
            return True
        table = table_of(thing, file)
        if table is None:
            return False
        self.count += 1
        self._object(thing, table, file, {})
        return True

    def _take_tables(self, tables: dict[str, Any], file: str) -> None:
        for name, things in tables.items():
            for thing in things if isinstance(things, list) else []:
                if isinstance(thing, dict):
                    self.count += 1
                    self._object(thing, BY_NAME[name], file, {})

    def _object(
        self, thing: dict[str, Any], table: Table, file: str, parents: dict[str, str]
    ) -> str:
        """Take one object; `parents` are links that its place in the file implies."""
        row = Row(table.name, str(thing.get("id") or ""), file, self.count)
        for name, each in parents.items():
            if name in table.links_by_name:
                row.link(name, each)
        if table.name == "metadata":
            row.values["resource_id"] = next(iter(parents.values()), "")
        inside: list[tuple[str, Any]] = []
        for key, value in thing.items():
            if key != "id" and value is not None:
                self._cell(row, table, key, value, inside)
        row.name_by_content()
        for key, value in inside:
            self._inner(row, table, key, value, file)
        self._keep(row)
        return row.id

    def _cell(
        self, row: Row, table: Table, key: str, value: Any, inside: list[tuple[str, Any]]
    ) -> None:
        is_nested = isinstance(value, dict | list)
        if is_nested and (key in LISTS or (table.name, key) in INNER):
            inside.append((key, value))
        elif is_nested:
            row.extra[key] = value
        elif key in table.by_name and not table.by_name[key].is_ours:
            row.values[key] = value
        elif key in table.links_by_name:
            row.link(key, str(value))
        elif key not in IGNORED:
            row.extra[key] = value

    def _inner(self, row: Row, table: Table, key: str, value: Any, file: str) -> None:
        """Take what is inside an object: a list of children, or a record it refers to."""
        if (table.name, key) in INNER and isinstance(value, dict):
            name, link = INNER[table.name, key]
            implied = {}
            if name == "program" and row.links.get("organization_id"):
                implied = {"organization_id": row.links["organization_id"][0]}
            row.link(link, self._object(value, BY_NAME[name], file, implied))
            return
        child = BY_NAME[LISTS[key]] if key in LISTS else None
        for thing in value if isinstance(value, list) and child else []:
            if isinstance(thing, dict) and child:
                self._object(thing, child, file, _implied(row, child))

    def _keep(self, row: Row) -> None:
        known = self.rows.setdefault((row.table, row.id), row)
        if known is row:
            return
        for name, ids in row.links.items():
            known.link(name, *ids)
        differing = [n for n, v in row.values.items() if known.values.get(n, v) != v]
        for name in differing:
            known.notice("id_conflict", name, row.values[name])
        known.values = row.values | known.values
        known.extra = row.extra | known.extra


def _implied(row: Row, child: Table) -> dict[str, str]:
    """Return the links that a child has because it stands inside this row."""
    if child.name == "attribute":
        return {"link_id": row.id, f"{row.table}_id": row.id}
    return {f"{row.table}_id": row.id}
