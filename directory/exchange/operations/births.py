"""New records from rows, and the further rows of one that has several parents of a kind."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from django.conf import settings

from core.jobs import today
from directory.catalogue import queries
from directory.catalogue.models import ListingRestriction, ServedArea, ServiceArea, Source
from directory.catalogue.models.record import Root
from directory.catalogue.states import (
    Audience,
    KeptBy,
    OrganizationState,
    RestrictionKind,
    RestrictionState,
    State,
    Trust,
    from_hsds_status,
)
from directory.exchange.fields import BY_NAME
from directory.exchange.models import ImportBatch, ImportRow, SourceRecord
from directory.exchange.operations.identity import Directory, model_of, uid_of
from directory.geography.models import Area

# What a row says that is no column of its record.
NO_COLUMNS: Final = frozenset({"status", "areas"})
HAN: Final = ("\u3400", "\u9fff")


def values(row: ImportRow) -> dict[str, Any]:
    """Return what a row says about the columns of its record."""
    return {name: value for name, value in row.mapped.items() if name not in NO_COLUMNS}


def to_python(model: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the columns hold them: dates, times, numbers."""
    return {name: model._meta.get_field(name).to_python(value) for name, value in given.items()}


def make(row: ImportRow, links: Mapping[str, Any], *, batch: ImportBatch) -> Any | None:
    """Return a new record, or none where the register of refusals forbids it."""
    model = model_of(row.table)
    uid = uid_of(batch.source, row.table, row.external_id)
    if is_barred(row, uid):
        return None
    made = model(uid=uid, **to_python(model, values(row)), **links)
    made.language = row.mapped.get("language") or language_of(row, batch)
    if isinstance(made, Root):
        made.source, made.kept_by = batch.source, KeptBy.SOURCE
    if row.table == "organization":
        is_low = batch.source.trust == Trust.LOW
        made.state = OrganizationState.CANDIDATE if is_low else OrganizationState.LISTED
    elif row.table == "service":
        made.state, made.state_reason = first_state(row, batch.source)
        made.listed_on = listed_on(made.state)
    elif row.table == "contact":
        # Who publishes HSDS publishes its contacts; a source may say otherwise.
        made.audience = batch.mapping.get("defaults", {}).get("contact.audience", Audience.PUBLIC)
    return made


def first_state(row: ImportRow, source: Source) -> tuple[str, str]:
    """Return state and reason of a new service: what the row says, else what the source means."""
    if source.trust == Trust.LOW:
        return State.DRAFT, ""
    status = row.mapped.get("status")
    return from_hsds_status(status) if status else (source.default_state, "")


def listed_on(state: str) -> date | None:
    """Return since when a new service is shown."""
    return today() if state == State.ACTIVE else None


def language_of(row: ImportRow, batch: ImportBatch) -> str:
    """Return the language of a row's texts: the source's, else by its script."""
    given = batch.mapping.get("language")
    if given:
        return str(given)
    said = "".join(str(value) for value in row.mapped.values() if isinstance(value, str))
    if any(HAN[0] <= letter <= HAN[1] for letter in said):
        return "zh-Hans"
    has_letters = any(letter.isalpha() for letter in said)
    return "en" if has_letters or not settings.LANGUAGE_CODE.startswith("zh") else "zh-Hans"


def is_barred(row: ImportRow, uid: UUID) -> bool:
    """Say whether somebody asked not to be listed under this number, site or name."""
    if row.table not in {"organization", "service", "phone"}:
        return False
    active = ListingRestriction.objects.filter(
        kind=RestrictionKind.DO_NOT_LIST, state=RestrictionState.ACTIVE
    )
    if not active.exists():
        return False
    said = row.mapped
    site = said.get("website") or said.get("url") or ""
    subject = queries.Subject(
        uids=frozenset({str(uid)}),
        numbers=frozenset({said["number"]} if row.table == "phone" else ()),
        emails=frozenset({said.get("email", "")} - {""}),
        websites=frozenset({site} - {""}),
        names=frozenset({said["name"]} if row.table == "organization" else ()),
    )
    return not queries.may_list(subject)


# ---- Areas of a service area -----------------------------------------------------------------
def areas(row: ImportRow, made: ServiceArea) -> list[ServedArea]:
    """Return the rows that join a new service area with the divisions it names."""
    found = Area.objects.filter(country=settings.COUNTRY, code__in=row.mapped.get("areas", []))
    return [ServedArea(service_area=made, area=area) for area in found]


def areas_changed(
    row: ImportRow, ours: ServiceArea, base: SourceRecord
) -> tuple[list[ServedArea], list[ServedArea]]:
    """Return joins to make and to take out; where we have changed them, none."""
    before, after = set(base.mapped.get("areas", [])), set(row.mapped.get("areas", []))
    joins = {each.area.code: each for each in ours.served.select_related("area")}
    if set(joins) != before or before == after:
        return [], []
    added = [each for each in areas(row, ours) if each.area.code not in joins]
    return added, [join for code, join in joins.items() if code not in after]


# ---- Several parents of a kind --------------------------------------------------------------
def twins(row: ImportRow, made: Any, directory: Directory) -> list[Any]:
    """Return further rows of a record: our tables hold one parent of each kind.

    A phone that three services share is three rows of equal content.
    """
    model = type(made)
    return [
        _twin(row, made, model, name, external_id, directory)
        for name, external_id in _further(row.links, row.table)
        if directory.row(_table(row.table, name), external_id) is not None
    ]


def twins_changed(
    row: ImportRow, ours: Any, base: SourceRecord, directory: Directory
) -> tuple[list[Any], list[Any]]:
    """Return further rows to make and to take out after the parents of a record changed."""
    before, after = _further(base.links, row.table), _further(row.links, row.table)
    gone = [twin_uid(ours.uid, *each) for each in before if each not in after]
    added = [
        _twin(row, ours, type(ours), name, external_id, directory)
        for name, external_id in after
        if (name, external_id) not in before
        and directory.row(_table(row.table, name), external_id) is not None
    ]
    return added, list(type(ours).objects.filter(uid__in=gone))


def twin_uid(uid: UUID, name: str, external_id: str) -> UUID:
    """Return the uid of a further row: the same in every run."""
    return uuid5(uid, f"{name}:{external_id}")


def twins_of(record: SourceRecord) -> list[UUID]:
    """Return the uids of a record's further rows."""
    if record.uid is None:
        return []
    return [twin_uid(record.uid, *each) for each in _further(record.links, record.table)]


def _twin(
    row: ImportRow, made: Any, model: Any, name: str, external_id: str, directory: Directory
) -> Any:
    twin = model(
        uid=twin_uid(made.uid, name, external_id),
        language=made.language,
        **to_python(model, values(row)),
        **{name: directory.row(_table(row.table, name), external_id)},
    )
    if hasattr(made, "audience"):
        twin.audience = made.audience
    return twin


def _further(links: Mapping[str, list[str]], table: str) -> list[tuple[str, str]]:
    if not BY_NAME[table].needs_parent and table != "address":
        return []
    return [(name, each) for name, ids in links.items() for each in ids[1:]]


def _table(table: str, name: str) -> str:
    return next(link.table for link in BY_NAME[table].links if link.ours == name)
