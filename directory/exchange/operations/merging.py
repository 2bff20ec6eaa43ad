"""Three-way merging per field, pure: what the source said before, says now, and what we have."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID


class Merge(NamedTuple):
    """What to write, and where both sides changed."""

    take: dict[str, Any]
    conflicts: dict[str, Any]


def merge(
    base: Mapping[str, Any] | None, theirs: Mapping[str, Any], ours: Mapping[str, Any]
) -> Merge:
    """Return what the source changed since last time and we did not, and what both changed.

    Without a last time, what is empty here is filled and what differs is a conflict.
    """
    take: dict[str, Any] = {}
    conflicts: dict[str, Any] = {}
    for name, new in theirs.items():
        old = None if base is None else base.get(name)
        here = ours.get(name)
        if canonical(here) == canonical(new) or (base is not None and same(old, new)):
            continue
        if (base is not None and same(here, old)) or (base is None and is_empty(here)):
            take[name] = new
        elif base is not None or not is_empty(new):
            conflicts[name] = new
    return Merge(take, conflicts)


def same(one: Any, other: Any) -> bool:
    """Say whether two values mean the same; empty is empty."""
    return canonical(one) == canonical(other) or (is_empty(one) and is_empty(other))


def is_empty(value: Any) -> bool:
    """Say whether a value says nothing."""
    return value is None or value in {"", False}


def canonical(value: Any) -> Any:
    """Write a value the same whether it comes from a row of ours or from a file."""
    match value:
        case Decimal():
            written = f"{value.normalize():f}"
            return "0" if written == "-0" else written
        case datetime():
            return value.timestamp()
        case date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value
