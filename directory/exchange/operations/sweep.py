"""After the last row: what the source no longer names."""

from collections.abc import Iterator
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from core.errors import DomainError
from directory.catalogue.models import Service
from directory.catalogue.operations import listing
from directory.catalogue.states import Reason, State
from directory.exchange.errors import Refused
from directory.exchange.fields import BY_NAME, TABLES
from directory.exchange.models import ImportBatch, SourceRecord
from directory.exchange.operations import batches, births, merging, news
from directory.exchange.operations.identity import model_of
from directory.exchange.states import Missing

CHUNK: Final = 200
# A source that loses more than this at once has more likely sent half a file.
MOST_MISSING: Final = 0.2


def guard(batch: ImportBatch, *, by: User, is_forced: bool) -> None:
    """Refuse to suspend when more than a fifth of the source's services are missing."""
    missing = len(missing_services(batch))
    known = SourceRecord.objects.placed().filter(source=batch.source, table="service").count()
    if batch.missing != Missing.SUSPEND or is_forced or not known:
        return
    if missing / known > MOST_MISSING:
        with audited(by=by, action="import.guard", on=batch, missing=missing, known=known):
            pass
        raise Refused(
            _("%(missing)s of %(known)s services are missing in the file; nothing was changed.")
            % {"missing": missing, "known": known}
        )


def run(batch: ImportBatch, *, by: User) -> None:
    """Take out children that are gone, and doubt or suspend services that are gone."""
    for ids in _sliced(_missing_children(batch)):
        _remove(batch, ids, by=by)
    for record in missing_services(batch):
        active = Service.objects.filter(state=State.ACTIVE)
        service = active.filter(uid=record.uid).first() if record.uid else None
        if service is None:
            continue
        batches.beat(batch, by=by)
        if batch.missing == Missing.REPORT:
            news.doubt(
                service, batch=batch, key=f"{record.external_id}:{record.last_seen_id}", by=by
            )
            continue
        try:
            listing.suspend(service, by=by, reason=Reason.UPSTREAM_GONE, source=batch.source)
        except DomainError:
            continue


def missing_services(batch: ImportBatch) -> list[SourceRecord]:
    """Return services that the source named before and a file with services no longer names."""
    if not batch.rows.filter(table="service").exists():
        return []
    named = batch.rows.filter(table="service").values("external_id")
    placed = SourceRecord.objects.placed().filter(source=batch.source, table="service")
    return list(placed.exclude(external_id__in=named))


def _missing_children(batch: ImportBatch) -> list[int]:
    """Return records of children that are gone although their parent is in the file."""
    children = [table.name for table in TABLES if table.model and not table.is_root]
    in_file = set(batch.rows.values_list("table", flat=True).distinct())
    gone: list[int] = []
    for name in children:
        if name not in in_file:
            continue
        named = batch.rows.filter(table=name).values("external_id")
        records = SourceRecord.objects.placed().filter(source=batch.source, table=name)
        absent = records.exclude(external_id__in=named)
        gone += [record.pk for record in absent if _has_parent_in(batch, record)]
    return gone


def _has_parent_in(batch: ImportBatch, record: SourceRecord) -> bool:
    for link in BY_NAME[record.table].links:
        ids = record.links.get(link.ours, [])
        if ids and link.table:
            rows = batch.rows.filter(table=link.table, external_id__in=ids)
            if rows.exists():
                return True
    return False


def _remove(batch: ImportBatch, ids: list[int], *, by: User) -> None:
    """Remove children that only this source brought and nobody changed since."""
    with transaction.atomic():
        batches.beat(batch, by=by)
        removed, dropped = [], []
        for record in SourceRecord.objects.filter(pk__in=ids):
            uids = [record.uid, *births.twins_of(record)]
            rows = list(model_of(record.table).objects.filter(uid__in=uids))
            if all(_is_untouched(row, record) for row in rows):
                removed += rows
                dropped.append(record.pk)
        if removed:
            listing.store(by=by, key=f"{batch.source.code}:{batch.uid}", removed=removed)
        SourceRecord.objects.filter(pk__in=dropped).delete()


def _is_untouched(row: object, record: SourceRecord) -> bool:
    return all(
        merging.same(getattr(row, name), value)
        for name, value in record.mapped.items()
        if name not in births.NO_COLUMNS
    )


def _sliced(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
