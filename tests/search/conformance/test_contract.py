"""What every engine does with writes and generations, in whatever order they come."""

import random
from itertools import count

import pytest

from search.documents import Doc
from search.planner import Plan
from tests.search.conformance import made

EVERYTHING = Plan("browse", limit=1000, audience="staff")
_numbers = count(1)


@pytest.fixture
def begun(empty):
    """Give the name of a new generation, and take it away afterwards."""
    name = f"{empty.fingerprint}-{next(_numbers):06d}"
    empty.begin(name)
    yield name
    empty.drop(name)


def write(engine, generation, upserts=(), deletes=()):
    with engine.locked(generation):
        return engine.write(generation, upserts, deletes)


def held(engine, generation):
    """Return count and sum of versions, after everything written can be seen."""
    return engine.sums(generation).get(0, (0, 0, 0))[:2]


def found(engine, generation):
    return {hit.id for hit in engine.search(EVERYTHING, generation).hits}


def test_writing_twice_changes_nothing(empty, begun):
    for _ in range(2):
        assert write(empty, begun, [Doc(1, version=2), Doc(2, version=1)]) == []

    assert held(empty, begun) == (2, 3)


def test_an_older_version_is_ignored_and_no_failure(empty, begun):
    write(empty, begun, [Doc(1, version=5, fee=("free",))])

    assert write(empty, begun, [Doc(1, version=4, fee=("market",))]) == []

    assert held(empty, begun) == (1, 5)
    plan = Plan("browse", facets=("fee",))
    assert empty.search(plan, begun).facets == {"fee": {"free": 1}}


def test_an_older_removal_is_ignored(empty, begun):
    write(empty, begun, [Doc(1, version=5)])

    write(empty, begun, [], [(1, 4)])

    assert held(empty, begun) == (1, 5)


def test_what_is_removed_is_gone_and_can_come_back(empty, begun):
    write(empty, begun, [Doc(1, version=1), Doc(2, version=1)])

    write(empty, begun, [], [(1, 2), (3, 1)])
    assert (held(empty, begun), found(empty, begun)) == ((1, 1), {2})

    write(empty, begun, [Doc(1, version=3)])
    assert (held(empty, begun), found(empty, begun)) == ((2, 4), {1, 2})


def test_any_order_of_writes_ends_like_brute_force(empty, begun, rule):
    rng = random.Random(3)
    rule.begin(begun)
    versions = dict.fromkeys(range(1, 41), 0)
    for _ in range(10):
        ids = rng.sample(sorted(versions), 8)
        for id_ in ids:
            versions[id_] += 1
        docs = [Doc(id_, version=versions[id_], fee=(f"f{id_ % 3}",)) for id_ in ids[:5]]
        gone = [(id_, versions[id_]) for id_ in ids[5:]]
        for engine in (empty, rule):
            write(engine, begun, docs, gone)

    assert empty.sums(begun) == rule.sums(begun)
    assert found(empty, begun) == found(rule, begun)


def test_sums_are_told_by_ranges(empty, begun):
    write(empty, begun, [Doc(999, version=1), Doc(1000, version=2), Doc(1001, version=3)])

    sums = empty.sums(begun)

    assert {low: part[:2] for low, part in sums.items()} == {0: (1, 1), 1000: (2, 5)}
    assert sums[0].digests == Doc(999).digest


def test_tokens_are_counted_by_documents(empty, begun, rule):
    documents = made.documents(120)
    rule.begin(begun)
    for engine in (empty, rule):
        write(engine, begun, documents)
    held(empty, begun)

    assert empty.tokens(begun, 2) == rule.tokens(begun, 2)
    assert empty.tokens(begun, 50) == rule.tokens(begun, 50)


def test_beginning_again_leaves_nothing_of_the_first_try(empty, begun):
    write(empty, begun, [Doc(1)])

    empty.begin(begun)

    assert held(empty, begun) == (0, 0)


def test_readers_see_a_generation_from_its_swap_to_the_next(empty, begun):
    second = f"{empty.fingerprint}-{next(_numbers):06d}"
    empty.begin(second)
    write(empty, begun, [Doc(1)])
    write(empty, second, [Doc(2)])

    seen = []
    for generation in (begun, second, begun):
        empty.swap(generation)
        seen.append([hit.id for hit in empty.search(EVERYTHING).hits])

    assert seen == [[1], [2], [1]]
    assert {begun, second} <= set(empty.stored())
    empty.drop(second)
    assert second not in empty.stored()
    assert empty.health().documents == 1


def test_one_document_that_is_refused_spares_the_others(empty, begun):
    failures = write(empty, begun, [Doc(1), Doc(2, points=((9e9, 10.0),)), Doc(3)])

    assert [(failure.id, failure.final) for failure in failures] == [(2, True)]
    assert held(empty, begun)[0] == 2
