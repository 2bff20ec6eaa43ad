"""Imports for tests: files from dictionaries, run through the whole pipeline."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from accounts.queries import system
from directory.catalogue.models import Source
from directory.exchange.imports import pipeline
from directory.exchange.models import ImportBatch
from directory.exchange.operations import batches

Table = list[dict[str, Any]]


def uid(number: int) -> str:
    """Return a well-formed id that is easy to recognize."""
    return f"00000000-0000-4000-8000-{number:012d}"


def table(rows: Table) -> str:
    """Write rows as CSV; the columns are those of all rows together."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def folder(path: Path, files: dict[str, Table | str]) -> Path:
    """Write files into a folder of their own."""
    path.mkdir(parents=True, exist_ok=True)
    for old in path.iterdir():
        old.unlink()
    for name, content in files.items():
        text = content if isinstance(content, str) else table(content)
        (path / name).write_text(text, "utf-8")
    return path


def checked(path: Path, *, source: str = "test", form: str = "auto", **mapping: Any) -> ImportBatch:
    """Check a file; keywords are the source's mapping."""
    by = system()
    found = batches.source(source, by=by)
    if mapping:
        batches.remap(found, by=by, mapping=mapping)
    batch = batches.receive(found, by=by, file_name=path.name)
    pipeline.check(batch, path, by=by, form=form)
    return batch


def imported(
    path: Path, *, source: str = "test", form: str = "auto", **mapping: Any
) -> ImportBatch:
    """Check a file and write it."""
    batch = checked(path, source=source, form=form, **mapping)
    pipeline.apply(batch, by=system())
    return batch


def trust(source: str, level: str) -> Source:
    """Say how far a source is trusted."""
    found = batches.source(source, by=system())
    Source.objects.filter(pk=found.pk).update(trust=level)
    return found


def small() -> dict[str, Table | str]:
    """Return a folder of HSDS 3 CSV with one record of each important kind."""
    return {
        "organizations.csv": [
            {"id": uid(1), "name": "Food Bank", "description": "Food for all.",
             "website": "https://food.example.org"},
        ],
        "services.csv": [
            {"id": uid(2), "organization_id": uid(1), "name": "Food parcels",
             "status": "active", "description": "Parcels on Fridays."},
        ],
        "locations.csv": [
            {"id": uid(3), "location_type": "physical", "name": "Hall",
             "latitude": "30.2741", "longitude": "120.1551"},
        ],
        "service_at_location.csv": [
            {"id": uid(4), "service_id": uid(2), "location_id": uid(3)},
        ],
        "addresses.csv": [
            {"id": uid(5), "location_id": uid(3), "address_1": "1 Main Street", "city": "Hangzhou",
             "state_province": "Zhejiang", "postal_code": "310000", "country": "CN",
             "address_type": "physical"},
        ],
        "phones.csv": [
            {"id": uid(6), "service_id": uid(2), "number": "0571-88880000", "type": "voice"},
        ],
        "schedules.csv": [
            {"id": uid(7), "service_id": uid(2), "freq": "WEEKLY", "byday": "FR",
             "opens_at": "09:00", "closes_at": "12:00"},
        ],
    }  # fmt: skip


def as_json(things: list[dict[str, Any]]) -> str:
    """Write objects as a JSON list."""
    return json.dumps(things, ensure_ascii=False)
