"""Compares the search index with the database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from search import sync
from search.backends.base import Unavailable
from search.backends.current import NAMES, kept
from search.models import Generation
from search.states import GenerationState


class Command(BaseCommand):
    help = "Compare every search index with the database, range by range."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which index, how deep to look, and whether to repair."""
        parser.add_argument("--engine", choices=NAMES, default=None, help="else every index kept")
        parser.add_argument("--repair", action="store_true", help="index differing ranges anew")
        parser.add_argument("--deep", action="store_true", help="compare contents too")
        parser.add_argument("--json", action="store_true", help="one line per index")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when equal or repaired, 1 when drift is left, 3 when nothing can be read."""
        names = [options["engine"]] if options["engine"] else list(kept())
        worst = max(self._verify(name, options) for name in names)
        if worst:
            raise SystemExit(worst)

    def _verify(self, engine: str, options: dict[str, Any]) -> int:
        try:
            generation = sync.live_generation(engine)
            drift = sync.verify(generation, repair=options["repair"], deep=options["deep"])
        except (Unavailable, Generation.DoesNotExist) as error:
            self.stderr.write(f"no {GenerationState.LIVE} index of {engine}: {error}")
            return 3
        told = {
            "engine": engine,
            "generation": drift.generation,
            "documents": drift.documents,
            "differing_ranges": list(drift.found),
            "left": list(drift.left),
        }
        text = "{engine}: {documents} services, {differing_ranges} ranges differed, {left} still do"
        self.stdout.write(json.dumps(told) if options["json"] else text.format(**told))
        return 1 if drift.left else 0
