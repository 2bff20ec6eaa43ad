import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from core.text import fold
from search import evaluation, lexicon, planner
from search.models import SafetyTrigger, UseReference, WordClass

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent
JUDGED = [
    file
    for file in (
        Path(settings.BASE_DIR).parent / "shared/data/relevance_dev.csv",
        HERE / "judged_own.csv",
    )
    if file.is_file()
]
FREE = {"lay", "sentence"}


def _pairs(text):
    words = text.lower().split()
    return set(pairwise(words)) if text.isascii() else set(map("".join, pairwise(text)))


def _copies(entry, query):
    """Say whether an entry is so long and so like a query that it can only come from there."""
    if len(entry.split()) < 3 if entry.isascii() else len(entry) < 4:
        return False
    pairs = _pairs(entry)
    return len(pairs & _pairs(query)) >= 0.7 * len(pairs)


def _entries():
    with (settings.FIXTURES_DIR / "lexicon/use_references.csv").open(encoding="utf-8") as file:
        yield from (row["text"] for row in csv.DictReader(file))
    with (settings.FIXTURES_DIR / "lexicon/word_classes.csv").open(encoding="utf-8") as file:
        yield from (row["word"] for row in csv.DictReader(file))


def test_the_fixtures_are_loaded():
    assert UseReference.objects.filter(origin="fixture").count() > 3000
    assert WordClass.objects.count() >= 120
    assert SafetyTrigger.objects.count() >= 150


def test_no_word_was_taken_from_a_judged_query():
    judged = [each for file in JUDGED[:1] for each in evaluation.read(file)]
    queries = {fold(each.text) for each in judged}
    free = [fold(each.text) for each in judged if each.kind in FREE]
    taxonomy = set()
    with (settings.FIXTURES_DIR / "taxonomy.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            taxonomy |= set(f"{row['synonyms_zh']}|{row['synonyms_en']}".split("|"))

    refused = [
        entry
        for entry in _entries()
        if entry not in taxonomy
        and (fold(entry) in queries or any(_copies(fold(entry), query) for query in free))
    ]

    assert refused == []


def test_search_reads_no_judged_file():
    sources = (settings.BASE_DIR / "search").rglob("*.py")
    readers = [path.name for path in sources if "relevance" in path.read_text("utf-8")]

    assert readers == ["eval_search.py"]


@pytest.mark.parametrize(
    ("query", "best", "least"),
    [
        ("老公喝醉就动手打我", "FM01", 0.6),
        ("底保申请", "SA01", 0.6),
        ("falv yuanzhu", "LE02", 1.2),
        ("cjz", "DS01", 1.5),
        ("leagl aid", "LE02", 1.0),
        ("flyz", "LE02", 1.0),
        ("養老院", "EL01", 1.0),
        ("没钱看病", "HE01", 1.0),
        ("evicted", "LE12", 0.2),
    ],
)
def test_everyday_words_lead_to_a_term(query, best, least):
    concepts = planner.read(query, lexicon.current()).concepts

    assert concepts[best] >= least
    assert best in list(concepts)[:3]


def test_both_readings_of_a_typo_stay_and_only_displayed_words_are_offered():
    reading = planner.read("底保申请", lexicon.current())

    assert {"底保", "低保"} <= set(reading.groups[0].tokens)
    assert reading.corrections == (("底保", "低保"),)


def test_halves_of_a_verb_are_joined():
    assert "wash" in planner.read("老人想洗个澡", lexicon.current()).classes
    assert "school" in planner.read("孩子上不起学", lexicon.current()).classes


def test_pinyin_is_tried_before_english():
    concepts = planner.read("falv", lexicon.current()).concepts

    assert "LE02" in concepts
    assert planner.read("falv", lexicon.current()).corrections == ()


def test_a_long_text_is_cut_and_says_so():
    reading = planner.read("老人送餐" * 60, lexicon.current())

    assert reading.truncated


def test_traditional_and_simplified_are_read_alike():
    words = lexicon.current()

    assert (
        planner.read("長者食堂送餐", words).concepts == planner.read("长者食堂送餐", words).concepts
    )


def test_danger_is_recognized_in_every_spelling():
    right, asked = evaluation.safety_recall(HERE / "safety_phrasings.csv")

    assert asked >= 40
    assert right == asked


def test_ordinary_queries_raise_few_panels():
    words = lexicon.current()
    queries = [each for file in JUDGED for each in evaluation.read(file)]
    calm = [
        each
        for each in queries
        if not any(
            code.startswith(("FM0", "MH06", "MH01", "CR", "CY06", "EL10")) for code in each.grades
        )
    ]

    panels = [each.text for each in calm if planner.read(each.text, words).topics]

    assert len(panels) <= 0.1 * len(calm), panels


@pytest.mark.parametrize("engine", ["embedded", "oracle"])
@pytest.mark.parametrize("file", JUDGED, ids=lambda file: file.stem)
def test_judged_queries_are_answered_well_enough(file, engine):
    with evaluation.leaf_finder(engine) as find:
        scores = evaluation.score(evaluation.read(file), find)

    floor = {"relevance_dev": 0.0, "judged_own": 0.03}[file.stem]
    figures = scores.figures()
    for gate, least in evaluation.GATES.items():
        assert figures[gate] >= least - floor, (gate, figures)
    assert figures["zero"] <= evaluation.MOST_ZERO


@pytest.mark.parametrize("file", JUDGED, ids=lambda file: file.stem)
def test_answers_are_no_worse_than_the_committed_figures(file):
    committed = json.loads((settings.BASE_DIR / "bench/relevance.json").read_text("utf-8"))

    with evaluation.leaf_finder("embedded") as find:
        figures = evaluation.score(evaluation.read(file), find).figures()

    for name in ("all", "zh", "en", "top3"):
        assert figures[name] >= committed[file.stem][name] - 0.02, name


@pytest.mark.engine
@pytest.mark.parametrize("file", JUDGED, ids=lambda file: file.stem)
def test_a_cluster_answers_judged_queries_as_the_embedded_engine_does(file, cluster_url, settings):
    settings.ELASTICSEARCH_URL = cluster_url
    judged = evaluation.read(file)

    with evaluation.leaf_finder("elasticsearch") as on_cluster:
        there = evaluation.score(judged, on_cluster).figures()
    with evaluation.leaf_finder("embedded") as embedded:
        here = evaluation.score(judged, embedded).figures()

    assert there == here


def test_metrics_agree_with_numbers_worked_out_by_hand():
    grades = {"A": 3, "B": 1, "C": 2}

    # Gains 7, 1, 3 at ranks 1, 2, 3: ideal order A C B.
    assert evaluation.gain([3, 1, 2]) == pytest.approx(7 + 1 / 1.58496 + 3 / 2, rel=1e-4)
    assert evaluation.ndcg(["A", "C", "B"], grades) == 1
    assert evaluation.ndcg(["B"], grades) == pytest.approx(1 / (7 + 3 / 1.58496 + 1 / 2), rel=1e-4)
    assert evaluation.ndcg([], grades) == 0
    assert evaluation.reciprocal(["B", "A"], grades) == 0.5
    assert evaluation.covered(["B", "C"], grades) == 0
