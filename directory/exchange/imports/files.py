"""Files, folders and archives under caps: names without paths, text decoded, cells in rows."""

import csv
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

from directory.exchange.imports.rows import Unreadable

FILE_CAP: Final = 20 * 1024**2
PACKED_CAP: Final = 100 * 1024**2
UNPACKED_CAP: Final = 1024**3
ENTRY_CAP: Final = 200
ROW_CAP: Final = 50_000
COLUMN_CAP: Final = 200
EMPTY_CAP: Final = 1_000
DEPTH_CAP: Final = 64
CELL_CAP: Final = 1024**2
# What a damaged or encrypted member of an archive raises.
BROKEN: Final = (
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
csv.field_size_limit(CELL_CAP)


class Line(NamedTuple):
    """A row of a table: its number as a person counts it, and its cells by column."""

    number: int
    cells: dict[str, str]


class Folder:
    """What was handed over, as a flat list of files: one file, a folder, or an archive."""

    def __init__(self, path: Path, encoding: str = "auto") -> None:
        """Look at names and sizes; nothing is unpacked yet."""
        self.encoding = encoding
        self._archive: zipfile.ZipFile | None = None
        self._members: dict[str, Any] = {}
        if path.is_dir():
            self._members = {each.name: each for each in sorted(path.iterdir()) if each.is_file()}
        elif not path.is_file():
            raise Unreadable("no_file", path.name)
        elif zipfile.is_zipfile(path):
            self._open_archive(path)
        else:
            self._members = {path.name: path}

    def _open_archive(self, path: Path) -> None:
        if path.stat().st_size > PACKED_CAP:
            raise Unreadable("archive_too_large", path.name)
        try:
            self._archive = zipfile.ZipFile(path)
            entries = [entry for entry in self._archive.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise Unreadable("archive_damaged", path.name) from error
        if len(entries) > ENTRY_CAP:
            raise Unreadable("archive_too_full", path.name)
        if sum(entry.file_size for entry in entries) > UNPACKED_CAP:
            raise Unreadable("archive_too_large", path.name)
        # Only the last part of a name counts, so `../` leads nowhere.
        self._members = {PurePosixPath(entry.filename).name: entry for entry in entries}

    @property
    def names(self) -> list[str]:
        """Return the names of the files."""
        return list(self._members)

    def data(self, name: str) -> bytes:
        """Return a file's bytes; what is larger than the cap is not read to its end."""
        member = self._members[name]
        try:
            if self._archive is not None:
                with self._archive.open(member) as file:
                    data = file.read(FILE_CAP + 1)
            else:
                with member.open("rb") as file:
                    data = file.read(FILE_CAP + 1)
        except BROKEN as error:
            raise Unreadable("cannot_open", name) from error
        if len(data) > FILE_CAP:
            raise Unreadable("too_large", name)
        return data

    def text(self, name: str) -> str:
        """Return a file's text: by its mark, else as UTF-8, else as GB 18030; strictly."""
        data = self.data(name)
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            candidates = ["utf-16"]
        elif self.encoding == "auto":
            candidates = ["utf-8-sig", "gb18030"]
        else:
            candidates = ["utf-8-sig" if self.encoding == "utf-8" else self.encoding]
        for encoding in candidates:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise Unreadable("not_text", name)

    def header(self, name: str) -> list[str]:
        """Return the columns of a table."""
        return next(_records(self.text(name), name), (0, []))[1]

    def lines(self, name: str) -> Iterator[Line]:
        """Return the rows of a table; short rows are filled up, empty ones left out."""
        records = _records(self.text(name), name)
        header = [column.strip() for column in next(records, (0, []))[1]]
        if len(header) > COLUMN_CAP:
            raise Unreadable("too_wide", name)
        empty = count = 0
        for number, cells in records:
            if not any(cell.strip() for cell in cells):
                empty += 1
                if empty > EMPTY_CAP:
                    return
                continue
            count += 1
            if count > ROW_CAP:
                raise Unreadable("too_long", name)
            padded = cells + [""] * (len(header) - len(cells))
            yield Line(number, {c: padded[n] for n, c in enumerate(header) if c})

    def json(self, name: str) -> Any:
        """Return a file's JSON; nesting is counted before it is parsed."""
        return parse_json(self.text(name), name)


_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{\]}]', re.DOTALL)


def parse_json(text: str, name: str) -> Any:
    """Parse JSON that is not nested too deeply; brackets are counted before it is parsed."""
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth > DEPTH_CAP:
            raise Unreadable("too_deep", name)
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_json", name) from error


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a table with the number of their first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable("not_csv", name) from error


def _delimiter(text: str) -> str:
    """Return what parts the cells: whatever the first line holds most of."""
    first = text[:4096].split("\n", 1)[0]
    return max(",;\t", key=first.count)
