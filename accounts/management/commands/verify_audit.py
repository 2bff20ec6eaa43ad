"""Prove that the access log is whole, or name the first row that is not."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from accounts import queries
from core.models import missing_guards


class Command(BaseCommand):
    help = "Walks the chain of the access log. Exit code 1: a row was changed, removed or added."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the options."""
        parser.add_argument("--from-seq", type=int, default=1, help="begin at this row")
        parser.add_argument(
            "--anchors", action="store_true", help="compare with the copies in AUDIT_ANCHOR_DIR"
        )
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *, from_seq: int, anchors: bool, **options: Any) -> None:
        """Report and set the exit code."""
        verdict = queries.verify(from_seq=from_seq, anchors=anchors)
        unguarded = missing_guards(connection)
        report = {
            "whole": verdict.is_whole,
            "rows": verdict.checked,
            "anchors": verdict.anchors,
            "first_bad": verdict.first_bad,
            "reason": verdict.reason,
            "missing_guards": unguarded,
        }
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            self._tell(report)
        if unguarded or not verdict.is_whole:
            sys.exit(1)

    def _tell(self, report: dict[str, Any]) -> None:
        if report["whole"]:
            self.stdout.write(f"{report['rows']} rows and {report['anchors']} anchors: whole.")
        else:
            self.stdout.write(f"Row {report['first_bad']}: {report['reason']}.")
        for guard in report["missing_guards"]:
            self.stdout.write(f"The guard {guard} is missing; run migrate.")
