"""Compares the search index with the database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from search import sync
from search.backends.base import Unavailable
from search.models import Generation
from search.states import GenerationState


class Command(BaseCommand):
    help = "Compare the search index with the database, range by range."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how deep to look and whether to repair."""
        parser.add_argument("--repair", action="store_true", help="index differing ranges anew")
        parser.add_argument("--deep", action="store_true", help="compare contents too")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when equal or repaired, 1 when drift is left, 3 when nothing can be read."""
        try:
            drift = sync.verify(repair=options["repair"], deep=options["deep"])
        except (Unavailable, Generation.DoesNotExist) as error:
            self.stderr.write(f"no {GenerationState.LIVE} index: {error}")
            raise SystemExit(3) from error
        told = {
            "generation": drift.generation,
            "documents": drift.documents,
            "differing_ranges": list(drift.found),
            "left": list(drift.left),
        }
        text = "{documents} services, {differing_ranges} ranges differed, {left} still do"
        self.stdout.write(json.dumps(told) if options["json"] else text.format(**told))
        if drift.left:
            raise SystemExit(1)
