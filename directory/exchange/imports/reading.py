"""From a path to rows: which form it is, and reading it where it can do no harm."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from directory.exchange.fields import FILES
from directory.exchange.imports import hsds_csv1, hsds_csv2, hsds_csv3, hsds_json, ohana
from directory.exchange.imports.files import Folder
from directory.exchange.imports.rows import Problem, Read, Row, Unreadable

READERS: Final = {
    "json": hsds_json.read,
    "csv-3": hsds_csv3.read,
    "csv-2": hsds_csv2.read,
    "csv-1": hsds_csv1.read,
    "ohana": ohana.read,
}
# Plain text of this size cannot grow beyond measure when it is parsed; archives can.
SMALL: Final = 256 * 1024


def form_of(folder: Folder) -> str:
    """Tell the form by the files that only it has."""
    names = {name.lower() for name in folder.names}
    if "services.csv" in names and "location_id" in folder.header("services.csv"):
        return "ohana"
    if "services_at_location.csv" in names and names & {
        *("schedules.csv", "service_attributes.csv", "physical_addresses.csv"),
    }:
        return "csv-2"
    if names & {"regular_schedules.csv", "services_taxonomy.csv"}:
        return "csv-1"
    if "organizations.csv" in names and "url" in folder.header("organizations.csv"):
        return "csv-1"
    if names & {"datapackage.json", "service_at_location.csv", *FILES}:
        return "csv-3"
    if any(name.endswith(hsds_json.SUFFIXES) for name in names):
        return "json"
    raise Unreadable("no_format", next(iter(folder.names), ""))


def read(path: Path, form: str, encoding: str) -> Iterator[Row | Problem | str]:
    """Yield the form, then what its reader finds; small plain files are read right here."""
    if _is_harmless(path):
        yield from read_here(path, form, encoding)
    else:
        yield from _read_apart(path, form, encoding)


def _is_harmless(path: Path) -> bool:
    files = [each for each in path.iterdir() if each.is_file()] if path.is_dir() else [path]
    sizes = [each.stat().st_size for each in files if each.exists()]
    return sum(sizes) <= SMALL and not any(zipfile.is_zipfile(each) for each in files)


def read_here(path: Path, form: str, encoding: str) -> Iterator[Row | Problem | str]:
    """Read in this process."""
    folder = Folder(path, encoding)
    found = form_of(folder) if form == "auto" else form
    yield found
    rows: Read = READERS[found](folder)
    yield from rows


def _read_apart(path: Path, form: str, encoding: str) -> Iterator[Row | Problem | str]:
    """Read in a process of its own, which may take 300 MB and no more."""
    command = [sys.executable, "-m", "directory.exchange.imports", str(path.resolve())]
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [*command, form, encoding],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        text=True,
        encoding="utf-8",
    ) as child:
        done = False
        try:
            for line in child.stdout or ():
                message: dict[str, Any] = json.loads(line)
                if "failure" in message:
                    raise Unreadable(*message["failure"])
                done |= "end" in message
                yield from _unpacked(message)
        finally:
            child.kill()
    if not done:
        # The system ended it, or memory did.
        raise Unreadable("too_much", path.name)


def _unpacked(message: dict[str, Any]) -> Iterator[Row | Problem | str]:
    if "row" in message:
        packed = message["row"]
        packed["problems"] = [Problem(*each) for each in packed["problems"]]
        yield Row(**packed)
    elif "problem" in message:
        yield Problem(*message["problem"])
    elif "form" in message:
        yield str(message["form"])
