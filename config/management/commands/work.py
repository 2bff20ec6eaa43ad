"""Runs what is due: reminders, checks, messages, the index; one loop, no broker."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import queries
from accounts.models import JobState, StuckRow
from accounts.operations import schedule
from config.checks import refuse_to_start_on_errors
from core.jobs import JOBS, AlreadyRunning, exclusive, loop


class Command(BaseCommand):
    """Parse what to do; the rules live in accounts.operations.schedule."""

    help = "Run every job when it is due, until SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer one round, a look at the jobs, and another try for a row that was set aside."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--once", action="store_true", help="one round, then stop")
        what.add_argument("--status", action="store_true", help="show how the jobs are doing")
        what.add_argument("--retry-quarantined", type=int, metavar="ID", help="try a row again")
        parser.add_argument("--json", action="store_true", help="print the status as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it; exit codes: 1 rows are set aside, 3 not found, 5 already running."""
        if options["status"]:
            self._status(as_json=options["json"])
        elif options["retry_quarantined"] is not None:
            self._retry(options["retry_quarantined"])
        else:
            self._work(once=options["once"])

    def _work(self, *, once: bool) -> None:
        refuse_to_start_on_errors()
        try:
            with exclusive("work"):
                loop(schedule.run, once=once)
        except AlreadyRunning:
            raise CommandError("Another worker is running.", returncode=5) from None

    def _retry(self, pk: int) -> None:
        stuck = StuckRow.objects.filter(pk=pk).first()
        if stuck is None:
            raise CommandError(f"There is no row {pk} that was set aside.", returncode=3)
        schedule.retry(stuck, by=queries.system())
        self.stdout.write(f"{stuck.job} tries row {stuck.row} again.")

    def _status(self, *, as_json: bool) -> None:
        states = {state.name: state for state in JobState.objects.all()}
        stuck = list(StuckRow.objects.order_by("job", "row"))
        jobs = [
            {
                "job": name,
                "every_s": JOBS[name].every.total_seconds(),
                "started_at": states[name].started_at if name in states else None,
                "finished_at": states[name].finished_at if name in states else None,
                "error": states[name].error if name in states else "",
            }
            for name in sorted(JOBS)
        ]
        rows = [
            {
                "id": row.pk,
                "job": row.job,
                "row": row.row,
                "attempts": row.attempts,
                "quarantined": row.is_quarantined,
                "next_try_at": row.next_try_at,
                "error": row.error,
            }
            for row in stuck
        ]
        if as_json:
            self.stdout.write(json.dumps({"jobs": jobs, "stuck": rows}, default=str))
        else:
            self._table(jobs)
            self._table(rows)
        if any(row.is_quarantined for row in stuck):
            raise SystemExit(1)

    def _table(self, rows: list[dict[str, Any]]) -> None:
        """Print a line a row, a column a key."""
        if not rows:
            return
        lines = [[*rows[0]], *([str(value) for value in row.values()] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
