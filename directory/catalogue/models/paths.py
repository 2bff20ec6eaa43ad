"""Addresses of single facts of a listing, as changes and proposals name them.

`name`, `service.name` and `name@en` are fields; `phones` and `terms.fee` are lists;
`location:<uid>.addresses` lies in the tree of a service: one of its places or locations.
"""

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from directory.catalogue.errors import InvalidListing
from directory.catalogue.models.location import Location, ServiceAtLocation
from directory.catalogue.models.service import Service
from directory.catalogue.models.shapes import (
    ROOTS,
    Shape,
    plain,
    plain_value,
    rows_of,
    shape_of,
    table_of,
)
from directory.catalogue.states import LinkType

FORM: Final = re.compile(
    r"(?:(?P<table>[a-z_]+)(?::(?P<uid>[0-9a-fA-F-]{36}))?\.)?"
    r"(?P<name>[a-z_]+)(?:@(?P<language>[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*))?"
)
TERMS: Final = "terms"


@dataclass(frozen=True)
class Path:
    """Where a fact stands; `uid` names a row of the tree, none means the target itself."""

    table: str
    name: str
    uid: UUID | None = None
    kind: str = ""
    language: str = ""

    def __str__(self) -> str:
        row = f"{self.table}:{self.uid}" if self.uid else self.table
        kind = f".{self.kind}" if self.kind else ""
        language = f"@{self.language}" if self.language else ""
        return f"{row}.{self.name}{kind}{language}"


def parse(text: str, target: Model) -> Path:
    """Read a path; without a table it names a fact of the target itself."""
    own = table_of(type(target))
    if match := re.fullmatch(rf"(?:{own}\.)?{TERMS}\.([a-z_]+)", text):
        if match[1] not in LinkType.values:
            raise _unknown(text)
        return Path(own, TERMS, kind=match[1])
    match = FORM.fullmatch(text)
    if match is None or (match["table"] or own) not in ROOTS:
        raise _unknown(text)
    table, name, language = match["table"] or own, match["name"], match["language"] or ""
    shape = ROOTS[table]
    named = shape.texts if language else (*shape.fields, *shape.lists)
    if name not in named or (table != own and not match["uid"]):
        raise _unknown(text)
    uid = UUID(match["uid"]) if match["uid"] else None
    return Path(table, name, uid if uid != getattr(target, "uid", None) else None, "", language)


def locate(target: Any, path: Path) -> Any:
    """Return the record a path leads to: the target, or a place or location of a service."""
    if path.uid is None:
        return target
    found: Any = None
    if isinstance(target, Service):
        if path.table == "service_at_location":
            found = ServiceAtLocation.objects.filter(service=target, uid=path.uid).first()
        elif path.table == "location":
            found = Location.objects.filter(places__service=target, uid=path.uid).first()
    elif isinstance(target, ServiceAtLocation) and path.uid == target.location.uid:
        found = target.location
    if found is None:
        raise _unknown(str(path))
    return found


def read(target: Any, path: Path) -> Any:
    """Return what stands at a path now, as JSON."""
    root = locate(target, path)
    shape = shape_of(root)
    if path.language:
        return root.translations.get(path.language, {}).get(path.name, "")
    if path.kind:
        return [
            {"term": str(row.term.uid), "polarity": row.polarity}
            for row in root.attributes.select_related("term")
            if row.link_type == path.kind and row.term
        ]
    if path.name in shape.lists:
        inner: Shape = shape.lists[path.name]
        return [plain(row, inner) for row in rows_of(root, path.name)]
    return plain_value(root, path.name)


def _unknown(text: str) -> InvalidListing:
    sentence = _("There is nothing that could be changed under “%(path)s”.")
    return InvalidListing(
        sentence % {"path": text[:80]}, errors=[{"field": text[:200], "code": "unknown_field"}]
    )
