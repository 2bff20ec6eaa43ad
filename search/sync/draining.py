"""Writes to the engines what is marked: always the rows as they are now, never a payload."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

from core.jobs import now
from core.safeguards import checkpoint
from search.backends.base import Backend, Locked, Unavailable
from search.backends.current import by_name, kept
from search.documents import Batch, build
from search.models import Generation, IndexPending
from search.states import GenerationState
from search.sync.words import intern, refresh_if_old, rewrite_keys

BATCH = 500
LONGEST_WAIT = timedelta(hours=1)
POISONED = 8


def drain(*, limit: int = BATCH) -> int:
    """Index what is due in every generation in use; return how many rows were settled."""
    refresh_if_old()
    settled = 0
    states = (GenerationState.LIVE, GenerationState.BUILDING)
    engines = kept()
    used = Generation.objects.filter(state__in=states, backend__in=engines)
    for generation in used.order_by("pk"):
        if generation.fingerprint != engines[generation.backend].fingerprint:
            # Another release reads it and knows its fields; what changed waits for a rebuild.
            continue
        settled += drain_generation(generation, limit=limit)
    return settled


def drain_generation(generation: Generation, *, limit: int = BATCH) -> int:
    """Index what is due in one generation; nothing happens while another process writes to it.

    Nothing happens either while the engine cannot be reached: the rows are not to blame, so they
    stay due and are written as soon as it answers again.
    """
    engine = by_name(generation.backend)
    try:
        with engine.locked(generation.name):
            return _drain(engine, generation, limit)
    except (Locked, Unavailable):
        return 0


def _drain(engine: Backend, generation: Generation, limit: int) -> int:
    # Read inside the lock: an older state of a service must never be written after a newer one.
    due = generation.pending.filter(next_try_at__lte=now()).order_by("queued_at", "service_id")
    rows = list(due[:limit])
    if not rows:
        return 0
    ids = [row.service_id for row in rows]
    batch = build(ids, intern=intern)
    checkpoint("index_built")
    failures = engine.write(generation.name, batch.docs, batch.absent)
    checkpoint("index_written")
    failed = {failure.id: failure.error for failure in failures} | dict(batch.failures)
    if generation.state == GenerationState.LIVE:
        _rewrite(batch, ids, failed)
    _settle([row for row in rows if row.service_id not in failed])
    _postpone([row for row in rows if row.service_id in failed], failed)
    return len(rows) - len(failed)


def _rewrite(batch: Batch, ids: Sequence[int], failed: dict[int, str]) -> None:
    done = [id_ for id_ in ids if id_ not in failed]
    rewrite_keys(done, [doc.id for doc in batch.docs if doc.id not in failed])


def _settle(rows: Sequence[IndexPending]) -> None:
    """Remove rows whose version is still the one that was read; what changed meanwhile stays."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM search_indexpending WHERE id = %s AND version = %s",
            [(row.pk, row.version) for row in rows],
        )


def _postpone(rows: Sequence[IndexPending], failed: dict[int, str]) -> None:
    for row in rows:
        row.attempts += 1
        row.error = failed[row.service_id][:200]
        row.next_try_at = now() + min(timedelta(seconds=2**row.attempts), LONGEST_WAIT)
    IndexPending.objects.bulk_update(rows, ["attempts", "error", "next_try_at"])
