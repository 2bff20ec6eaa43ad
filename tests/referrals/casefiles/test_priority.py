"""Priority: every urgency and impact against a hand-written table, floors, the scheme itself."""

import copy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.casefiles.priority import DEFAULT, Facts, Part, Scheme, assess

ON = date(2026, 11, 24)
SCHEME = Scheme.from_data(DEFAULT)
# Without additions: rows u1–u4, columns i1–i4.
BARE = {
    "u1": ["p1", "p1", "p1", "p1"],
    "u2": ["p2", "p2", "p2", "p2"],
    "u3": ["p3", "p3", "p3", "p2"],
    "u4": ["p4", "p4", "p4", "p3"],
}


@pytest.mark.parametrize("urgency", BARE)
@pytest.mark.parametrize("impact", ["i1", "i2", "i3", "i4"])
def test_level_without_additions(urgency, impact):
    result = assess(Facts(urgency, impact), SCHEME, on=ON)

    assert result.level == BARE[urgency][int(impact[1]) - 1]
    assert result.score == (5 - int(urgency[1])) * int(impact[1])


@settings(deadline=None)
@given(
    urgency=st.sampled_from(["u1", "u2", "u3", "u4"]),
    impact=st.sampled_from(["i1", "i2", "i3", "i4"]),
    dependents=st.booleans(),
    alone=st.booleans(),
    first=st.booleans(),
    days=st.none() | st.integers(-30, 60),
)
def test_score_is_the_formula(urgency, impact, dependents, alone, first, days):
    deadline = None if days is None else date.fromordinal(ON.toordinal() + days)
    near = days is not None and days <= 7

    result = assess(
        Facts(urgency, impact, dependents, alone, first, deadline),
        SCHEME,
        on=ON,
    )

    weight = {"u1": 4, "u2": 3, "u3": 2, "u4": 1}[urgency]
    score = weight * int(impact[1]) + 2 * dependents + 2 * near + alone + 2 * first
    by_score = "p1" if score >= 16 else "p2" if score >= 8 else "p3" if score >= 4 else "p4"
    floor = {"u1": "p1", "u2": "p2", "u3": "p3", "u4": "p4"}[urgency]
    assert result.score == score == sum(part.points for part in result.parts)
    assert result.level == min(by_score, floor)
    assert result.raised_by_floor is (floor < by_score)


def test_every_addition_is_named_with_its_points():
    facts = Facts(
        "u3",
        "i2",
        has_dependents=True,
        no_informal_support=True,
        ranked_first=True,
        deadline=date(2026, 12, 1),
    )

    result = assess(facts, SCHEME, on=ON)

    assert result.parts == (
        Part("urgency_impact", 4),
        Part("has_dependents", 2),
        Part("deadline_near", 2),
        Part("no_informal_support", 1),
        Part("ranked_first", 2),
    )


@pytest.mark.parametrize(("day", "near"), [(date(2026, 12, 2), False), (date(2026, 12, 1), True)])
def test_a_deadline_counts_from_seven_days_before(day, near):
    assert Facts("u4", "i1", deadline=day).deadline_near(ON) is near


def test_each_level_names_its_clocks():
    assert [SCHEME.clock_class(code) for code in ("p1", "p2", "p3", "p4")] == [
        "emergency",
        "urgent",
        "normal",
        "normal",
    ]


def _broken(change):
    data = copy.deepcopy(DEFAULT)
    change(data)
    return data


@pytest.mark.parametrize(
    "data",
    [
        _broken(lambda d: d["levels"].pop()),
        _broken(lambda d: d["levels"].reverse()),
        _broken(lambda d: d["levels"].__delitem__(slice(0, 2))),
        _broken(lambda d: d["levels"][0].update(code="p2")),
        _broken(lambda d: d["urgency"].pop("u1")),
        _broken(lambda d: d["impact"].update(i5=5)),
        _broken(lambda d: d["floors"].update(u4="p9")),
        _broken(lambda d: d["floors"].update(u9="p1")),
        _broken(lambda d: d["additions"].pop("ranked_first")),
    ],
)
def test_a_scheme_that_leaves_a_need_without_a_level_is_refused(data):
    with pytest.raises(ValueError, match=r"scheme|levels|weight|floor|addition"):
        Scheme.from_data(data)
