"""Scores judged queries and compares the figures with the gates."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from search import evaluation
from search.backends.current import NAMES


class Command(BaseCommand):
    help = "Score judged queries; exit 1 when a gate does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the engine, what to search in, and the judged file."""
        parser.add_argument("--engine", choices=[*NAMES, "oracle"], default="embedded")
        parser.add_argument("--corpus", choices=["leaf", "catalogue"], default="leaf")
        parser.add_argument("--file", type=Path, help="rows: query, lang, kind, code, grade")
        parser.add_argument("--failures", action="store_true", help="list weak answers")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the figures, the gates and the baselines; exit 3 without a judged file."""
        file: Path = options["file"] or Path("../shared/data/relevance_dev.csv")
        if not file.is_file():
            self.stderr.write(f"there is no {file}; name the judged queries with --file")
            raise SystemExit(3)
        judged = evaluation.read(file)
        if options["corpus"] == "catalogue":
            scores = evaluation.score(judged, evaluation.catalogue_finder)
        else:
            with evaluation.leaf_finder(options["engine"]) as find:
                scores = evaluation.score(judged, find)
        told = {
            "figures": scores.figures(),
            "missed": scores.missed() if options["corpus"] == "leaf" else [],
            "baselines": {
                name: round(
                    evaluation.score(judged, evaluation.bm25_finder(references=also)).ndcg["all"], 4
                )
                for name, also in (("bm25_names", False), ("bm25_names_and_wordings", True))
            },
        }
        self._print(told, scores, options)
        if told["missed"]:
            raise SystemExit(1)

    def _print(self, told: dict[str, Any], scores: evaluation.Scores, options: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for name, value in told["figures"].items():
            gate = evaluation.GATES.get(name)
            self.stdout.write(f"{name:14} {value:.3f}" + (f"   gate {gate}" if gate else ""))
        for name, value in told["baselines"].items():
            self.stdout.write(f"{name:24} {value:.3f}")
        for text, value, found in scores.failures if options["failures"] else ():
            self.stdout.write(f"{value:.2f} {text} → {' '.join(found)}")
        self.stdout.write("missed: " + (", ".join(told["missed"]) or "none"))
