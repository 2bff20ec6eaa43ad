"""Every route by method, role, and own or foreign: who gets in, who is refused, with what traces.

The oracle is `docs/permissions.csv`, written by hand from the rules: one line per route and method,
one column per role. "allow/404" reads: one's own opens, another organization's is not there.
One word alone holds for both; then the nearer one, one's own, is asked for. `allow` says only that
the door opens; what a form then answers to an empty sheet is a matter of the rooms' own tests.
"""

import pytest

from accounts.permissions import Role
from tests.security import world
from tests.security.visits import ROUTES, Visit, blank_pages, table, undone

pytestmark = pytest.mark.once

WORDS = {"allow", "403", "404", "login"}


def test_the_table_has_a_line_for_every_route_and_method_and_a_word_for_every_role():
    rows = table()
    expected = {(route.name, method) for route in ROUTES.values() for method in route.methods}

    assert set(rows) - expected == set()
    assert expected - set(rows) == set()
    for line, cells in rows.items():
        assert set(cells) == set(world.COLUMNS), line
        assert {word for cell in cells.values() for word in cell.split("/")} <= WORDS, line
        # These are not asked for by every role below.
        assert cells["anonymous"] != "allow" or set(cells.values()) == {"allow"}, line
        assert ROUTES[line[0]].is_api or cells["token"] == cells["anonymous"], line


def test_every_thing_of_an_organization_is_hidden_from_the_colleagues_of_another():
    open_to_all = set()
    for (name, method), cells in table().items():
        what = world.thing(name, ROUTES[name].path)
        if what in world.ABOUT_CLIENTS and not cells[Role.WORKER].endswith("404"):
            open_to_all.add((name, method))

    assert open_to_all == set()


def test_nothing_that_names_a_row_is_left_without_one_to_name():
    named = {r.name for r in ROUTES.values() if "<uuid:" in r.path or "<int:" in r.path}

    assert [name for name in sorted(named) if not world.thing(name, ROUTES[name].path)] == []


@pytest.mark.parametrize("column", world.COLUMNS)
def test_each_role_gets_what_the_table_says(column, both_sides):
    wrong = []
    with undone(), blank_pages():
        who = world.person(column, both_sides.own)
        browser = world.browser(column, who, both_sides.own)
        account = world.account_things(who, both_sides.of)

        for (name, method), cells in table().items():
            if not _is_asked(column, name, cells):
                continue
            for relation, word in zip(world.RELATIONS, cells[column].split("/"), strict=False):
                things = both_sides.things(relation) | account[relation]
                with undone():
                    visit = Visit(ROUTES[name], method, things, signed_in=who is not None)
                    visit.send(browser)
                    wrong += [
                        f"{name} {method} {relation}: {fault}"
                        for fault in visit.faults(word, both_sides.foreign)
                    ]

    assert wrong == []


def _is_asked(column: str, name: str, cells: dict[str, str]) -> bool:
    """Leave out what is the same for all: public pages, and pages to a program's token."""
    if column == "token" and not ROUTES[name].is_api:
        return False
    return column in world.READ_ALL or cells["anonymous"] != "allow"
