"""The official object schemas of HSDS 3.2, with formats checked."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "hsds"
SCHEMAS = DATA / "official-3.2" / "schema"
# Keys that stand in our objects beside the standard's own.
BEYOND = {"organization": {"services"}, "service_at_location": {"service"}}


def folder(name: str) -> Path:
    """Return a foreign data set, or skip the test loudly."""
    path = DATA / name
    if not path.is_dir():
        pytest.skip(f"the foreign data sets are not in {DATA}")
    return path


@cache
def validator(table: str, *, strict: bool = True) -> Draft202012Validator:
    """Return a validator; a strict one refuses keys that nobody defined."""
    schemas = {}
    for path in folder("official-3.2/schema").glob("*.json"):
        schema = json.loads(path.read_text("utf-8"))
        if strict:
            schema["additionalProperties"] = False
            schema["patternProperties"] = {"^x_": {}}
            schema["properties"] |= {key: {} for key in BEYOND.get(path.stem, ())}
        schemas[path.name] = Resource(contents=schema, specification=DRAFT202012)
    return Draft202012Validator(
        schemas[f"{table}.json"].contents,
        registry=Registry().with_resources(schemas.items()),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def faults(table: str, item: dict[str, Any]) -> list[str]:
    """Return what the official schema has against an object."""
    errors = validator(table).iter_errors(item)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors]
