"""Erase a person's data for good, or say what stands against it."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts.queries import system
from referrals.casefiles.models import Client
from referrals.casefiles.operations import erasure


class Command(BaseCommand):
    """Parse what to do; the rules live in casefiles.operations.erasure."""

    help = (
        "Destroys the key of one client and empties the file; codes, dates and numbers stay. "
        "Exit codes: 3 not found, 4 a case is open, a legal hold stands, or it was erased before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file's uid and what to do."""
        parser.add_argument("uid", type=UUID, help="uid of the client")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--dry-run", action="store_true", help="only say what stands against it")
        what.add_argument("--hold", action="store_true", help="put the file under legal hold")
        what.add_argument("--release", action="store_true", help="lift the legal hold")
        parser.add_argument("--receipt", type=Path, metavar="FILE", help="write what was done here")

    def handle(self, *, uid: UUID, receipt: Path | None, **options: Any) -> None:
        """Do it and set the exit code."""
        client = Client.objects.visible_to(system()).filter(uid=uid).first()
        if client is None:
            raise CommandError(f"There is no client {uid}.", returncode=3)
        if options["hold"] or options["release"]:
            erasure.hold(client, by=system(), held=options["hold"])
            return
        if stands := erasure.blockers(client):
            raise CommandError(f"Not erased: {', '.join(stands)}.", returncode=4)
        if options["dry_run"]:
            self.stdout.write("Nothing stands against it.")
            return
        erasure.erase(client, by=system())
        self._flush()
        done = {"client": str(uid), "file_no": client.file_no, "erased_at": client.erased_at}
        if receipt is not None:
            receipt.write_text(json.dumps(done, default=str) + "\n", "utf-8")
        self.stdout.write(f"Erased {uid}.")

    def _flush(self) -> None:
        """Overwrite SQLite's journal, where old pages would stay readable."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
