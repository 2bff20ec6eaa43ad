"""The door for imports: many rows of many tables in one transaction, with one set of news."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Model

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from directory.catalogue.models import Address, Location, Phone
from directory.catalogue.models.record import Root
from directory.catalogue.operations.batch import Batch

# Columns that have operations of their own; an import moves them through these.
OWNED: Final = frozenset(
    {"state", "state_reason", "back_on", "closed_on", "merged_into", "protected"}
)
# What would give a protected location away.
REVEALING: Final = frozenset({"latitude", "longitude", "transportation", "url"})


def store(
    *,
    by: User,
    key: str,
    added: Iterable[Model] = (),
    changed: Iterable[tuple[Model, Mapping[str, Any]]] = (),
    removed: Iterable[Model] = (),
    country: str = "",
) -> int:
    """Write what an import has decided on; nothing here reaches a protected location's details.

    `added` are unsaved rows in any order, their states set; `changed` pairs loaded rows with new
    values; returns how many rows were written.
    """
    by.must(Permission.LISTING_IMPORT)
    with audited(by=by, action="listing.import", key=key) as record:
        batch = Batch(by=by, event="import", reason=f"import:{key}", country=country)
        written = 0
        for row in added:
            if not _reveals(row):
                batch.add(row)
                written += 1
        for row, values in changed:
            if OWNED & set(values):
                raise ValueError(f"{OWNED & set(values)} move by operations of their own")
            written += bool(batch.change(row, **_harmless(row, values)))
        for row in removed:
            if isinstance(row, Root):
                raise TypeError("roots are closed, not removed")
            batch.remove(row)
            written += 1
        batch.write()
        record.meta["rows"] = written
    return written


def _reveals(row: Model) -> bool:
    return isinstance(row, Address | Phone) and row.location is not None and row.location.protected


def _harmless(row: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(row, Location) and row.protected:
        return {name: value for name, value in values.items() if name not in REVEALING}
    if _reveals(row):
        return {}
    return dict(values)
