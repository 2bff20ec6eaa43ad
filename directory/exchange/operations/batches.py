"""The life of an import: one at a time, staged, resumable."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import Conflict
from core.jobs import now
from core.text import printable
from directory.catalogue.models import Source
from directory.catalogue.states import State, Trust
from directory.exchange.errors import AnotherImportRuns
from directory.exchange.models import ImportBatch, ImportRow
from directory.exchange.states import FAILURES, MOVES, RUNNING, BatchState, Missing, Outcome

# An import that has not said anything for so long is dead.
DEAD_AFTER: Final = timedelta(minutes=2)
S = BatchState


@dataclass
class Staged:
    """A row as it is kept until it is applied."""

    table: str
    external_id: str
    file: str
    line: int
    raw: dict[str, Any]
    mapped: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    stands_for: int = 1
    needs: list[str] = field(default_factory=list)
    is_refused: bool = False


def source(code: str, *, by: User, name: str = "") -> Source:
    """Return the source of a code; one that is new is trusted normally, the shell is ours."""
    by.must(Permission.LISTING_IMPORT)
    with audited(by=by, action="source.open", code=code):
        found, _is_new = Source.objects.get_or_create(
            code=code,
            defaults={
                "name": name or code,
                "trust": Trust.NORMAL,
                "default_state": State.ACTIVE,
            },
        )
    return found


def remap(source: Source, *, by: User, mapping: Mapping[str, Any]) -> None:
    """Keep how the files of a source are to be understood."""
    by.must(Permission.LISTING_IMPORT)
    with audited(by=by, action="source.map", on=source):
        Source.objects.filter(pk=source.pk).update(mapping=dict(mapping))
    source.mapping = dict(mapping)


def receive(
    source: Source, *, by: User, file_name: str, missing: str = Missing.REPORT
) -> ImportBatch:
    """Open an import."""
    by.must(Permission.LISTING_IMPORT)
    with audited(by=by, action="import.receive", source=source.code) as record:
        batch = ImportBatch.objects.create(
            source=source, by=by, file_name=file_name[:300], missing=missing, mapping=source.mapping
        )
        record.on = batch
    return batch


def start_checking(batch: ImportBatch, *, by: User) -> None:
    """Begin to read; nothing but staging rows is written from here to `finish_checking`."""
    _move(batch, S.CHECKING, by=by)


def stage(batch: ImportBatch, rows: Iterable[Staged], *, by: User) -> None:
    """Keep rows as they were understood."""
    made = [
        ImportRow(
            batch=batch,
            table=row.table,
            external_id=printable(row.external_id)[:200],
            file=printable(row.file)[:200],
            line=row.line,
            stands_for=row.stands_for,
            needs=[printable(one) for one in row.needs],
            mapped=row.mapped,
            links=_printable(row.links),
            raw=pack(row.raw),
            problems=row.problems,
            outcome=Outcome.REFUSED if row.is_refused else Outcome.PENDING,
        )
        for row in rows
    ]
    with transaction.atomic():
        ImportRow.objects.bulk_create(made)
        beat(batch, by=by)


def finish_checking(
    batch: ImportBatch,
    *,
    by: User,
    form: str,
    read: Mapping[str, int],
    problems: list[dict[str, Any]],
) -> None:
    """Close the check; from now on the rows can be applied."""
    _move(
        batch, S.CHECKED, by=by, format=form, read=dict(read), problems=problems, checked_at=now()
    )


def start_applying(batch: ImportBatch, *, by: User) -> None:
    """Begin to write, or go on where a killed import stopped."""
    by.must(Permission.LISTING_IMPORT)
    if batch.state == S.APPLYING and _is_dead(batch):
        _move(batch, S.INTERRUPTED, by=by)
    _move(batch, S.APPLYING, by=by)


def finish_applying(batch: ImportBatch, *, by: User) -> None:
    """Close the import; rows that nothing is wrong with live on in the source's records."""
    with audited(by=by, action="import.finish", on=batch):
        batch.rows.filter(problems=[]).update(raw=b"", mapped={}, links={})
        _move(batch, S.APPLIED, by=by, finished_at=now())
        Source.objects.filter(pk=batch.source_id).update(last_run=now())


def fail(batch: ImportBatch, *, by: User, code: str, file: str) -> None:
    """Close an import that could not be read; its staged rows are dropped."""
    with audited(by=by, action="import.fail", on=batch, code=code):
        batch.rows.all().delete()
        _move(batch, S.FAILED, by=by, failure=str(FAILURES[code] % {"file": file}))


def interrupt(batch: ImportBatch, *, by: User) -> None:
    """Note that an import stopped in the middle; it can be resumed."""
    _move(batch, S.INTERRUPTED, by=by)


def abandon(batch: ImportBatch, *, by: User) -> None:
    """Give an import up; what it has written stays."""
    by.must(Permission.LISTING_IMPORT)
    _move(batch, S.ABANDONED, by=by, finished_at=now())


def bury_dead(*, by: User) -> None:
    """Free the slot of an import whose process died."""
    dead = ImportBatch.objects.filter(state__in=RUNNING, heartbeat_at__lt=now() - DEAD_AFTER)
    for batch in dead:
        with audited(by=by, action="import.bury", on=batch):
            if batch.state == S.CHECKING:
                fail(batch, by=by, code="cannot_open", file=batch.file_name)
            else:
                interrupt(batch, by=by)


def beat(batch: ImportBatch, *, by: User) -> None:
    """Say that the import is alive; only who holds the slot may."""
    by.must(Permission.LISTING_IMPORT)
    alive = ImportBatch.objects.filter(pk=batch.pk, state__in=RUNNING)
    if not alive.update(heartbeat_at=now()):
        raise Conflict(_("This import was ended by somebody else."))


def _move(batch: ImportBatch, target: BatchState, *, by: User, **values: Any) -> None:
    """Take a step in one statement; the unique slot lets one import run."""
    is_running = target in RUNNING
    values |= {"state": target, "running_slot": 1 if is_running else None, "heartbeat_at": now()}
    rows = ImportBatch.objects.filter(pk=batch.pk, state__in=MOVES[target])
    try:
        with audited(by=by, action=f"import.{target}", on=batch):
            moved = rows.update(**values)
    except IntegrityError as error:
        sentence = _("Another import is running. Try again when it is over.")
        raise AnotherImportRuns(sentence) from error
    if not moved:
        raise Conflict(_("This import cannot take that step now."))
    for name, value in values.items():
        setattr(batch, name, value)


def _is_dead(batch: ImportBatch) -> bool:
    return batch.heartbeat_at is None or batch.heartbeat_at < now() - DEAD_AFTER


def pack(raw: Mapping[str, Any]) -> bytes:
    """Compress what a row said in the file."""
    return zlib.compress(json.dumps(raw, ensure_ascii=False, default=str).encode())


def unpack(packed: bytes | memoryview) -> dict[str, Any]:
    """Read a packed row."""
    raw: dict[str, Any] = json.loads(zlib.decompress(bytes(packed)))
    return raw


def fingerprint(packed: bytes | memoryview) -> str:
    """Return the hash by which two packed rows compare."""
    return hashlib.sha256(bytes(packed)).hexdigest()


def _printable(links: dict[str, list[str]]) -> dict[str, list[str]]:
    """Leave out of foreign ids what no database takes; such an id finds nothing either way."""
    return {table: [printable(str(one)) for one in ids] for table, ids in links.items()}
