from itertools import product

import pytest

from core.errors import Conflict, NotPermitted
from directory.catalogue.states import (
    ORGANIZATION_TABLE,
    PLACE_TABLE,
    SERVICE_TABLE,
    Actor,
    Event,
    Freshness,
    ListingStatus,
    OrganizationEvent,
    OrganizationState,
    PlaceState,
    Reason,
    State,
    combined_freshness,
    from_hsds_status,
    hsds_status,
    listing_status,
    narrowest,
    transition,
)

SILENT = {"unconfirmed", "unreachable"}
UPSTREAM = {"upstream_inactive", "upstream_gone"}
SAID_NO = {"reported_closed", "refused"}
EVERY = set(Reason.values)

# Written by hand from the rules, independent of the table: (event, state) → actor → reasons.
# None stands for an arrow that gives no reason.
STOPS = {
    ("pause", "active"): {
        "owner": {"provider_break"},
        "link": {"provider_break"},
        "moderator": {"provider_break"},
        "import": {"provider_break"},
    },
    ("suspend", "active"): {
        "moderator": {"operator"} | UPSTREAM | SAID_NO,
        "import": UPSTREAM,
        "verifier": SAID_NO,
        "link": SAID_NO,
        "system": SAID_NO,
    },
    ("lapse", "active"): {"system": SILENT},
    ("resume", "suspended"): {
        "moderator": EVERY,
        "owner": {"provider_break"},
        "link": {"provider_break"},
        "system": {"provider_break"} | SILENT,
        "import": UPSTREAM | {"provider_break"},
    },
    ("close", "active"): {"moderator": None, "import": None},
    ("close", "suspended"): {"moderator": None, "import": None},
}
SERVICE = STOPS | {
    ("submit", None): dict.fromkeys(("owner", "verifier", "moderator", "import", "system", "link")),
    ("list", "draft"): dict.fromkeys(("moderator", "import", "system")),
    ("reject", "draft"): {"moderator": None},
    ("revise", "rejected"): dict.fromkeys(("owner", "verifier", "moderator")),
    ("reopen", "closed"): {"moderator": None},
    ("merge", "draft"): {"moderator": None},
    ("merge", "active"): {"moderator": None},
    ("merge", "suspended"): {"moderator": None},
    ("merge", "closed"): {"moderator": None},
    ("unmerge", "merged"): {"moderator": None},
}
PLACE = STOPS | {("reopen", "closed"): {"moderator": None, "import": None}}
ORGANIZATION = {
    ("admit", "candidate"): dict.fromkeys(("moderator", "import", "system")),
    ("suspend", "listed"): {"moderator": None},
    ("resume", "suspended"): {"moderator": None},
    ("exclude", "candidate"): {"moderator": None},
    ("exclude", "suspended"): {"moderator": None},
}
TARGETS = {
    "submit": "draft", "list": "active", "reject": "rejected", "revise": "draft",
    "pause": "suspended", "suspend": "suspended", "lapse": "suspended", "resume": "active",
    "close": "closed", "merge": "merged", "unmerge": "",
}  # fmt: skip


def _allowed(table, event, state, actor, reason):
    try:
        return transition(table, event, state, frozenset({actor}), reason).target
    except (Conflict, NotPermitted):
        return None


@pytest.mark.parametrize(
    ("table", "by_hand", "events", "states"),
    [
        (SERVICE_TABLE, SERVICE, Event, [None, *State]),
        (PLACE_TABLE, PLACE, Event, [*PlaceState]),
        (ORGANIZATION_TABLE, ORGANIZATION, OrganizationEvent, [*OrganizationState]),
    ],
)
def test_every_event_state_actor_and_reason_is_as_the_rules_say(table, by_hand, events, states):
    for event, state, actor, reason in product(events, states, Actor, ["", *Reason]):
        rule = by_hand.get((str(event), state and str(state)), {})
        reasons = rule.get(str(actor), set()) if str(actor) in rule else set()
        expected = str(actor) in rule and (reasons is None or str(reason) in reasons)

        got = _allowed(table, event, state, actor, reason)

        assert (got is not None) == expected, (event, state, actor, reason)


@pytest.mark.parametrize(("event", "target"), TARGETS.items())
def test_every_event_leads_where_its_name_says(event, target):
    assert {row.target for row in SERVICE_TABLE if row.event == event} == {target}


def test_an_event_from_the_wrong_state_is_a_conflict_and_not_a_matter_of_rights():
    with pytest.raises(Conflict):
        transition(SERVICE_TABLE, Event.LIST, State.ACTIVE, frozenset({Actor.MODERATOR}))


def test_an_event_by_the_wrong_actor_is_not_permitted():
    with pytest.raises(NotPermitted):
        transition(SERVICE_TABLE, Event.LIST, State.DRAFT, frozenset({Actor.OWNER}))


@pytest.mark.parametrize(
    ("state", "reason", "word"),
    [
        ("active", "", "active"),
        ("suspended", "provider_break", "temporarily closed"),
        ("suspended", "upstream_inactive", "inactive"),
        ("closed", "", "defunct"),
    ],
)
def test_hsds_status_and_back_is_exact(state, reason, word):
    assert hsds_status(state, reason) == word
    assert from_hsds_status(word) == (state, reason)


def test_every_other_suspension_reads_inactive_in_hsds():
    others = set(Reason) - {Reason.PROVIDER_BREAK}

    assert {hsds_status(State.SUSPENDED, reason) for reason in others} == {"inactive"}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("freshness", Freshness)
def test_only_an_active_listing_shows_its_freshness(state, freshness):
    aging = state == State.ACTIVE and freshness in {Freshness.DUE, Freshness.STALE}

    assert listing_status(state, freshness) == (str(freshness) if aging else str(state))
    assert listing_status(state, freshness) in ListingStatus


@pytest.mark.parametrize(
    ("own", "places", "expected"),
    [
        ("fresh", [], "fresh"),
        ("fresh", ["stale", "fresh"], "fresh"),
        ("fresh", ["stale", "due"], "due"),
        ("stale", ["fresh"], "stale"),
        ("unverified", ["fresh"], "unverified"),
        ("due", ["unverified"], "due"),
    ],
)
def test_a_service_is_as_fresh_as_the_worse_of_itself_and_its_best_place(own, places, expected):
    assert combined_freshness(own, places) == expected


def test_the_narrowest_audience_on_the_path_wins():
    assert narrowest("public", "staff", "partner") == "staff"
    assert narrowest("public", "partner") == "partner"
