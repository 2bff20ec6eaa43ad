"""What the readers of CSV share: cells by column → rows under HSDS 3 names."""

from collections.abc import Iterator, Mapping

from directory.exchange.fields import IGNORED, Table
from directory.exchange.imports import habits
from directory.exchange.imports.files import Folder, Line
from directory.exchange.imports.rows import Problem, Row

# A column that is known and says nothing for us.
SKIP = ""


def row_of(
    table: Table,
    line: Line,
    *,
    file: str,
    renames: Mapping[str, str] | None = None,
    has_lists: bool = False,
) -> Row:
    """Turn the cells of a line into a row; `renames` maps foreign columns to ours.

    Where a form allows it, a foreign key may be a list parted by commas: several parents.
    """
    row = Row(table.name, "", file, line.number)
    for column, cell in line.cells.items():
        name = (renames or {}).get(column, column)
        if name == "id":
            row.id = cell.strip()
        elif name in table.links_by_name:
            row.link(name, *(habits.ids(cell) if has_lists else [cell.strip()]))
        elif name in table.by_name:
            if cell.strip() and not row.values.get(name):
                row.values[name] = cell
        elif name != SKIP and cell.strip():
            row.extra[column] = cell
        if name != column:
            row.columns[name] = column
    return row


def unknown_columns(
    folder: Folder, file: str, table: Table, renames: Mapping[str, str]
) -> Iterator[Problem]:
    """Name the columns of a file that nobody will read."""
    known = {"id", *table.by_name, *table.links_by_name, *IGNORED, SKIP}
    for column in folder.header(file):
        if column.strip() and renames.get(column.strip(), column.strip()) not in known:
            yield Problem("unknown_column", column.strip()[:80], file=file)
