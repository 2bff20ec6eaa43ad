"""How unattended work runs: one transaction per due row, back-off, quarantine."""

import logging
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection, models, transaction

from accounts.models import JobState, StuckRow, User
from accounts.operations.audit import audited
from core.crypto import keys_in_use
from core.jobs import Job, now, stopping
from core.safeguards import checkpoint, safeguard

log = logging.getLogger("linkwell.jobs")
Row = TypeVar("Row", bound=models.Model)
ATTEMPTS = 5
LONGEST_WAIT = timedelta(hours=1)
BATCH = 500
BEAT = timedelta(seconds=5)


def each(job: str, rows: models.QuerySet[Row], act: Callable[[Row], object]) -> int:
    """Act on each due row in a transaction of its own; a row that fails does not stop the others.

    The row is locked and its due condition read again inside that transaction, so that neither a
    kill nor a second scheduler loses or doubles an effect. Between rows it heeds the wish to end.
    """
    table = rows.model._meta.label_lower
    stuck = StuckRow.objects.filter(job=job, table=table)
    waiting = stuck.filter(models.Q(is_quarantined=True) | models.Q(next_try_at__gt=now()))
    due = rows.exclude(pk__in=waiting.values("row")).values_list("pk", flat=True)[:BATCH]
    failed = set(stuck.values_list("row", flat=True))
    done, beaten_at = 0, now()
    for pk in list(due):
        if stopping():
            break
        if now() - beaten_at > BEAT:
            beaten_at = now()
            JobState.objects.filter(name=job).update(beat_at=beaten_at)
        try:
            done += _act_on(rows, pk, act)
        except Exception as error:
            log.exception("row failed", extra={"job": job, "row": pk})
            _set_aside(error, job=job, table=table, row=pk)
        else:
            if pk in failed:
                stuck.filter(row=pk).delete()
    return done


def run(job: Job) -> bool:
    """Run a job if its interval has passed since it last started, and note how it went."""
    state, _new = JobState.objects.get_or_create(name=job.name)
    due_since = now() - job.every
    if state.started_at is not None and state.started_at > due_since:
        # Reading first: every second and for every job a write would lock SQLite for nothing.
        return False
    claimed = JobState.objects.filter(
        models.Q(started_at__isnull=True) | models.Q(started_at__lte=due_since), pk=state.pk
    ).update(started_at=now(), beat_at=now())
    if not claimed:
        return False
    error = ""
    try:
        job.run()
    except Exception as failure:
        log.exception("job failed", extra={"job": job.name})
        error = _words(failure)
    JobState.objects.filter(pk=state.pk).update(finished_at=now(), beat_at=now(), error=error)
    return True


def retry(stuck: StuckRow, *, by: User) -> None:
    """Let a quarantined row try again at once, with all its attempts."""
    with audited(by=by, action="job.retry", job=stuck.job, row=stuck.row):
        stuck.delete()


def _act_on(rows: models.QuerySet[Row], pk: int, act: Callable[[Row], object]) -> int:
    with keys_in_use(), transaction.atomic():
        if safeguard("claim_tx") and not _locked(rows.model, pk):
            return 0
        row = rows.filter(pk=pk).first()
        if row is None:
            return 0
        checkpoint("row_claimed")
        act(row)
        checkpoint("row_done")
    return 1


def _locked(model: type[models.Model], pk: int) -> bool:
    """Take the row, unless another scheduler has it; SQLite's transaction excludes all others."""
    if not connection.features.has_select_for_update_skip_locked:
        return True
    found = model._base_manager.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk)
    return bool(found.values_list("pk"))


def _set_aside(error: Exception, **place: Any) -> None:
    row, _new = StuckRow.objects.get_or_create(**place)
    row.attempts += 1
    row.error = _words(error)
    row.is_quarantined = row.attempts >= ATTEMPTS
    row.next_try_at = now() + min(timedelta(minutes=2**row.attempts), LONGEST_WAIT)
    row.save()


def _words(error: Exception) -> str:
    """Name kind and place of a failure; its message may quote a person's data."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
