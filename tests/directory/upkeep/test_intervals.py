import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.catalogue.states import Freshness
from directory.upkeep.intervals import (
    GRACE,
    SHORTEST,
    Act,
    Risk,
    first_due,
    freshness,
    ladder,
    next_due,
    reached,
    recomputed,
)


@dataclass
class Policy:
    interval_days: int = 365
    first_days: int = 30
    ask_before: int = 30
    ask_steps: list[int] = field(default_factory=lambda: [7, 21])
    phone_after: int = 0
    visit_after: int = 30
    stale_after: int = 60
    hide_after: int = 120


STANDARD = Policy()
DUE = date(2028, 2, 29)
UID = uuid.UUID(int=7)


def test_ladder_of_a_standard_listing_by_hand() -> None:
    steps = [((rung.on - DUE).days, rung.act) for rung in ladder(DUE, STANDARD)]

    assert steps == [
        (-30, Act.ASK),
        (-23, Act.ASK),
        (-9, Act.ASK),
        (0, Act.PHONE),
        (30, Act.VISIT),
        (60, Act.STALE),
        (120, Act.HIDE),
    ]


def test_check_after_a_doubt_asks_on_the_day_it_opens() -> None:
    opened = DUE - timedelta(days=2)

    rungs = ladder(DUE, STANDARD, opened_on=opened)

    assert rungs[0] == (opened, Act.ASK)
    assert [rung.act for rung in rungs[1:]] == [Act.PHONE, Act.VISIT, Act.STALE, Act.HIDE]


@pytest.mark.parametrize(
    ("days", "rungs"), [(-31, 0), (-30, 1), (-24, 1), (-23, 2), (0, 4), (29, 4), (120, 7), (900, 7)]
)
def test_missed_rungs_collapse_into_the_last_reached(days: int, rungs: int) -> None:
    assert reached(ladder(DUE, STANDARD), DUE + timedelta(days=days)) == rungs


@given(uid=st.uuids(), on=st.dates(min_value=date(2024, 1, 1), max_value=date(2040, 1, 1)))
def test_next_date_stays_within_a_tenth_of_the_interval(uid: uuid.UUID, on: date) -> None:
    days = (next_due(on, STANDARD, uid=uid) - on).days

    assert 328 <= days <= 402
    assert next_due(on, STANDARD, uid=uid) == next_due(on, STANDARD, uid=uid)


def test_an_import_does_not_fall_due_on_one_day() -> None:
    days = {next_due(DUE, STANDARD, uid=uuid.UUID(int=n << 64 | n)) for n in range(200)}

    assert len(days) > 40


@pytest.mark.parametrize(
    ("risk", "half", "about"),
    [
        (Risk(), False, 365),
        (Risk(upheld_doubts=2), False, 182),
        (Risk(corrections_in_a_row=2), False, 182),
        (Risk(upheld_doubts=1, corrections_in_a_row=1), False, 365),
        (Risk(), True, 182),
    ],
)
def test_risk_and_a_mere_look_at_the_site_halve_the_interval(
    risk: Risk, half: bool, about: int
) -> None:
    days = (next_due(DUE, STANDARD, uid=UID, risk=risk, half=half) - DUE).days

    assert abs(days - about) <= about * 0.11


def test_nobody_is_asked_again_within_a_month() -> None:
    hasty = Policy(interval_days=20)

    assert next_due(DUE, hasty, uid=UID) == DUE + timedelta(days=SHORTEST)


def test_a_changed_policy_gives_a_week_of_warning() -> None:
    assert recomputed(DUE - timedelta(days=40), today=DUE) == DUE + timedelta(days=GRACE)
    assert recomputed(DUE + timedelta(days=40), today=DUE) == DUE + timedelta(days=40)


def test_first_date_counts_from_the_listing() -> None:
    assert first_due(DUE, STANDARD) == DUE + timedelta(days=30)


@pytest.mark.parametrize(
    ("late", "verified", "doubt", "expected"),
    [
        (-1, True, 0, Freshness.FRESH),
        (-1, False, 0, Freshness.UNVERIFIED),
        (0, True, 0, Freshness.DUE),
        (0, False, 0, Freshness.DUE),
        (59, True, 0, Freshness.DUE),
        (60, True, 0, Freshness.STALE),
        (-1, True, 1, Freshness.DUE),
        (-1, True, 2, Freshness.STALE),
        (60, True, 1, Freshness.STALE),
    ],
)
def test_the_worse_of_age_and_doubt_wins(
    late: int, verified: bool, doubt: int, expected: Freshness
) -> None:
    found = freshness(
        today=DUE + timedelta(days=late),
        verified_on=DUE - timedelta(days=365) if verified else None,
        verify_by=DUE,
        doubt=doubt,
        stale_after=60,
    )

    assert found == expected
