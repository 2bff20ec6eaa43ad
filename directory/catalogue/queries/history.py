"""What happened to a listing: field by field, from the history of its row and its children."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from directory.catalogue.models import Service
from directory.catalogue.models.shapes import PARENT_KEYS, SERVICE, table_of

MOST: Final = 200
KINDS: Final = {"+": "added", "~": "changed", "-": "removed"}
UNTOLD: Final = frozenset({"id", "uid", "created_at", "translation_meta"})


@dataclass(frozen=True)
class Step:
    """One field that moved, or one row that came or went; `origin` says through which door."""

    at: datetime
    table: str
    uid: str
    kind: str
    field: str
    old: str
    new: str
    origin: str
    author: str


def history(service: Service, *, with_names: bool) -> list[Step]:
    """Return the latest steps first; names of people are for those who moderate."""
    steps: list[Step] = []
    for model in (Service, *{shape.model for shape in SERVICE.lists.values()}):
        steps += _steps(model, service, with_names=with_names)
    return sorted(steps, key=lambda step: step.at, reverse=True)[:MOST]


def _steps(model: Any, service: Service, *, with_names: bool) -> list[Step]:
    mine = Q(id=service.pk) if model is Service else Q((PARENT_KEYS[Service], service.pk))
    past = model.history.filter(mine).select_related("history_user")
    rows = list(past.order_by("id", "history_date", "history_id"))
    found: list[Step] = []
    before: Any = None
    for row in rows:
        same = before is not None and before.id == row.id
        found += _moved(model, before if same else None, row, with_names=with_names)
        before = row
    return found


def _moved(model: Any, before: Any, row: Any, *, with_names: bool) -> list[Step]:
    author = row.history_user.name if with_names and row.history_user else ""
    reason = row.history_change_reason or ""
    common = {
        "at": row.history_date,
        "table": table_of(model),
        "uid": str(row.uid),
        "kind": KINDS[row.history_type],
        "origin": reason.partition(":")[0],
        "author": author,
    }
    if row.history_type != "~" or before is None:
        return [Step(**common, field="", old="", new="")]
    names = [f.attname for f in row.tracked_fields if f.attname not in UNTOLD]
    return [
        Step(
            **common, field=name.removesuffix("_id"), old=_said(before, name), new=_said(row, name)
        )
        for name in names
        if getattr(before, name) != getattr(row, name)
    ]


def _said(row: Any, name: str) -> str:
    value = getattr(row, name)
    return "" if value is None else str(value)
