"""Every engine answers as the rules say: brute force is the rule."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search.conformance import made


def filled(engine, documents):
    generation = f"{engine.fingerprint}-000001"
    engine.begin(generation)
    for start in range(0, len(documents), 700):
        assert engine.write(generation, documents[start : start + 700], []) == []
    engine.swap(generation)
    return engine


@pytest.fixture(scope="module")
def documents():
    return made.documents()


@pytest.fixture(scope="module")
def oracle(rule, documents):
    return filled(rule, documents)


@pytest.fixture(scope="module")
def engine(empty, documents):
    return filled(empty, documents)


def order_of(plan, hit):
    """Return what a hit is ordered by, or None where the order allows no doubt."""
    if plan.sort == "distance":
        return -hit.score if hit.distance_m is None else hit.distance_m
    return hit.score if plan.sort == "best" else None


def check_same(engine, oracle, plan):
    """Compare totals, facets and hits; what floats cannot tell apart may change places."""
    mine, rule = engine.search(plan), oracle.search(plan)
    assert mine.total == rule.total
    assert mine.facets == rule.facets
    assert len(mine.hits) == len(rule.hits)
    assert not mine.partial
    for position, (a, b) in enumerate(zip(mine.hits, rule.hits, strict=True)):
        if order_of(plan, b) is None:
            assert a.id == b.id, position
        # A distance is exact to a few centimeters: indices keep points in 32 bits.
        slack = {"abs": 0.05, "rel": 1e-7} if plan.sort == "distance" else {"rel": 1e-5}
        assert order_of(plan, a) == pytest.approx(order_of(plan, b), **slack), position
    known = {hit.id: hit for hit in rule.hits}
    for hit in mine.hits:
        if hit.id not in known:
            edges = [order_of(plan, rule.hits[0]), order_of(plan, rule.hits[-1])]
            assert any(order_of(plan, hit) == pytest.approx(edge, rel=1e-5) for edge in edges)
            continue
        assert hit.score == pytest.approx(known[hit.id].score, rel=1e-5, abs=1e-6)
        if known[hit.id].distance_m is None:
            assert hit.distance_m is None
        else:
            assert hit.distance_m == pytest.approx(known[hit.id].distance_m, abs=1)


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
