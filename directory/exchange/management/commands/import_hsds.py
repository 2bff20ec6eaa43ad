"""Brings in a file, folder or archive of HSDS data."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import system
from core.errors import DomainError
from directory.exchange import queries
from directory.exchange.errors import AnotherImportRuns
from directory.exchange.imports import pipeline
from directory.exchange.models import ImportBatch
from directory.exchange.operations import batches
from directory.exchange.states import BatchState, Format, Missing

DONE: Final = 0
LOSSES: Final = 1
USAGE: Final = 2
UNREADABLE: Final = 3
REFUSED: Final = 4
BUSY: Final = 5
INTERRUPTED: Final = 6


class Command(BaseCommand):
    """Check a file, and with `--mode apply` write it; the exit code says how it went.

    0 done · 1 rows rejected, waiting or conflicting · 2 usage · 3 unreadable or unknown format ·
    4 refused by a guard · 5 another import runs · 6 interrupted, go on with --resume.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        parser.add_argument("path", nargs="?", type=Path, help="file, folder or zip archive")
        parser.add_argument("--source", help="code of the source; a new one is trusted normally")
        parser.add_argument("--format", default="auto", choices=["auto", *Format.values])
        parser.add_argument("--mode", default="apply", choices=["check", "apply"])
        parser.add_argument("--missing", default=Missing.REPORT, choices=Missing.values)
        parser.add_argument("--mapping", type=Path, help="JSON file: how the source is to be read")
        parser.add_argument("--encoding", default="auto", choices=["auto", "utf-8", "gb18030"])
        parser.add_argument("--resume", metavar="UID", help="go on with an interrupted import")
        parser.add_argument("--force", action="store_true", help="suspend however many are missing")
        parser.add_argument("--strict", action="store_true", help="write nothing if a row is lost")
        parser.add_argument("--report", type=Path, help="write every observation to a JSON file")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and leave with the code."""
        self.options = options
        try:
            batch, code = self._run()
        except AnotherImportRuns as error:
            self._leave(str(error), BUSY)
        except DomainError as error:
            self._leave(str(error), REFUSED)
        self._report(batch, code)
        if code:
            raise SystemExit(code)

    def _run(self) -> tuple[ImportBatch, int]:
        by = system()
        batches.bury_dead(by=by)
        if self.options["resume"]:
            batch = self._resumed()
        else:
            batch = self._received()
            self._check(batch)
        if batch.state == BatchState.FAILED:
            return batch, UNREADABLE
        if self.options["mode"] == "check":
            return batch, LOSSES if queries.has_losses(batch) else DONE
        if self.options["strict"] and queries.has_losses(batch):
            batches.abandon(batch, by=by)
            return batch, REFUSED
        return batch, self._apply(batch)

    def _received(self) -> ImportBatch:
        by, path, code = system(), self.options["path"], self.options["source"]
        if path is None or code is None:
            raise CommandError("Name a path and --source, or --resume.", returncode=USAGE)
        source = batches.source(code, by=by)
        if self.options["mapping"]:
            batches.remap(source, by=by, mapping=self._mapping())
        return batches.receive(source, by=by, file_name=path.name, missing=self.options["missing"])

    def _mapping(self) -> dict[str, Any]:
        try:
            mapping = json.loads(self.options["mapping"].read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"--mapping: {error}", returncode=USAGE) from error
        if not isinstance(mapping, dict):
            raise CommandError("--mapping: not an object", returncode=USAGE)
        return mapping

    def _resumed(self) -> ImportBatch:
        batch = ImportBatch.objects.filter(uid=self.options["resume"]).first()
        if batch is None:
            raise CommandError("--resume: there is no such import", returncode=USAGE)
        return batch

    def _check(self, batch: ImportBatch) -> None:
        pipeline.check(
            batch,
            self.options["path"],
            by=system(),
            form=self.options["format"],
            encoding=self.options["encoding"],
            progress=self._progress("checked"),
        )

    def _apply(self, batch: ImportBatch) -> int:
        by = system()
        try:
            pipeline.apply(
                batch,
                by=by,
                is_forced=self.options["force"],
                progress=self._progress("written"),
            )
        except KeyboardInterrupt:
            batches.interrupt(batch, by=by)
            return INTERRUPTED
        return LOSSES if queries.has_losses(batch) else DONE

    def _progress(self, word: str) -> pipeline.Progress:
        def say(count: int) -> None:
            if self.options["verbosity"] > 1:
                self.stderr.write(f"{count} rows {word}")

        return say

    def _report(self, batch: ImportBatch, code: int) -> None:
        result = {
            "uid": str(batch.uid),
            "state": batch.state,
            "format": batch.format,
            "failure": batch.failure,
            "exit_code": code,
            "tables": queries.totals(batch),
            "observations": queries.frequent(batch),
        }
        if self.options["report"]:
            report = result | {"rows": list(queries.observations(batch))}
            self.options["report"].write_text(
                json.dumps(report, ensure_ascii=False, indent=1, default=str), "utf-8"
            )
        if self.options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, default=str))
            return
        self._print(batch, result)

    def _print(self, batch: ImportBatch, result: dict[str, Any]) -> None:
        self.stdout.write(f"import {batch.uid} · {batch.get_state_display()} {batch.failure}")
        for table, counts in result["tables"].items():
            words = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
            self.stdout.write(f"{table}: {words}")
        for each in result["observations"]:
            self.stdout.write(f"{each['count']} {each['code']}: {each['message']}")

    def _leave(self, message: str, code: int) -> NoReturn:
        self.stderr.write(message)
        raise SystemExit(code)
