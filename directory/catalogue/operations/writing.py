"""Turns changes by path into rows of a batch: fields, translations, whole lists by uid."""

from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from core.jobs import now, today
from core.text import clean
from directory.catalogue import guards
from directory.catalogue.models import (
    Attribute,
    ServedArea,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    TaxonomyTerm,
)
from directory.catalogue.models.audience import audiences, is_moderator, own_organizations
from directory.catalogue.models.paths import Path
from directory.catalogue.models.record import fingerprint
from directory.catalogue.models.shapes import Shape, parent_key, rows_of, shape_of, table_of
from directory.catalogue.operations.batch import Batch
from directory.catalogue.states import Audience
from directory.geography.models import Area

# Keys of an entry that are no columns.
RESERVED = frozenset({"uid", "translations"})


def put(batch: Batch, root: Any, path: Path, value: Any, *, by: User) -> bool:
    """Write one fact of a root into the batch; return whether it differs from what stood there."""
    shape = shape_of(root)
    if path.language:
        return _put_text(batch, root, path, value)
    if path.kind:
        return _put_terms(batch, root, path, value)
    if path.name in shape.lists:
        return _put_list(batch, root, path.name, shape.lists[path.name], value, path=path, by=by)
    return bool(
        batch.change(root, **{path.name: guards.cleaned(type(root), path.name, value, path)})
    )


def fill(batch: Batch, root: Any, values: dict[str, Any], *, by: User, table: str = "") -> None:
    """Give a new root its fields and lists, then take it into the batch."""
    shape = shape_of(root)
    for name, value in values.items():
        if name == "translations":
            root.translations = _translations(shape, value, name)
        elif name in shape.fields:
            setattr(root, name, guards.cleaned(type(root), name, value, f"{shape.table}.{name}"))
        elif name not in shape.lists:
            raise guards.wrong(name, _("There is no such field."), "unknown_field")
    guards.check(root, table or shape.table)
    batch.add(root)
    for name, inner in shape.lists.items():
        if name in values:
            _put_list(batch, root, name, inner, values[name], path=f"{shape.table}.{name}", by=by)


def _put_text(batch: Batch, root: Any, path: Path, value: Any) -> bool:
    if path.language == root.language:
        path = Path(path.table, path.name, path.uid)
        return bool(
            batch.change(root, **{path.name: guards.cleaned(type(root), path.name, value, path)})
        )
    text = clean(str(value or "")).strip()
    languages = {tag: dict(texts) for tag, texts in root.translations.items()}
    texts = languages.setdefault(path.language, {})
    if text:
        texts[path.name] = text
    else:
        texts.pop(path.name, None)
    differs = batch.change(root, translations={k: v for k, v in languages.items() if v})
    if differs:
        batch.change(root, translation_meta=_made(root, path, text))
    return bool(differs)


def _made(root: Any, path: Path, text: str) -> dict[str, Any]:
    """Note from which base text a person made the translation, so that it is seen to age."""
    notes = {tag: dict(fields) for tag, fields in root.translation_meta.items()}
    fields = notes.setdefault(path.language, {})
    if text:
        fields[path.name] = {
            "origin": "human",
            "source_hash": fingerprint(getattr(root, path.name)),
            "reviewed_on": today().isoformat(),
        }
    else:
        fields.pop(path.name, None)
    return notes


def _put_list(
    batch: Batch,
    parent: Any,
    name: str,
    shape: Shape,
    value: Any,
    *,
    path: Path | str,
    by: User,
) -> bool:
    """Make a list what was sent: entries with a known uid are changed, others made or removed.

    Rows that the writer may not see are not in what was sent, so they stay.
    """
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise guards.wrong(path, _("Send a whole list of entries."))
    known = (
        {row.uid: row for row in rows_of(parent, name) if _sees(by, row, parent)}
        if parent.pk
        else {}
    )
    differs = False
    for number, entry in enumerate(value):
        here = f"{path}.{number}"
        row = known.pop(_uid(entry, here), None)
        if row is None:
            row = shape.model(**_keys(shape.model, parent))
            differs |= _put_entry(batch, row, shape, entry, here, by=by, new=True)
        else:
            differs |= _put_entry(batch, row, shape, entry, here, by=by, new=False)
    for row in known.values():
        _drop(batch, row, shape)
    return differs or bool(known)


def _put_entry(
    batch: Batch, row: Any, shape: Shape, entry: dict[str, Any], path: str, *, by: User, new: bool
) -> bool:
    unknown = set(entry) - RESERVED - set(shape.fields) - set(shape.lists)
    if unknown:
        raise guards.wrong(f"{path}.{min(unknown)}", _("There is no such field."), "unknown_field")
    values = {
        name: _value(row, name, entry[name], f"{path}.{name}")
        for name in shape.fields
        if name in entry and name != "areas"
    }
    if "translations" in entry:
        values["translations"] = _translations(shape, entry["translations"], path)
    if isinstance(row, ServiceCapacity) and "updated" not in values:
        values["updated"] = now()
    unit = values.get("unit")
    if unit is not None and unit.pk is None:
        batch.add(unit)
    differs = bool(batch.change(row, **values)) or new
    guards.check(row, path)
    if new:
        batch.add(row)
    if isinstance(row, ServiceArea) and "areas" in entry:
        differs |= _put_areas(batch, row, entry["areas"], f"{path}.areas")
    for name, inner in shape.lists.items():
        if name in entry:
            differs |= _put_list(batch, row, name, inner, entry[name], path=f"{path}.{name}", by=by)
    return differs


def _value(row: Any, name: str, value: Any, path: str) -> Any:
    if name == "term":
        return guards.referred(TaxonomyTerm, value, path, kind=row.link_type)
    if isinstance(row, Attribute) and name == "link_type":
        # Set at once, because the vocabulary of a term given by code depends on it.
        row.link_type = guards.cleaned(Attribute, name, value, path)
        return row.link_type
    return guards.cleaned(type(row), name, value, path)


def _put_areas(batch: Batch, row: ServiceArea, codes: Any, path: str) -> bool:
    wanted = {area.pk: area for area in (guards.referred(Area, code, path) for code in codes or [])}
    present = {served.area_id: served for served in row.served.all()} if row.pk else {}
    for pk, area in wanted.items():
        if pk not in present:
            batch.add(ServedArea(service_area=row, area=area))
    for pk, served in present.items():
        if pk not in wanted:
            batch.remove(served)
    return set(wanted) != set(present)


def _put_terms(batch: Batch, root: Any, path: Path, value: Any) -> bool:
    """Make the terms of one kind what was sent: codes, or {term, polarity}."""
    if not isinstance(value, list):
        raise guards.wrong(path, _("Send a whole list of entries."))
    wanted: dict[int, tuple[TaxonomyTerm, str]] = {}
    for entry in value:
        given = entry if isinstance(entry, dict) else {"term": entry}
        term = guards.referred(TaxonomyTerm, given.get("term"), path, kind=path.kind)
        if term is None:
            raise guards.wrong(path, _("Choose a term."), "missing_required")
        polarity = guards.cleaned(Attribute, "polarity", given.get("polarity", "requires"), path)
        wanted[term.pk] = (term, polarity)
    present = {
        row.term_id: row
        for row in (root.attributes.all() if root.pk else [])
        if row.link_type == path.kind and row.term_id and not row.value
    }
    differs = False
    for pk, (term, polarity) in wanted.items():
        if pk in present:
            differs |= bool(batch.change(present[pk], polarity=polarity))
        else:
            keys = _keys(Attribute, root)
            batch.add(Attribute(term=term, link_type=path.kind, polarity=polarity, **keys))
            differs = True
    for pk, row in present.items():
        if pk not in wanted:
            batch.remove(row)
            differs = True
    return differs


def _drop(batch: Batch, row: Any, shape: Shape) -> None:
    """Take a row out with what hangs on it, so that every deletion is in the history."""
    for name, inner in shape.lists.items():
        for child in getattr(row, name).all():
            _drop(batch, child, inner)
    if isinstance(row, ServiceArea):
        for served in row.served.all():
            batch.remove(served)
    batch.remove(row)


def _keys(model: type[Model], parent: Any) -> dict[str, Any]:
    """Return the keys of a new child: its parent, and for attributes the link by public name."""
    keys: dict[str, Any] = {parent_key(model, parent): parent}
    if model is ServiceCapacity and isinstance(parent, ServiceAtLocation):
        keys["service"] = parent.service
    if model is Attribute:
        keys |= {"link_entity": table_of(type(parent)), "link_uid": parent.uid}
    return keys


def _sees(by: User, row: Any, parent: Any) -> bool:
    """Say whether a writer sees a row, and so whether leaving it out means removing it."""
    audience = getattr(row, "audience", Audience.PUBLIC)
    if audience in audiences(by) or is_moderator(by):
        return True
    return _owner(parent) in own_organizations(by)


def _owner(parent: Any) -> int | None:
    if isinstance(parent, ServiceAtLocation):
        return parent.service.organization_id
    if isinstance(parent, Service):
        return parent.organization_id
    return getattr(parent, "organization_id", None) or (
        parent.pk if table_of(type(parent)) == "organization" else None
    )


def _uid(entry: dict[str, Any], path: str) -> UUID | None:
    if not entry.get("uid"):
        return None
    try:
        return UUID(str(entry["uid"]))
    except ValueError as error:
        raise guards.wrong(f"{path}.uid", _("This is not an identifier."), "bad_uuid") from error


def _translations(shape: Shape, value: Any, path: str) -> dict[str, dict[str, str]]:
    if not isinstance(value, dict):
        raise guards.wrong(path, _("Send translations by language and field."))
    kept: dict[str, dict[str, str]] = {}
    for language, texts in value.items():
        if not isinstance(texts, dict) or not set(texts) <= set(shape.texts):
            raise guards.wrong(path, _("Send translations by language and field."))
        said = {name: clean(str(text)).strip() for name, text in texts.items() if text}
        if said:
            kept[clean(str(language))[:35]] = said
    return kept
