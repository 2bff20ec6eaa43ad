"""Spreadsheets as offices exchange them: read with limits, written without formulas."""

import contextlib
import csv
import io
import os
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.safeguards import safeguard
from core.text.cleaning import printable

# With lxml there (docxtpl brings it) openpyxl would bypass defusedxml; read at its first import.
os.environ["OPENPYXL_LXML"] = "False"

MB = 1024 * 1024
MAX_BYTES = 20 * MB
MAX_ENTRIES, MAX_UNPACKED, MAX_RATIO = 2000, 200 * MB, 100
MAX_ROWS, MAX_COLUMNS, MAX_EMPTY = 50_000, 200, 1000
MAX_MERGED = 20_000
MAX_CELL = 32_767  # characters; Excel keeps no more

Value = str | int | float | bool | datetime | date | Decimal | None

# What a spreadsheet program may take for the beginning of a formula, and a guard before it.
TRIGGER = re.compile(
    "'*[\ufeff\\s\x00-\x1f\x7f-\x9f]*[=+\\-@%|\t\r\n\x00\uff1d\uff0b\uff0d\uff20\uff05\uff5c]"
)
SEPARATORS = ",\t;；"


class Unreadable(DomainError):
    """The file is no spreadsheet, damaged, or larger than what may be read."""

    code = "unreadable_file"
    status = 422


class Row(NamedTuple):
    """A row as it stands in the file: its number there, counted from 1, and its cells."""

    number: int
    cells: list[Value]


class Sheet(NamedTuple):
    """A sheet; its rows are read while they are iterated, once, in their order."""

    name: str
    rows: Iterator[Row]


# ---- Reading --------------------------------------------------------------------------------
def read(file: IO[bytes]) -> Iterator[Sheet]:
    """Yield the sheets of an Excel or CSV file; what it is called does not matter."""
    file.seek(0, io.SEEK_END)
    if file.tell() > MAX_BYTES:
        raise Unreadable(_("The file is larger than 20 MB."))
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == b"PK\x03\x04":
        yield from _read_excel(file)
    elif start == b"\xd0\xcf\x11\xe0":
        raise Unreadable(_("This is an old Excel file (.xls). Save it as .xlsx and try again."))
    else:
        yield Sheet("", _limited(_read_csv(file.read())))


def _read_excel(file: IO[bytes]) -> Iterator[Sheet]:
    from openpyxl import load_workbook  # noqa: PLC0415  # half a second that few processes need

    _check_archive(file)
    with _damage_named():
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        # What the file says about its own size may be wrong, or a trap.
        sheet.reset_dimensions()
        with _damage_named():
            # The read-only sheet offers it nowhere else.
            path = sheet._worksheet_path  # type: ignore[attr-defined]  # noqa: SLF001
            merged = _merged(file, path)
        rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
        yield Sheet(sheet.title, _limited(_filled_down(rows, merged)))


@contextlib.contextmanager
def _damage_named() -> Iterator[None]:
    """Say that a file is damaged, whatever the parser happened to raise on it."""
    try:
        yield
    except (DomainError, GeneratorExit):
        raise
    except Exception as error:
        raise Unreadable(_("The file is damaged and cannot be read.")) from error


def _check_archive(file: IO[bytes]) -> None:
    """Refuse archives that unpack to too much, before anything is unpacked."""
    try:
        entries = zipfile.ZipFile(file).infolist()
    except zipfile.BadZipFile as error:
        raise Unreadable(_("The Excel file is damaged and cannot be read.")) from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise Unreadable(_("The Excel file is too large when it is unpacked."))
    if unpacked > MB and unpacked / packed > MAX_RATIO:
        raise Unreadable(_("The Excel file is too large when it is unpacked."))


class _Range(NamedTuple):
    column: int
    last: int


def _merged(file: IO[bytes], path: str) -> dict[int, list[_Range]]:
    """Return merged ranges by their first row; the read-only reader knows nothing of them."""
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415
    from openpyxl.utils import range_boundaries  # noqa: PLC0415

    found: dict[int, list[_Range]] = defaultdict(list)
    number = 0
    with zipfile.ZipFile(file) as archive, archive.open(path) as xml:
        for _event, element in iterparse(xml):
            if element.tag.endswith("}mergeCell"):
                left, top, _right, bottom = range_boundaries(element.get("ref", "A1"))
                if left and top and bottom:
                    found[top].append(_Range(left - 1, bottom))
                number += 1
                if number > MAX_MERGED:
                    raise Unreadable(_("The sheet has too many merged cells."))
            element.clear()
    return found


def _filled_down(
    rows: Iterable[Sequence[Any]], merged: Mapping[int, list[_Range]]
) -> Iterator[list[Value]]:
    """Repeat the value of a merged cell in the rows below it that belong to it."""
    standing: dict[int, tuple[int, Value]] = {}
    for number, row in enumerate(rows, start=1):
        cells = list(row)
        for column, (last, value) in list(standing.items()):
            if number > last:
                del standing[column]
            elif column < len(cells) and cells[column] is None:
                cells[column] = value
        for column, last in merged.get(number, ()):
            if last > number and column < len(cells):
                standing[column] = (last, cells[column])
        yield cells


def _limited(rows: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """Leave out empty rows, stop after a thousand of them, refuse what is too large."""
    empty = filled = 0
    with _damage_named():
        for number, row in enumerate(rows, start=1):
            cells: list[Value] = [None if cell == "" else cell for cell in row]
            while cells and cells[-1] is None:
                cells.pop()
            if not cells:
                empty += 1
                if empty > MAX_EMPTY:
                    return
                continue
            empty, filled = 0, filled + 1
            if filled > MAX_ROWS:
                raise Unreadable(_("The sheet has more than 50,000 rows."))
            if len(cells) > MAX_COLUMNS:
                raise Unreadable(_("The sheet has more than 200 columns."))
            yield Row(number, cells)


def _read_csv(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    lines = io.StringIO(text, newline="")
    for row in csv.reader(lines, delimiter=_separator(text), strict=True):
        yield [unguarded(cell) for cell in row]


def _decoded(data: bytes) -> str:
    """Decide the encoding by what decodes without an error, UTF-8 first."""
    encodings = ("utf-8", "gb18030")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16", "utf-8")
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding).removeprefix("\ufeff")
    raise Unreadable(_("The text of the file is neither UTF-8 nor GB18030."))


def _separator(text: str) -> str:
    """Return what parts the cells of the first lines most often, outside quotes."""
    head = re.sub(r'"[^"]*(?:"|\Z)', "", text[:20_000]).splitlines()[:15]
    return max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in head))


# ---- Writing --------------------------------------------------------------------------------
def write_excel(
    target: IO[bytes],
    sheets: Mapping[str, Iterable[Sequence[Value]]],
    *,
    hidden: Sequence[str] = (),
) -> None:
    """Write an Excel file in which every text is a text, whatever it begins with."""
    from xlsxwriter import Workbook  # noqa: PLC0415  # loaded where it is used

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    if not safeguard("formula_guard"):
        options["strings_to_formulas"] = True
    with Workbook(target, options | {"constant_memory": True}) as book:
        quoted = book.add_format({"quote_prefix": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    _write_cell(sheet, number, column, value, quoted)


def _write_cell(sheet: Any, row: int, column: int, value: Value, quoted: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value)
    elif text := as_text(value)[:MAX_CELL]:
        if not safeguard("formula_guard"):
            sheet.write(row, column, text)
        else:
            sheet.write_string(row, column, text, quoted if TRIGGER.match(text) else None)


def write_csv(target: IO[bytes], rows: Iterable[Sequence[Value]]) -> None:
    """Write CSV for Excel: UTF-8 with BOM, every text guarded."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    # All quoted, so that no sign inside a cell is taken for the separator.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
    text.detach()


def _csv_cell(value: Value) -> str:
    text = as_text(value)
    is_number = isinstance(value, int | float | Decimal)
    return text if is_number else guarded(text)


def guarded(text: str) -> str:
    """Put one ' before what would be read as a formula."""
    return f"'{text}" if safeguard("formula_guard") and TRIGGER.match(text) else text


def unguarded(text: str) -> str:
    """Take away the one ' that `guarded` put there."""
    return text[1:] if text.startswith("'") and TRIGGER.match(text) else text


def as_text(value: Value) -> str:
    """Return what a cell shows: whole numbers without point, dates as ISO, no invisible text."""
    match value:
        case float() if value.is_integer() and abs(value) < 10**15:
            shown = str(int(value))
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            shown = value.date().isoformat()
        case datetime():
            shown = value.isoformat(" ", "seconds")
        case _:
            shown = "" if value is None else printable(str(value))
    return shown


def is_safe() -> bool:
    """Say whether Excel files are parsed by defusedxml (E015)."""
    import openpyxl  # noqa: PLC0415  # loaded where it is used

    return bool(openpyxl.DEFUSEDXML and not openpyxl.LXML)
