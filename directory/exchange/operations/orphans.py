"""Which staged rows belong to nothing: quarantined, named, tried again in every later run."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction

from accounts.models import User
from directory.exchange.fields import BY_NAME, TABLES, Link, Table
from directory.exchange.models import ImportBatch, ImportRow, SourceRecord
from directory.exchange.operations import batches
from directory.exchange.states import KINDS, Outcome

CHUNK: Final = 500
# Links that may name any table; which one is told by `link_entity`.
ANY: Final = "link"


def settle(batch: ImportBatch, *, by: User) -> None:
    """Quarantine rows whose parents are missing or wait; drop optional links that dangle."""
    known = _Known(batch)
    for table in TABLES:
        good = batch.rows.filter(table=table.name, outcome=Outcome.PENDING)
        known.expect(table.name, good.values_list("external_id", flat=True))
        loops = _loops(table, batch)
        # Of a row that is rejected anyway it is said as well that it belongs to nothing.
        rows = batch.rows.filter(table=table.name)
        for chunk in _chunks(rows.order_by("pk").iterator(CHUNK)):
            changed = [row for row in chunk if _judge(row, table, known, loops)]
            with transaction.atomic():
                for row in changed:
                    # One by one: Django's bulk update costs more than the statements it saves.
                    row.save(update_fields=["outcome", "problems", "links", "mapped"])
                batches.beat(batch, by=by)


class Missing(NamedTuple):
    """A link that leads nowhere: its column, the table it means, the id it names."""

    column: str
    table: str
    id: str


class _Known:
    """Ids per table: those that will be there, and those that wait."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.good: dict[str, set[str]] = defaultdict(set)
        self.waiting: dict[str, set[str]] = defaultdict(set)
        records = SourceRecord.objects.filter(source=batch.source)
        for table, external_id in records.placed().values_list("table", "external_id").iterator():
            self.good[table].add(external_id)
        for table, external_id in records.waiting().values_list("table", "external_id").iterator():
            self.waiting[table].add(external_id)
        refused = batch.rows.filter(outcome=Outcome.REFUSED)
        for table, external_id in refused.values_list("table", "external_id").iterator():
            self.waiting[table].add(external_id.split("#", 1)[0])
        # A refused row does not take away what an earlier run has placed.
        for table in list(self.waiting):
            self.waiting[table] -= self.good[table]

    def expect(self, table: str, ids: Any) -> None:
        """Count rows of this table as good until they are judged: they may be each other's."""
        for external_id in ids.iterator():
            self.good[table].add(external_id)
            self.waiting[table].discard(external_id)

    def hold(self, table: str, external_id: str) -> None:
        """Count a row as waiting."""
        self.good[table].discard(external_id)
        self.waiting[table].add(external_id)

    def has(self, table: str, external_id: str) -> bool:
        """Say whether a record will be there; without a table any will do."""
        if table:
            return external_id in self.good[table]
        return any(external_id in ids for ids in self.good.values())

    def waits(self, table: str, external_id: str) -> bool:
        """Say whether a record is known but waits."""
        if table:
            return external_id in self.waiting[table]
        return any(external_id in ids for ids in self.waiting.values())


def _judge(row: ImportRow, table: Table, known: _Known, loops: set[str]) -> bool:
    """Decide on one row; return whether it changed."""
    before = (row.outcome, len(row.problems))
    resolved = False
    missing: list[Missing] = []
    needed: list[Missing] = []
    for link in table.links:
        ids = row.links.get(link.ours, [])
        target = _target(link, row)
        found = [each for each in ids if known.has(target, each)]
        lost = [Missing(link.name, target, each) for each in ids if each not in found]
        if lost:
            row.links[link.ours] = found
        if link.name == "parent_organization_id" and lost and not found:
            _keep_parent(row, lost[0].id)
        if not found and (link.required or link.name in row.needs):
            needed += lost or [Missing(link.name, target, "")]
        resolved |= bool(found)
        missing += lost
        if link.ours == "parent" and row.external_id in loops:
            row.links[link.ours] = []
            _note(row, "circular", link.name, ids[0] if ids else "")
    if needed or (table.needs_parent and not resolved):
        return _quarantine(row, known, needed or missing)
    for each in missing:
        _note(row, "optional_orphan", each.column, each.id)
    return (row.outcome, len(row.problems)) != before or bool(missing)


def _target(link: Link, row: ImportRow) -> str:
    if link.ours != ANY:
        return link.table
    entity: str = row.mapped.get("link_entity", "")
    return entity if entity in BY_NAME else ""


def _keep_parent(row: ImportRow, external_id: str) -> None:
    """Keep the id of a foreign parent that has not arrived: HSDS writes it back."""
    try:
        row.mapped["parent_uid"] = str(UUID(external_id))
    except ValueError:
        return


def _quarantine(row: ImportRow, known: _Known, missing: list[Missing]) -> bool:
    """Name what is nowhere; where every missing record waits itself, name the first of these."""
    nowhere = [each for each in missing if not known.waits(each.table, each.id)]
    named = next(iter(nowhere or missing), Missing("", "", ""))
    _note(
        row, "parent_quarantined" if missing and not nowhere else "orphan", named.column, named.id
    )
    if row.outcome == Outcome.PENDING:
        row.outcome = Outcome.QUARANTINED
        known.hold(row.table, row.external_id)
    return True


def _note(row: ImportRow, code: str, column: str, value: str) -> None:
    row.problems.append(
        {"code": code, "column": column, "value": value[:80], "severity": KINDS[code].severity}
    )


def _loops(table: Table, batch: ImportBatch) -> set[str]:
    """Return one row of every circle of parents: there the link is cut."""
    own = next((link for link in table.links if link.table == table.name), None)
    if own is None:
        return set()
    rows = batch.rows.filter(table=table.name, outcome=Outcome.PENDING)
    parents = {
        external_id: (links.get(own.ours) or [""])[0]
        for external_id, links in rows.values_list("external_id", "links").iterator()
    }
    cut: set[str] = set()
    safe: set[str] = set()
    for start in parents:
        trail: list[str] = []
        here = start
        while here in parents and here not in safe and here not in cut and here not in trail:
            trail.append(here)
            here = parents[here]
        if here in trail:
            cut.add(here)
        safe.update(trail)
    return cut


def _chunks(rows: Iterator[ImportRow]) -> Iterator[list[ImportRow]]:
    chunk: list[ImportRow] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
