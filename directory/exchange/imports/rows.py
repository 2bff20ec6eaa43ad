"""What readers produce: rows under HSDS 3 names with their origin, and what they noticed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

# A cell as it stood in the file.
Cell: TypeAlias = str | int | float | bool | None


class Problem(NamedTuple):
    """Something noticed while reading: a code of `states.KINDS`, where, and the value."""

    code: str
    column: str = ""
    value: str = ""
    file: str = ""
    line: int = 0


@dataclass
class Row:
    """One record of a file: cells by field, ids of what it belongs to by link."""

    table: str
    id: str
    file: str
    line: int
    values: dict[str, Cell] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    # How the file calls a field, where it is not its HSDS 3 name.
    columns: dict[str, str] = field(default_factory=dict)
    # What the table does not know; kept with the raw row.
    extra: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # How many records of the file it stands for: weekday rows are joined, addresses split.
    stands_for: int = 1
    # Links that this form demands although HSDS 3 does not.
    needs: list[str] = field(default_factory=list)

    def notice(self, code: str, column: str = "", value: object = "") -> None:
        """Note something about this row; long values are cut."""
        self.problems.append(Problem(code, column, str(value)[:80], self.file, self.line))

    def name_by_content(self) -> None:
        """Give a row without an id one that follows from its parents and cells.

        Other directories leave ids out; the same row of the next file gets the same one.
        """
        if not self.id:
            content = json.dumps([self.table, self.links, self.values], sort_keys=True, default=str)
            self.id = f"~{hashlib.sha256(content.encode()).hexdigest()[:32]}"

    def link(self, name: str, *ids: str) -> None:
        """Add what the row belongs to; an id given twice counts once."""
        known = self.links.get(name, [])
        self.links[name] = list(dict.fromkeys([*known, *filter(None, ids)]))


# What comes out of a reader, in any order.
Read: TypeAlias = Iterator[Row | Problem]


class Unreadable(Exception):
    """The file is of no known form, or breaks a cap; the code is one of `states.FAILURES`."""

    def __init__(self, code: str, file: str = "") -> None:
        """Say what is wrong with which file."""
        super().__init__(code, file)
        self.code, self.file = code, file
