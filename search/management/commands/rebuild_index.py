"""Builds the search index anew beside the live one and puts it in its place."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.jobs import AlreadyRunning
from search import sync
from search.backends.base import Unavailable
from search.backends.current import NAMES, by_name


class Command(BaseCommand):
    help = "Build the search index anew; searches are answered by the old one meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what every command takes, and whether to go on after an interruption."""
        parser.add_argument(
            "--engine", choices=NAMES, default=None, help="else the one that answers"
        )
        parser.add_argument("--resume", action="store_true", help="go on where a run was killed")
        parser.add_argument("--force", action="store_true", help="accept a much smaller index")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report documents and seconds.

        Exit 3 when the engine cannot be reached, 4 when a guard refuses, 5 when one runs already.
        """
        started = time.perf_counter()
        try:
            made = sync.rebuild(
                by_name(options["engine"] or settings.SEARCH_ENGINE),
                resume=options["resume"],
                force=options["force"],
                progress=self._tell,
            )
        except (Unavailable, KeyError) as error:
            self.stderr.write(f"the engine cannot be reached, go on with --resume: {error}")
            raise SystemExit(3) from error
        except sync.Refused as error:
            self.stderr.write(str(error))
            raise SystemExit(4) from error
        except AlreadyRunning as error:
            self.stderr.write("rebuild_index is running already")
            raise SystemExit(5) from error
        seconds = time.perf_counter() - started
        told = {
            "generation": made.name,
            "documents": made.docs,
            "seconds": round(seconds, 2),
            "documents_per_second": round(made.docs / seconds),
        }
        text = (
            "{documents} services indexed in {seconds} s ({documents_per_second}/s): {generation}"
        )
        self.stdout.write(json.dumps(told) if options["json"] else text.format(**told))

    def _tell(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{done} of {total} services", ending="")
