"""From cells to values of our columns; everything that is wrong is named, nothing is guessed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.apps import apps

from core.text import printable
from directory.catalogue import phones
from directory.exchange.fields import BY_NAME, Field, Kind, Table
from directory.exchange.imports import habits, together
from directory.exchange.imports.rows import Cell, Problem, Row
from directory.exchange.states import KINDS, Severity

# What other forms and people call the types of phones.
PHONE_WORDS: Final = {
    "hotline": "voice",
    "tty": "textphone",
    "tdd": "textphone",
    "sms": "text",
    "mobile": "cell",
    "phone": "voice",
    "main": "voice",
    "toll-free": "voice",
}
DEFAULTS: Final = {"location.location_type": "physical", "address.address_type": "physical"}


@dataclass
class Checked:
    """A row as we would write it, and whether anything speaks against writing it."""

    row: Row
    rules: "Rules"
    mapped: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    refused: bool = False

    def notice(self, code: str, column: str = "", value: object = "") -> None:
        """Note something under the name that the file uses for the column."""
        self.row.notice(code, self.row.columns.get(column, column), value)

    def refuse(self, code: str, column: str = "", value: object = "") -> None:
        """Note why the row cannot be written."""
        self.notice(code, column, value)
        self.refused = True


@dataclass(frozen=True)
class Rules:
    """What the source says about its own files, and what the installation adds."""

    mapping: dict[str, Any]
    country: str
    prefixes: tuple[str, ...] = ()

    def value(self, name: str, cell: Cell) -> Cell:
        """Translate a cell by the source's table of values."""
        values: dict[str, Any] = self.mapping.get("values", {}).get(name, {})
        translated: Cell = values.get(str(cell).strip(), cell)
        return translated

    def default(self, name: str) -> Cell:
        """Return what an empty cell means."""
        given: Cell = self.mapping.get("defaults", {}).get(name, DEFAULTS.get(name))
        return given


def check(row: Row, rules: Rules) -> Checked:
    """Turn the cells of a row into values of our columns."""
    table = BY_NAME[row.table]
    checked = Checked(row, rules)
    _rename(row, table, rules)
    for each in table.fields:
        name = f"{table.name}.{each.name}"
        cell = rules.value(name, row.values.get(each.name))
        if cell is None or not str(cell).strip():
            cell = rules.default(name)
        _take(checked, table, each, cell)
    for link in table.links:
        ids = row.links.get(link.name, [])
        if ids:
            checked.links[link.ours] = ids
    together.settle(checked)
    return checked


def _rename(row: Row, table: Table, rules: Rules) -> None:
    """Give columns that the reader did not know the names that the source's mapping gives them."""
    columns: dict[str, str] = rules.mapping.get("columns", {})
    for column, cell in list(row.extra.items()):
        name = columns.get(f"{table.name}.{column}") or columns.get(column)
        if name in table.by_name and not row.values.get(name):
            row.values[name] = cell
            row.columns[name] = column


def _take(checked: Checked, table: Table, each: Field, cell: Cell) -> None:
    """Convert one cell; a bad one is left out, and where it is needed the row is refused."""
    text = habits.text(cell)
    if text.warning:
        checked.notice(text.warning, each.name, text.text)
    value: Any = None
    if text.text:
        try:
            value = CONVERTERS[each.kind](checked, each, text.text)
        except (ValueError, OverflowError):
            checked.notice(ERRORS[each.kind], each.name, cell)
    if value is not None and isinstance(value, str):
        longest = lengths(table.name).get(each.ours)
        if longest and len(value) > longest:
            checked.notice("too_long", each.name, value)
            value = None
    if value is None and each.required:
        checked.refuse("missing_required", each.name)
    checked.mapped[each.ours] = value if value is not None else EMPTY.get(each.kind, "")


@cache
def lengths(table: str) -> dict[str, int]:
    """Return how long the texts of a table may be."""
    name = BY_NAME[table].model
    if not name:
        return {}
    fields = apps.get_model("catalogue", name)._meta.concrete_fields
    return {each.name: each.max_length for each in fields if getattr(each, "max_length", None)}


# ---- One kind of cell each ------------------------------------------------------------------
def _text(_checked: Checked, _each: Field, text: str) -> str:
    return text


def _url(checked: Checked, each: Field, text: str) -> str:
    read = habits.url(text)
    if read.warning:
        checked.notice(read.warning, each.name, text)
    return read.url


def _phone(checked: Checked, each: Field, text: str) -> str:
    """Keep a number in the form in which the catalogue keeps it; what is none stays as written."""
    extension, rules = habits.text(checked.row.values.get("extension")).text, checked.rules
    try:
        read = phones.parse(
            text, extension=extension, country=rules.country, extra_prefixes=rules.prefixes
        )
    except phones.NotANumber:
        checked.notice("bad_phone", each.name, text)
        return text
    if read.extension and not extension:
        checked.row.values["extension"] = read.extension
    return read.number


def _time(checked: Checked, _each: Field, text: str) -> str:
    read = habits.clock(text)
    if read.at is None:
        raise ValueError(text)
    if read.offset is not None and not checked.mapped.get("utc_offset"):
        checked.mapped["utc_offset"] = habits.plain(read.offset)
    return read.at.isoformat()


def _code(_checked: Checked, each: Field, text: str) -> str:
    by_word = {code.casefold(): code for code in each.codes}
    word = text.casefold()
    if each.name == "type":
        word = PHONE_WORDS.get(word, word)
    if word not in by_word:
        raise ValueError(text)
    return by_word[word]


CONVERTERS: Final[dict[Kind, Callable[[Checked, Field, str], Any]]] = {
    Kind.TEXT: _text,
    Kind.LANGUAGE: _text,
    Kind.URI: _text,
    Kind.URL: _url,
    Kind.EMAIL: lambda _c, _f, text: habits.email(text),
    Kind.DATE: lambda checked, _f, text: habits.day(
        text, checked.rules.mapping.get("date_order", "ymd")
    ).isoformat(),
    Kind.TIME: _time,
    Kind.INSTANT: lambda _c, _f, text: habits.instant(text),
    Kind.INTEGER: lambda _c, _f, text: habits.integer(text),
    Kind.NUMBER: lambda _c, _f, text: habits.plain(habits.number(text)),
    Kind.CODE: _code,
    Kind.PHONE: _phone,
    Kind.UUID: lambda _c, _f, text: str(UUID(text)),
    Kind.FLAG: lambda _c, _f, text: habits.flag(text),
}
ERRORS: Final[dict[Kind, str]] = {
    Kind.TEXT: "unreadable",
    Kind.LANGUAGE: "unreadable",
    Kind.URI: "unreadable",
    Kind.URL: "bad_url",
    Kind.EMAIL: "bad_email",
    Kind.DATE: "bad_date",
    Kind.TIME: "bad_time",
    Kind.INSTANT: "bad_date",
    Kind.INTEGER: "bad_number",
    Kind.NUMBER: "bad_number",
    Kind.CODE: "bad_code",
    Kind.PHONE: "bad_phone",
    Kind.UUID: "bad_uuid",
    Kind.FLAG: "bad_code",
}
# What an empty cell is in our columns; text is never null.
EMPTY: Final[dict[Kind, Any]] = {
    Kind.DATE: None,
    Kind.TIME: None,
    Kind.INSTANT: None,
    Kind.INTEGER: None,
    Kind.NUMBER: None,
    Kind.FLAG: False,
}


def as_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as it is kept with its row."""
    return {
        "code": problem.code,
        # What a hostile file holds may be refused by the database even in a message about it.
        "column": printable(problem.column),
        "value": printable(problem.value),
        "severity": KINDS[problem.code].severity,
    }


def has_errors(problems: list[dict[str, Any]]) -> bool:
    """Say whether something was lost."""
    return any(problem["severity"] == Severity.ERROR for problem in problems)
