"""Reads the CSV form of HSDS 3: one file per table, ids in columns."""

from directory.exchange.fields import BY_NAME, FILES
from directory.exchange.imports.files import Folder
from directory.exchange.imports.rows import Problem, Read, Unreadable
from directory.exchange.imports.tables import row_of, unknown_columns


def read(folder: Folder) -> Read:
    """Yield the rows of every file that the descriptor, or its own name, calls a table."""
    tables = _tables(folder)
    for name in folder.names:
        table = tables.get(name)
        if table is None:
            if name.lower().endswith(".csv"):
                yield Problem("unknown_file", file=name)
            continue
        yield from unknown_columns(folder, name, BY_NAME[table], {})
        for line in folder.lines(name):
            yield row_of(BY_NAME[table], line, file=name)


def _tables(folder: Folder) -> dict[str, str]:
    """Return file → table; a descriptor may call files differently."""
    tables = dict(FILES)
    if "datapackage.json" not in folder.names:
        return tables
    try:
        resources = folder.json("datapackage.json")["resources"]
        named = {each["path"]: each["name"] for each in resources}
    except (Unreadable, KeyError, TypeError):
        return tables
    return tables | {path: name for path, name in named.items() if name in BY_NAME}
