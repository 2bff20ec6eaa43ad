"""The effect of staged rows: found or made, merged field by field, written with their outcome."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from core.errors import DomainError
from core.jobs import now
from directory.catalogue.errors import DuplicateRecord
from directory.catalogue.models.record import Root
from directory.catalogue.operations import listing
from directory.catalogue.states import Trust
from directory.exchange.fields import BY_NAME, TABLES
from directory.exchange.models import ForeignMetadata, ImportBatch, ImportRow, SourceRecord
from directory.exchange.operations import batches, births, merging, news
from directory.exchange.operations.identity import Directory, Matcher, model_of
from directory.exchange.states import KINDS, Outcome

CHUNK: Final = 200
# A row and the uid of the record it led to.
Written: TypeAlias = tuple[ImportRow, UUID | None]


@dataclass
class Plan:
    """What a chunk will write."""

    added: list[Any] = field(default_factory=list)
    changed: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)
    # Roots whose state the source has moved, and where both sides changed something.
    moves: list[tuple[Any, str]] = field(default_factory=list)
    conflicts: list[tuple[Any, dict[str, Any], str]] = field(default_factory=list)


def run(batch: ImportBatch, *, by: User) -> Iterator[int]:
    """Write all rows that wait, table by table, a chunk per transaction; yield how many went."""
    by.must(Permission.LISTING_IMPORT)
    directory, matcher = Directory(batch), Matcher(batch)
    for table in TABLES:
        for ids in _ordered(batch, table.name):
            rows = list(ImportRow.objects.filter(pk__in=ids).order_by("pk"))
            if table.name == "metadata":
                _keep_metadata(batch, rows, by=by)
            else:
                _write(batch, rows, directory, matcher, by=by)
            yield len(rows)


def _ordered(batch: ImportBatch, table: str) -> Iterator[list[int]]:
    """Yield chunks of rows; where rows lie inside each other, parents come in earlier chunks."""
    rows = batch.rows.waiting().filter(table=table)
    own = next((link for link in BY_NAME[table].links if link.table == table), None)
    if own is None:
        ids = list(rows.values_list("pk", flat=True))
        yield from _sliced(ids)
        return
    waiting = {
        external_id: (pk, set(links.get(own.ours, [])))
        for pk, external_id, links in rows.values_list("pk", "external_id", "links").iterator()
    }
    while waiting:
        ready = {each for each, (_pk, parents) in waiting.items() if not parents & set(waiting)}
        yield from _sliced([waiting.pop(each)[0] for each in sorted(ready)])


def _sliced(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _write(
    batch: ImportBatch, rows: list[ImportRow], directory: Directory, matcher: Matcher, *, by: User
) -> None:
    """Write a chunk; if the catalogue refuses it, write row by row and name the one refused."""
    try:
        with transaction.atomic():
            _write_together(batch, rows, directory, matcher, by=by)
    except DomainError as error:
        for row in rows:
            row.refresh_from_db()
            if len(rows) > 1:
                _write(batch, [row], directory, matcher, by=by)
            else:
                _refuse(row, error)


def _refuse(row: ImportRow, error: DomainError) -> None:
    row.outcome = Outcome.REFUSED
    _note(row, "duplicate_id" if isinstance(error, DuplicateRecord) else "bad_range")
    row.save(update_fields=["outcome", "problems"])


def _note(row: ImportRow, code: str) -> None:
    row.problems.append({"code": code, "column": "", "value": "", "severity": KINDS[code].severity})


def _is_about_protected(row: ImportRow, ours: Any | None, links: dict[str, Any]) -> bool:
    """Say whether a row tells where a protected location is; a link to it alone is dropped."""
    if row.table == "location":
        return ours is not None and bool(ours.protected)
    at = links.get("location")
    if at is None or not at.protected or row.table == "service_at_location":
        return False
    links["location"] = None
    return row.table in {"address", "accessibility"} or not any(links.values())


def _is_homeless(row: ImportRow, links: dict[str, Any]) -> bool:
    """Say whether a parent that the check counted on has been refused meanwhile."""
    table = BY_NAME[row.table]
    if any(link.required and links.get(_key(link.ours)) is None for link in table.links):
        return True
    return table.needs_parent and not any(links.values())


def _key(name: str) -> str:
    return "link_uid" if name == "link" else name


def _write_together(
    batch: ImportBatch, rows: list[ImportRow], directory: Directory, matcher: Matcher, *, by: User
) -> None:
    batches.beat(batch, by=by)
    directory.load(rows)
    records = {
        record.external_id: record
        for record in SourceRecord.objects.filter(
            source=batch.source,
            table=rows[0].table,
            external_id__in=[row.external_id for row in rows],
        )
    }
    found = model_of(rows[0].table).objects.filter(
        uid__in=[record.uid for record in records.values() if record.uid]
    )
    known = {each.uid: each for each in found}
    matcher.prepare(
        rows[0].table, [row for row in rows if row.external_id not in records], directory
    )
    plan, written = Plan(), []
    for row in rows:
        record = records.get(row.external_id)
        ours = known.get(record.uid) if record and record.uid else None
        written.append((row, _plan(plan, batch, row, record, ours, directory, matcher)))
    if plan.added or plan.changed or plan.removed:
        listing.store(
            by=by,
            key=f"{batch.source.code}:{batch.uid}",
            added=plan.added,
            changed=plan.changed,
            removed=plan.removed,
            country=str(batch.mapping.get("country", "")),
        )
    news.tell(plan.moves, plan.conflicts, batch=batch, by=by)
    _remember(batch, written, records)


def _plan(
    plan: Plan,
    batch: ImportBatch,
    row: ImportRow,
    record: SourceRecord | None,
    ours: Any | None,
    directory: Directory,
    matcher: Matcher,
) -> UUID | None:
    """Decide what one row does; return the uid of its record."""
    links = _links(row, directory)
    if _is_about_protected(row, ours, links):
        # What a source says about a refuge is not even kept.
        row.outcome, row.mapped, row.raw = Outcome.UNCHANGED, {}, b""
        return record.uid if record else None
    if record and ours is not None and record.mapped == row.mapped and record.links == row.links:
        row.outcome = Outcome.UNCHANGED
        return cast(UUID, ours.uid)
    if _is_homeless(row, links):
        row.outcome = Outcome.QUARANTINED
        _note(row, "parent_quarantined")
        return None
    base: SourceRecord | None = record if record and ours is not None else None
    ours = ours or matcher.find(row, links)
    if ours is None:
        made = births.make(row, links, batch=batch)
        if made is None:
            row.outcome = Outcome.REFUSED
            _note(row, "restricted")
            return None
        plan.added += [made, *births.twins(row, made, directory)]
        if row.table == "service_area":
            plan.added += births.areas(row, made)
        directory.add(row.table, row.external_id, made)
        row.outcome = Outcome.CREATED
        return cast(UUID, made.uid)
    directory.add(row.table, row.external_id, ours)
    _merge(plan, batch, row, base, ours, links, directory)
    return cast(UUID, ours.uid)


def _merge(
    plan: Plan,
    batch: ImportBatch,
    row: ImportRow,
    base: SourceRecord | None,
    ours: Any,
    links: dict[str, Any],
    directory: Directory,
) -> None:
    """Take what the source changed and we did not; keep ours where both did."""
    theirs = births.values(row)
    here = {name: getattr(ours, name) for name in theirs}
    merged = merging.merge(base.mapped if base else None, theirs, here)
    take, conflicts = dict(merged.take), dict(merged.conflicts)
    if batch.source.trust == Trust.AUTHORITATIVE:
        take, conflicts = take | conflicts, {}
    elif batch.source.trust == Trust.LOW:
        take, conflicts = {}, take | conflicts
    changes = births.to_python(type(ours), take)
    if base is not None and base.links != row.links and batch.source.trust != Trust.LOW:
        changes |= {name: each for name, each in links.items() if _differs(ours, name, each)}
        added, removed = births.twins_changed(row, ours, base, directory)
        plan.added += added
        plan.removed += removed
    if base is not None and row.table == "service_area":
        joined, parted = births.areas_changed(row, ours, base)
        plan.added += joined
        plan.removed += parted
        changes |= {"updated_at": now()} if joined or parted else {}
    if changes:
        plan.changed.append((ours, changes))
    status = row.mapped.get("status", "")
    is_moved = bool(status) and (base is None or base.mapped.get("status") != status)
    if is_moved:
        plan.moves.append((ours, status))
    if conflicts:
        row.outcome = Outcome.CONFLICT
        if isinstance(ours, Root):
            plan.conflicts.append((ours, conflicts, row.external_id))
    else:
        row.outcome = Outcome.UPDATED if changes or is_moved else Outcome.UNCHANGED


def _differs(ours: Any, name: str, linked: Any) -> bool:
    if isinstance(linked, UUID):
        return bool(getattr(ours, name) != linked)
    return bool(getattr(ours, f"{name}_id") != (linked.pk if linked else None))


def _links(row: ImportRow, directory: Directory) -> dict[str, Any]:
    """Return our foreign keys: the first of several; further ones get rows of their own."""
    found: dict[str, Any] = {}
    for link in BY_NAME[row.table].links:
        ids = row.links.get(link.ours, [])
        if link.ours == "link":
            entity = str(row.mapped.get("link_entity", ""))
            table = entity if entity in BY_NAME else ""
            found["link_uid"] = directory.uid(table, ids[0]) if ids else None
        else:
            found[link.ours] = directory.row(link.table, ids[0]) if ids else None
    return found


def _remember(batch: ImportBatch, rows: list[Written], records: dict[str, SourceRecord]) -> None:
    """Keep what the source said this time, and the outcome of each row, in the same transaction."""
    new, seen = [], []
    for row, uid in rows:
        record = records.get(row.external_id)
        is_waiting = row.outcome == Outcome.QUARANTINED
        if not row.raw:
            row.problems = []
            row.save(update_fields=["mapped", "raw", "problems"])
            if record is None:
                continue
        if row.outcome == Outcome.REFUSED or (is_waiting and record and record.uid):
            continue
        if record and row.outcome == Outcome.UNCHANGED and record.mapped == row.mapped:
            seen.append(record.pk)
            continue
        is_new = record is None
        record = record or SourceRecord(
            source=batch.source, table=row.table, external_id=row.external_id
        )
        record.uid, record.last_seen = uid, batch
        record.quarantine_reason = row.problems[-1]["code"] if is_waiting else ""
        record.mapped, record.links = row.mapped, row.links
        record.raw, record.raw_hash = row.raw, batches.fingerprint(row.raw)
        if is_new:
            new.append(record)
        else:
            # One by one: Django's bulk update costs more than the statements it saves.
            record.save()
    SourceRecord.objects.bulk_create(new)
    SourceRecord.objects.filter(pk__in=seen).update(last_seen=batch)
    _close([row for row, _uid in rows])


def _close(rows: list[ImportRow]) -> None:
    by_outcome: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_outcome[row.outcome].append(row.pk)
    for outcome, ids in by_outcome.items():
        ImportRow.objects.filter(pk__in=ids).update(outcome=outcome)
    for row in rows:
        if row.outcome in {Outcome.REFUSED, Outcome.QUARANTINED}:
            row.save(update_fields=["problems"])


def keep_quarantined(batch: ImportBatch, *, by: User) -> None:
    """Keep rows that belong to nothing, so that a later run or a person can place them."""
    rows = batch.rows.filter(outcome=Outcome.QUARANTINED)
    for ids in _sliced(list(rows.values_list("pk", flat=True))):
        chunk = list(ImportRow.objects.filter(pk__in=ids))
        known = SourceRecord.objects.filter(
            source=batch.source, external_id__in=[row.external_id for row in chunk]
        )
        records = {(each.table, each.external_id): each for each in known}
        with transaction.atomic():
            batches.beat(batch, by=by)
            for table in {row.table for row in chunk}:
                _remember(
                    batch,
                    [(row, None) for row in chunk if row.table == table],
                    {ext: each for (name, ext), each in records.items() if name == table},
                )


def _keep_metadata(batch: ImportBatch, rows: list[ImportRow], *, by: User) -> None:
    """Keep what the source recorded about its own changes."""
    with transaction.atomic():
        batches.beat(batch, by=by)
        names = [each.name for each in BY_NAME["metadata"].fields]
        known = set(
            ForeignMetadata.objects.filter(
                source=batch.source, external_id__in=[row.external_id for row in rows]
            ).values_list("external_id", flat=True)
        )
        for row in rows:
            is_known = row.external_id in known
            row.outcome = Outcome.UNCHANGED if is_known else Outcome.CREATED
        ForeignMetadata.objects.bulk_create(
            [
                ForeignMetadata(
                    source=batch.source,
                    external_id=row.external_id,
                    **{name: row.mapped[name] for name in names},
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )
        _close(rows)
