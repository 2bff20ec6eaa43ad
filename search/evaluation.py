"""How well judged queries are answered: metrics, and the runs they are measured on."""

import csv
import math
import secrets
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from directory.catalogue.models import TaxonomyTerm
from search import analysis, lexicon, planner, queries
from search.backends.base import Backend
from search.backends.elastic import Elastic
from search.backends.embedded import Embedded
from search.backends.oracle import Oracle
from search.documents import Doc
from search.lexicon.store import TAXONOMY
from search.planner import Statistics
from search.requests import SearchRequest

DEEP = 10
GATES = {
    "all": 0.86,
    "zh lay": 0.78,
    "zh pinyin": 0.92,
    "zh trad": 0.92,
    "zh typo": 0.85,
    "top3": 0.94,
}
MOST_ZERO = 0.02

Grades = Mapping[str, int]
Finder = Callable[[str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A query with the terms that answer it: 3 asked for, 2 useful, 1 related, 0 a trap."""

    text: str
    language: str
    kind: str
    grades: Grades


@dataclass(slots=True)
class Scores:
    """What was measured, by language and kind."""

    ndcg: dict[str, float] = field(default_factory=dict)
    top3: float = 0.0
    mrr: float = 0.0
    zero: float = 0.0
    coverage: float = 0.0
    failures: list[tuple[str, float, list[str]]] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Return all figures by name, rounded."""
        told = self.ndcg | {"top3": self.top3, "mrr": self.mrr, "zero": self.zero}
        return {
            name: round(value, 4) for name, value in (told | {"coverage": self.coverage}).items()
        }

    def missed(self) -> list[str]:
        """Return the gates that do not hold."""
        figures = self.figures()
        low = [name for name, least in GATES.items() if figures.get(name, 1.0) < least]
        return low + (["zero"] if self.zero > MOST_ZERO else [])


# ---- Metrics --------------------------------------------------------------------------------
def gain(grades: Iterable[int]) -> float:
    """Return the discounted gain of grades in the order shown."""
    return sum((2.0**g - 1) / math.log2(rank + 1) for rank, g in enumerate(grades, 1))


def ndcg(found: Sequence[str], grades: Grades) -> float:
    """Return the gain of the first ten against the best possible one."""
    ideal = gain(sorted(grades.values(), reverse=True)[:DEEP])
    return gain(grades.get(code, 0) for code in found[:DEEP]) / ideal if ideal else 0.0


def reciprocal(found: Sequence[str], grades: Grades) -> float:
    """Return one over the rank of the first full answer."""
    return next((1 / n for n, code in enumerate(found, 1) if grades.get(code) == 3), 0.0)


def covered(found: Sequence[str], grades: Grades) -> float:
    """Return the share of what was asked for that stands among the first ten."""
    asked = [code for code, grade in grades.items() if grade == 3]
    return sum(code in found[:DEEP] for code in asked) / len(asked) if asked else 0.0


def score(judged: Sequence[Judged], find: Finder) -> Scores:
    """Measure one way of finding on judged queries."""
    values: dict[str, list[float]] = defaultdict(list)
    made = Scores()
    for each in judged:
        found = find(each.text, each.language)
        value = ndcg(found, each.grades)
        for name in ("all", each.language, f"{each.language} {each.kind}"):
            values[name].append(value)
        full = any(each.grades.get(code) == 3 for code in found[:3])
        values["@top3"].append(full)
        values["@mrr"].append(reciprocal(found, each.grades))
        values["@zero"].append(not found)
        if each.kind == "multi":
            values["@coverage"].append(covered(found, each.grades))
        if value < 0.75 or not full:
            made.failures.append((each.text, value, found[:5]))
    means = {name: sum(row) / len(row) for name, row in values.items()}
    made.ndcg = {name: mean for name, mean in sorted(means.items()) if name[0] != "@"}
    made.top3, made.mrr = means["@top3"], means["@mrr"]
    made.zero, made.coverage = means["@zero"], means.get("@coverage", 0.0)
    return made


def read(file: Path) -> list[Judged]:
    """Read judged queries: query, lang, kind, code, grade, one row per judgement."""
    grades: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            grades[row["query"], row["lang"], row["kind"]][row["code"]] = int(row["grade"])
    return [Judged(*key, told) for key, told in grades.items()]


# ---- Corpus of leaves -----------------------------------------------------------------------
def leaves() -> list[tuple[str, Doc]]:
    """Return one invented service per leaf, called by its names and nothing else."""
    terms = TaxonomyTerm.objects.current().filter(taxonomy__code=TAXONOMY).select_related("parent")
    return [
        (term.code, _leaf(number, term, term.parent))
        for number, term in enumerate(terms.filter(parent__isnull=False).order_by("code"), 1)
        if term.parent
    ]


def _names(term: TaxonomyTerm) -> list[str]:
    return [text for text in (term.name, term.text("name", "en")[0]) if text]


def _leaf(number: int, term: TaxonomyTerm, category: TaxonomyTerm) -> Doc:
    names = _names(term)
    spelled = [token for name in names for token in analysis.tokens(name, singles=True)]
    sorted_in = [*names, *_names(category)]
    tax = [token for name in sorted_in for token in analysis.tokens(name, singles=True)]
    codes = (term.code, category.code)
    return Doc(
        id=number,
        name_t=" ".join(dict.fromkeys([*spelled, *map(analysis.exact, names)])),
        tax_t=" ".join(dict.fromkeys(tax)),
        term=codes,
        main_term=codes,
        category=(category.code,),
    )


@contextmanager
def _temporary(engine_name: str) -> Iterator[Backend]:
    """Give an engine that holds nothing and leaves nothing behind."""
    if engine_name == Oracle.name:
        yield Oracle()
    elif engine_name == Embedded.name:
        with tempfile.TemporaryDirectory() as folder:
            yield Embedded(folder)
    else:
        cluster = Elastic(settings.ELASTICSEARCH_URL, prefix=f"leaves{secrets.token_hex(4)}")
        try:
            yield cluster
        finally:
            for name in cluster.stored():
                cluster.drop(name)


@contextmanager
def leaf_finder(engine_name: str) -> Any:
    """Give a finder on a temporary generation of leaves, by the real planner and engine."""
    with _temporary(engine_name) as engine:
        made, generation = leaves(), f"{engine.fingerprint}-000001"
        engine.begin(generation)
        engine.write(generation, [doc for _, doc in made], [])
        engine.swap(generation)
        codes = {doc.id: code for code, doc in made}
        weights = Statistics(len(made), engine.tokens(generation, 2))

        def find(text: str, language: str) -> list[str]:
            return [codes[id_] for id_ in _found(engine, weights, text, language)]

        yield find


def _found(engine: Backend, weights: Statistics, text: str, language: str) -> list[int]:
    words = lexicon.current()
    plan = planner.plan(
        SearchRequest(text=text, language=language), planner.read(text, words), weights, words
    )
    result = engine.search(plan)
    if plan.stage == "strict" and result.total < 3:
        plan = replace(plan, stage="relaxed")
        result = engine.search(plan)
    ids = [hit.id for hit in result.hits]
    if result.total < DEEP:
        ids += [
            h.id for h in engine.search(planner.related(plan, words, shown=ids, limit=DEEP)).hits
        ]
    return ids


# ---- Other corpora --------------------------------------------------------------------------
def catalogue_finder(text: str, language: str) -> list[str]:
    """Find listings of the catalogue; a listing stands for the best of its terms."""
    request = SearchRequest(text=text, language=language, tally=False)
    page = queries.find(request, AnonymousUser())
    return [code for hit in (*page.hits, *page.related) for code, _ in hit.categories[:1]]


def bm25_finder(*, references: bool) -> Finder:
    """Give the baseline: BM25 on names, and on names with the other wordings."""
    texts: dict[str, list[str]] = defaultdict(list)
    for phrase in lexicon.current().concepts.phrases:
        if phrase.is_name or references:
            texts[phrase.code] += analysis.tokens(phrase.text)
    df: dict[str, int] = defaultdict(int)
    for tokens in texts.values():
        for token in set(tokens):
            df[token] += 1
    mean = sum(map(len, texts.values())) / max(1, len(texts))

    def find(text: str, _language: str) -> list[str]:
        wanted = set(analysis.tokens(text))
        ranked = []
        for code, tokens in texts.items():
            total = sum(
                math.log(1 + (len(texts) - df[t] + 0.5) / (df[t] + 0.5))
                * (n := tokens.count(t))
                * 2.2
                / (n + 1.2 * (0.25 + 0.75 * len(tokens) / mean))
                for t in wanted
                if t in tokens
            )
            if total:
                ranked.append((-total, code))
        return [code for _, code in sorted(ranked)]

    return find


def safety_recall(file: Path) -> tuple[int, int]:
    """Return how many phrasings of danger raise a panel of their topic, and how many there are."""
    words = lexicon.current()
    with file.open(encoding="utf-8", newline="") as rows:
        told = list(csv.DictReader(rows))
    right = sum(row["topic"] in planner.read(row["query"], words).topics for row in told)
    return right, len(told)
