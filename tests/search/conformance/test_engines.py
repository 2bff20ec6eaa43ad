import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.backends.embedded import Embedded
from search.backends.oracle import Oracle
from tests.search.conformance import made


def filled(engine, documents):
    engine.begin(f"{PREFIX}one")
    for start in range(0, len(documents), 700):
        engine.write(f"{PREFIX}one", documents[start : start + 700], [])
    engine.swap(f"{PREFIX}one")
    return engine


from search.backends.embedded import fingerprint  # noqa: E402

PREFIX = f"{fingerprint()}-"


@pytest.fixture(scope="module")
def documents():
    return made.documents()


@pytest.fixture(scope="module")
def oracle(documents):
    return filled(Oracle(), documents)


@pytest.fixture(scope="module", params=["embedded"])
def engine(request, documents, tmp_path_factory):
    return filled(Embedded(tmp_path_factory.mktemp("engine")), documents)


def check_same(engine, oracle, plan):
    mine, rule = engine.search(plan), oracle.search(plan)
    assert mine.total == rule.total
    assert mine.facets == rule.facets
    assert len(mine.hits) == len(rule.hits)
    for position, (a, b) in enumerate(zip(mine.hits, rule.hits, strict=True)):
        assert a.score == pytest.approx(b.score, rel=1e-5, abs=1e-6), position
        if a.id != b.id:
            # Only neighbors whose scores differ by less than floats can tell may swap.
            assert plan.sort in {"best", "distance"}
            assert a.id in {hit.id for hit in rule.hits} or position > len(rule.hits) - 10
        elif b.distance_m is None:
            assert a.distance_m is None
        elif plan.geo and plan.geo.lat is not None:
            assert a.distance_m == pytest.approx(b.distance_m, abs=1)


@pytest.mark.parametrize("number", range(320))
def test_engine_answers_a_plan_as_the_rules_say(engine, oracle, number):
    plan = made.plan(random.Random(number))

    check_same(engine, oracle, plan)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(min_value=1000, max_value=10**9))
def test_engine_answers_any_plan_as_the_rules_say(engine, oracle, seed):
    check_same(engine, oracle, made.plan(random.Random(seed)))


def test_engine_counts_what_it_finds(engine, oracle):
    plans = made.plans(40)

    assert engine.counts(plans) == oracle.counts(plans)


def test_pages_of_a_list_repeat_nothing_and_leave_nothing_out(engine):
    for seed in range(12):
        plan = made.plan(random.Random(seed))
        total = engine.search(plan).total
        pages = [
            engine.search(replace(plan, offset=offset, limit=100, facets=()))
            for offset in range(0, min(total, 1000), 100)
        ]
        ids = [hit.id for page in pages for hit in page.hits]

        assert max(Counter(ids).values(), default=1) == 1
        assert len(ids) == min(total, 1000)
