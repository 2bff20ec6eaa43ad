import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.text import sheets
from core.text.sheets import Sheet, Unreadable, Value

# Spreadsheets know no zones.
MARCH_5 = datetime(2026, 3, 5)  # noqa: DTZ001
MORNING = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001
TRIGGERS = [*"=+-@%|\t＝＋－＠％｜"]
DANGEROUS = [
    *(f"{trigger}1+1" for trigger in TRIGGERS),
    *("  =1", "\ufeff=1", "'=1", "''=1", "\n=1", "=cmd|'/C calc'!A0", "\u3000=1"),
]


def book(rows: list[list[object]], merge: str = "") -> io.BytesIO:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    file = io.BytesIO()
    workbook.save(file)
    return file


def cells(file: io.BytesIO) -> list[list[Value]]:
    (sheet, *_more) = _read(file)
    return sheet


def _read(file: io.BytesIO) -> list[list[list[Value]]]:
    return [[row.cells for row in sheet.rows] for sheet in sheets.read(file)]


def rebuilt(file: io.BytesIO, change: Callable[[str, bytes], bytes]) -> io.BytesIO:
    """Return the archive with the content of its parts changed."""
    result = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return result


# ---- Reading Excel --------------------------------------------------------------------------
def test_cells_keep_their_kind_and_rows_their_number() -> None:
    file = book([["名称", 12348, 1.5, True], [], [date(2026, 3, 5), None, "末"]])
    (sheet,) = [Sheet(s.name, iter(list(s.rows))) for s in sheets.read(file)]

    first, second = sheet.rows

    assert (first.number, first.cells) == (1, ["名称", 12348, 1.5, True])
    assert (second.number, second.cells) == (3, [MARCH_5, None, "末"])


def test_every_sheet_is_read_and_named() -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "服务名录"
    workbook.create_sheet("填写说明").append(["x"])
    file = io.BytesIO()
    workbook.save(file)

    assert [(s.name, len(list(s.rows))) for s in sheets.read(file)] == [
        ("服务名录", 0),
        ("填写说明", 1),
    ]


def test_a_merged_cell_fills_the_rows_below_it() -> None:
    file = book([["机构", "服务"], ["甲", "1"], [None, "2"], [None, "3"], [None, "4"]], "A2:A4")

    assert cells(file)[1:] == [["甲", "1"], ["甲", "2"], ["甲", "3"], [None, "4"]]


def test_a_merged_title_does_not_spread_over_its_row() -> None:
    file = book([["服务名录", None, None], ["机构", "服务", "电话"]], "A1:C1")

    assert cells(file) == [["服务名录"], ["机构", "服务", "电话"]]


def test_a_declared_size_is_not_believed() -> None:
    def lie(name: str, data: bytes) -> bytes:
        return data.replace(b'<dimension ref="A1:A1"', b'<dimension ref="A1:XFD1048576"')

    assert cells(rebuilt(book([["x"]]), lie)) == [["x"]]


def test_reading_stops_after_a_thousand_empty_rows() -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = "first"
    workbook.worksheets[0]["A1048576"] = "far away"
    file = io.BytesIO()
    workbook.save(file)

    assert cells(file) == [["first"]]


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "docProps/core.xml", "xl/worksheets/sheet1.xml"]
)
def test_an_xml_bomb_is_refused(part: str) -> None:
    bomb = b'<!DOCTYPE b [<!ENTITY a "' + b"a" * 1000 + b'"><!ENTITY b "' + b"&a;" * 1000 + b'">]>'

    def plant(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        head, rest = (
            data.split(b"?>", 1) if data.startswith(b"<?xml") else (b"<?xml version='1.0'", data)
        )
        return head + b"?>" + bomb + rest.replace(b"</", b"&b;</", 1)

    with pytest.raises(Unreadable):
        _read(rebuilt(book([["x"]]), plant))


def test_the_parser_that_refuses_bombs_is_the_one_in_use() -> None:
    assert sheets.is_safe()


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    def blow_up(name: str, data: bytes) -> bytes:
        return data + b" " * (50 * sheets.MB) if name == "xl/worksheets/sheet1.xml" else data

    with pytest.raises(Unreadable):
        _read(rebuilt(book([["x"]]), blow_up))


def test_too_many_rows_and_columns_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    monkeypatch.setattr(sheets, "MAX_COLUMNS", 3)

    with translation.override("en"):
        with pytest.raises(Unreadable, match="rows"):
            cells(book([["x"]] * 4))
        with pytest.raises(Unreadable, match="columns"):
            cells(book([["x"] * 4]))


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and nothing else",
        b"\xd0\xcf\x11\xe0 an old workbook",
        b"\x00\xff\xfe\xfd",
        b'"never closed',
        b"a" * (sheets.MAX_BYTES + 1),
    ],
    ids=["no archive", "xls", "no text", "quote", "too large"],
)
def test_what_is_no_spreadsheet_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Unreadable):
        _read(io.BytesIO(data))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        _read(io.BytesIO(data))


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "no workbook")

    with pytest.raises(Unreadable):
        _read(file)


# ---- Reading CSV ----------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "；"])
def test_csv_is_read_in_every_encoding_and_separator(encoding: str, separator: str) -> None:
    text = f'机构名称{separator}电话\r\n"静安区{separator}日间照料"{separator}021-62180455\r\n'

    assert cells(io.BytesIO(text.encode(encoding))) == [
        ["机构名称", "电话"],
        [f"静安区{separator}日间照料", "021-62180455"],
    ]


# ---- Writing --------------------------------------------------------------------------------
def excel(rows: list[list[Value]]) -> io.BytesIO:
    file = io.BytesIO()
    sheets.write_excel(file, {"服务名录": rows})
    return file


def csv(rows: list[list[Value]]) -> io.BytesIO:
    file = io.BytesIO()
    sheets.write_csv(file, rows)
    return file


@pytest.mark.parametrize("text", DANGEROUS, ids=ascii)
def test_no_text_becomes_a_formula_in_excel(text: str) -> None:
    file = excel([[text]])

    (cell,) = next(openpyxl.load_workbook(file).worksheets[0].iter_rows())
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cells(file) == [[sheets.as_text(text)]]


@pytest.mark.parametrize("text", DANGEROUS, ids=ascii)
def test_every_text_that_could_be_a_formula_is_guarded_in_csv(text: str) -> None:
    file = csv([["name", text]])

    assert b"\"'" in file.getvalue()
    assert cells(file) == [["name", sheets.as_text(text)]]


@given(st.lists(st.lists(st.text(), max_size=4), max_size=4))
def test_what_is_exported_is_imported_again(rows: list[list[str]]) -> None:
    shown = [[sheets.as_text(cell) for cell in row] for row in rows]

    (sheet,) = sheets.read(csv([["first", "row"], *map(list[Value], rows)]))
    back = {row.number: row.cells for row in sheet.rows}

    for number, row in enumerate(shown, start=2):
        read = [cell or "" for cell in back.get(number, [])]
        assert read + [""] * (len(row) - len(read)) == row


def test_numbers_dates_and_flags_stay_what_they_are() -> None:
    row: list[Value] = [-77.0369, 5, True, date(2026, 11, 23), MORNING, None]

    assert cells(excel([row])) == [[-77.0369, 5, True, "2026-11-23", "2026-11-23 09:30:00"]]
    assert cells(csv([row])) == [["-77.0369", "5", "True", "2026-11-23", "2026-11-23 09:30:00"]]


def test_one_invisible_character_does_not_kill_a_file() -> None:
    assert cells(excel([["a\x0bb\x00c", "ok"]])) == [["abc", "ok"]]


def test_a_text_longer_than_excel_keeps_is_cut() -> None:
    ((cell,),) = cells(excel([["x" * 40_000]]))

    assert cell == "x" * sheets.MAX_CELL


def test_hidden_sheets_stay_hidden_and_nobody_is_named() -> None:
    file = io.BytesIO()
    sheets.write_excel(file, {"一": [["x"]], "_meta": [["y"]]}, hidden=["_meta"])

    workbook = openpyxl.load_workbook(file)
    assert [sheet.sheet_state for sheet in workbook] == ["visible", "hidden"]
    assert not workbook.properties.creator
    assert not workbook.properties.lastModifiedBy


def test_csv_opens_in_excel_as_utf_8() -> None:
    assert csv([["名称"]]).getvalue().startswith(b"\xef\xbb\xbf")


def test_without_the_guard_a_formula_appears(settings) -> None:
    settings.SAFEGUARDS_OFF = {"formula_guard"}

    (cell,) = next(openpyxl.load_workbook(excel([["=1+1"]])).worksheets[0].iter_rows())
    assert cell.data_type == "f"
    assert csv([["=1+1"]]).getvalue().endswith(b'"=1+1"\r\n')
