"""The way of an import: read, check, quarantine; then apply, and look for what is gone."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from accounts.models import User
from core.text import printable
from directory.catalogue.models import Code
from directory.exchange.imports import checking, reading
from directory.exchange.imports.checking import Checked, Rules
from directory.exchange.imports.rows import Problem, Row, Unreadable
from directory.exchange.models import ImportBatch, SourceRecord
from directory.exchange.operations import apply as writing
from directory.exchange.operations import batches, orphans, sweep
from directory.exchange.operations.batches import Staged
from directory.exchange.states import BatchState

CHUNK: Final = 500
Progress = Callable[[int], None]


def check(
    batch: ImportBatch,
    path: Path,
    *,
    by: User,
    form: str = "auto",
    encoding: str = "auto",
    progress: Progress = lambda _count: None,
) -> None:
    """Read the file into staging rows; the catalogue is not touched."""
    batches.start_checking(batch, by=by)
    reader = _Staging(batch, by=by, progress=progress)
    try:
        for each in reading.read(path, form, encoding):
            reader.take(each)
        reader.retry_quarantined()
        reader.flush()
    except Unreadable as error:
        batches.fail(batch, by=by, code=error.code, file=error.file)
        return
    if not reader.read:
        batches.fail(batch, by=by, code="nothing", file=path.name)
        return
    orphans.settle(batch, by=by)
    batches.finish_checking(
        batch, by=by, form=reader.form, read=reader.read, problems=reader.problems
    )


def apply(
    batch: ImportBatch,
    *,
    by: User,
    is_forced: bool = False,
    progress: Progress = lambda _count: None,
) -> None:
    """Write what was checked; a killed run goes on where it stopped, each row once."""
    if batch.state == BatchState.CHECKED:
        sweep.guard(batch, by=by, is_forced=is_forced)
    batches.start_applying(batch, by=by)
    done = 0
    for written in writing.run(batch, by=by):
        done += written
        progress(done)
    writing.keep_quarantined(batch, by=by)
    sweep.run(batch, by=by)
    batches.finish_applying(batch, by=by)


@dataclass
class _Staging:
    """Turns what a reader yields into staged rows, a chunk at a time."""

    batch: ImportBatch
    by: User
    progress: Progress
    form: str = ""
    read: Counter[str] = field(default_factory=Counter)
    problems: list[dict[str, Any]] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    waiting: list[Staged] = field(default_factory=list)

    def __post_init__(self) -> None:
        prefixes = Code.objects.of("extra_number").values_list("code", flat=True)
        country = self.batch.mapping.get("country") or settings.COUNTRY
        self.rules = Rules(self.batch.mapping, country, tuple(prefixes))

    def take(self, each: Row | Problem | str) -> None:
        """Take one thing from the reader."""
        if isinstance(each, str):
            self.form = each
        elif isinstance(each, Problem):
            self.problems.append(
                checking.as_json(each) | {"file": printable(each.file), "line": each.line or None}
            )
        else:
            self._row(each)

    def _row(self, row: Row) -> None:
        row.name_by_content()
        self.read[row.table] += row.stands_for
        raw = {"values": row.values, "links": row.links, "extra": row.extra, "needs": row.needs}
        raw |= {"file": row.file, "line": row.line, "stands_for": row.stands_for}
        checked = checking.check(row, self.rules)
        external_id = row.id
        if (row.table, external_id) in self.seen:
            checked.refuse("duplicate_id", "id", row.id)
            external_id = f"{row.id[:180]}#{row.line}"
        self.seen.add((row.table, external_id))
        self._stage(checked, external_id, raw)

    def _stage(self, checked: Checked, external_id: str, raw: dict[str, Any]) -> None:
        row = checked.row
        self.waiting.append(
            Staged(
                row.table,
                external_id,
                row.file,
                row.line,
                raw,
                checked.mapped,
                checked.links,
                [checking.as_json(problem) for problem in dict.fromkeys(row.problems)],
                row.stands_for,
                row.needs,
                checked.refused,
            )
        )
        if len(self.waiting) >= CHUNK:
            self.flush()

    def retry_quarantined(self) -> None:
        """Try again what waited from earlier runs and is not in this file."""
        waiting = SourceRecord.objects.waiting().filter(source=self.batch.source)
        for record in waiting.iterator(CHUNK):
            if (record.table, record.external_id) not in self.seen:
                self._row(_again(record))

    def flush(self) -> None:
        """Keep what has come together."""
        batches.stage(self.batch, self.waiting, by=self.by)
        self.waiting.clear()
        self.progress(sum(self.read.values()))


def _again(record: SourceRecord) -> Row:
    raw = batches.unpack(record.raw)
    return Row(
        record.table,
        record.external_id,
        raw["file"],
        raw["line"],
        values=raw["values"],
        links=raw["links"],
        extra=raw["extra"],
        needs=raw["needs"],
        stands_for=0,
    )
