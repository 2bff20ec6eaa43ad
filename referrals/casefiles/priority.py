"""Priority of a need: urgency times impact and what adds to it, by a scheme that is data (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

NEAR = timedelta(days=7)


@dataclass(frozen=True)
class Level:
    """One level: the score that reaches it and the clocks that run on it."""

    code: str
    at_least: int
    clock_class: str


@dataclass(frozen=True)
class Facts:
    """What counts about one need on one day."""

    urgency: str
    impact: str
    has_dependents: bool = False
    no_informal_support: bool = False
    ranked_first: bool = False
    deadline: date | None = None

    def deadline_near(self, on: date) -> bool:
        """Say whether the deadline is seven days away or less, or past."""
        return self.deadline is not None and self.deadline - on <= NEAR


@dataclass(frozen=True)
class Part:
    """One reason of a score, by name, with its points."""

    name: str
    points: int


@dataclass(frozen=True)
class Assessment:
    """The score, the level, and every reason for it."""

    score: int
    level: str
    parts: tuple[Part, ...]
    raised_by_floor: bool


@dataclass(frozen=True)
class Scheme:
    """Weights, additions, thresholds and floors of one version."""

    urgency: Mapping[str, int]
    impact: Mapping[str, int]
    additions: Mapping[str, int]
    levels: tuple[Level, ...]
    floors: Mapping[str, str]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read a stored scheme; one that leaves a need without a level is refused."""
        levels = tuple(Level(**row) for row in data["levels"])
        codes = [level.code for level in levels]
        scores = [level.at_least for level in levels]
        if not 3 <= len(levels) <= 5 or len(set(codes)) != len(codes):
            raise ValueError("a scheme has three to five different levels")
        if scores != sorted(scores, reverse=True) or scores[-1] != 0:
            raise ValueError("levels fall from the highest threshold to zero")
        if set(data["urgency"]) != set(URGENCIES) or set(data["impact"]) != set(IMPACTS):
            raise ValueError("every urgency and every impact has a weight")
        if not set(data["floors"].values()) <= set(codes) or not set(data["floors"]) <= set(
            URGENCIES
        ):
            raise ValueError("a floor joins a known urgency to a known level")
        if set(data["additions"]) != set(ADDITIONS):
            raise ValueError("every addition has its points")
        return cls(data["urgency"], data["impact"], data["additions"], levels, data["floors"])

    def clock_class(self, code: str) -> str:
        """Return which clocks run on a level."""
        return next(level.clock_class for level in self.levels if level.code == code)


URGENCIES = ("u1", "u2", "u3", "u4")
IMPACTS = ("i1", "i2", "i3", "i4")
ADDITIONS = ("has_dependents", "deadline_near", "no_informal_support", "ranked_first")

# The seed of the first scheme row; an installation publishes its own versions beside it.
DEFAULT: dict[str, Any] = {
    "urgency": {"u1": 4, "u2": 3, "u3": 2, "u4": 1},
    "impact": {"i1": 1, "i2": 2, "i3": 3, "i4": 4},
    "additions": {
        "has_dependents": 2,
        "deadline_near": 2,
        "no_informal_support": 1,
        "ranked_first": 2,
    },
    "levels": [
        {"code": "p1", "at_least": 16, "clock_class": "emergency"},
        {"code": "p2", "at_least": 8, "clock_class": "urgent"},
        {"code": "p3", "at_least": 4, "clock_class": "normal"},
        {"code": "p4", "at_least": 0, "clock_class": "normal"},
    ],
    # A purely personal emergency is never green.
    "floors": {"u1": "p1", "u2": "p2", "u3": "p3"},
}


def assess(facts: Facts, scheme: Scheme, *, on: date) -> Assessment:
    """Score a need; a floor lifts the level of what is urgent for one person alone."""
    product = scheme.urgency[facts.urgency] * scheme.impact[facts.impact]
    holds = {
        "has_dependents": facts.has_dependents,
        "deadline_near": facts.deadline_near(on),
        "no_informal_support": facts.no_informal_support,
        "ranked_first": facts.ranked_first,
    }
    added = [Part(name, scheme.additions[name]) for name in ADDITIONS if holds[name]]
    parts = (Part("urgency_impact", product), *added)
    score = sum(part.points for part in parts)
    reached = next(i for i, level in enumerate(scheme.levels) if score >= level.at_least)
    floor = scheme.floors.get(facts.urgency)
    codes = [level.code for level in scheme.levels]
    lifted = floor is not None and codes.index(floor) < reached
    level = floor if floor is not None and lifted else codes[reached]
    return Assessment(score, level, parts, raised_by_floor=lifted)
