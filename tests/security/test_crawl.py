"""Every route that reads, walked by each role: it changes nothing and tells nothing of others."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from accounts.permissions import Role
from tests.security import world
from tests.security.visits import ROUTES, Visit, table, undone
from tests.support.canary import leaks
from tests.support.dbhash import BOOKKEEPING, changed, database_hash

pytestmark = pytest.mark.once

# What records that somebody read is written by reading, and nothing else is.
RECORDS_OF_READING = (*BOOKKEEPING, "casefiles_disclosureevent")
TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)
# What differs between two answers to the same question.
PASSING = re.compile(rb"\b[A-Za-z0-9]{64}\b|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _opened_by(column: str) -> Iterator[str]:
    """Yield the routes whose GET the table opens to a column."""
    for (name, method), cells in table().items():
        opened = method == "GET" and cells[column].startswith("allow")
        if opened and (column in world.READ_ALL or cells["anonymous"] != "allow"):
            yield name


def _visits(column: str, both_sides: Any) -> Iterator[Visit]:
    own = both_sides.own
    who = world.person(column, own)
    browser = world.browser(column, who, own)
    things = both_sides.things("own") | world.account_things(who, both_sides.of)["own"]
    before = database_hash(leaving_out=RECORDS_OF_READING)
    for name in _opened_by(column):
        visit = Visit(ROUTES[name], "GET", things, signed_in=who is not None)
        visit.send(browser)
        yield visit
    after = database_hash(leaving_out=RECORDS_OF_READING)
    assert changed(before, after) == []


@pytest.mark.parametrize("column", [name for name in world.COLUMNS if name != "no_role"])
def test_reading_changes_nothing_and_shows_nobody_elses_words(column, both_sides):
    own, foreign, wrong = both_sides.own, both_sides.foreign, []
    with undone():
        for visit in _visits(column, both_sides):
            seen, where = visit.seen, visit.route.name
            wrong += [f"{where}: {line}" for line in visit.written if _acts(line)]
            wrong += leaks(foreign.private, where, seen.body) if foreign.told(seen.body) else []
            # Titles stand in tabs and histories, addresses in histories and logs.
            shown = seen.head + visit.url.encode() + b"".join(TITLE.findall(seen.body))
            wrong += leaks(own.private, f"title or address of {where}", shown)
            wrong += [f"{where}: {seen.status}"] if seen.status >= 500 else []

    assert wrong == []


def _acts(line: str) -> bool:
    return not line.partition(" ")[2].startswith(RECORDS_OF_READING)


def test_what_is_another_organizations_answers_as_what_does_not_exist(both_sides):
    told_apart = []
    with undone():
        worker = both_sides.own.scene.worker
        browser = world.browser(Role.WORKER, worker, both_sides.own)
        others = both_sides.things("foreign")
        for name, method in table():
            route = ROUTES[name]
            # Of a page one method is enough: it looks the thing up before it looks at the method.
            if not route.is_api and method != min(route.methods):
                continue
            if world.thing(name, route.path) not in world.ABOUT_CLIENTS:
                continue
            there = Visit(route, method, others, signed_in=True)
            missing = Visit(route, method, others, signed_in=True)
            missing.url = PASSING.sub(str(uuid4()).encode(), there.url.encode()).decode()
            if _told(there.send(browser)) != _told(missing.send(browser)):
                told_apart.append(f"{name} {method}")

    assert told_apart == []


def _told(seen: Any) -> tuple[int, bytes]:
    return seen.status, PASSING.sub(b"", seen.body)
