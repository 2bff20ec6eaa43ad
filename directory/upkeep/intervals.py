"""When a listing is due, and what the ladder does on which day; pure functions over dates."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple, Protocol
from uuid import UUID

from directory.catalogue.states import Freshness

# A listing confirmed today is never asked again within a month, whatever the risk says.
SHORTEST = 30
# A policy that was changed never makes a listing due sooner than a week from now.
GRACE = 7
JITTER = 0.10


class Act(StrEnum):
    """What a rung of the ladder does."""

    ASK = "ask"
    PHONE = "phone"
    VISIT = "visit"
    STALE = "stale"
    HIDE = "hide"


class Rung(NamedTuple):
    """On this day, do this."""

    on: date
    act: Act


class Days(Protocol):
    """The numbers of a policy, in days; `stale_after` and the rest count from the due day."""

    interval_days: int
    first_days: int
    ask_before: int
    ask_steps: list[int]
    phone_after: int
    visit_after: int
    stale_after: int
    hide_after: int


@dataclass(frozen=True)
class Risk:
    """What the last 180 days say about a listing."""

    upheld_doubts: int = 0
    corrections_in_a_row: int = 0

    @property
    def factor(self) -> float:
        """Halve the interval where the listing was wrong twice; else leave it."""
        return 0.5 if self.upheld_doubts >= 2 or self.corrections_in_a_row >= 2 else 1.0


def _spread(uid: UUID) -> float:
    """Return -1 to 1 from the uid, so that an import does not fall due on one day."""
    number = int.from_bytes(blake2b(uid.bytes, digest_size=4).digest(), "big")
    return number / 2**31 - 1


def next_due(
    confirmed_on: date, policy: Days, *, uid: UUID, risk: Risk = Risk(), half: bool = False
) -> date:
    """Return the day by which a confirmed listing must be confirmed again.

    `half`: the check was a look at the provider's site, which counts for half an interval.
    """
    days = policy.interval_days * risk.factor * (0.5 if half else 1.0)
    days += days * JITTER * _spread(uid)
    return confirmed_on + timedelta(days=max(SHORTEST, round(days)))


def first_due(listed_on: date, policy: Days) -> date:
    """Return the day by which a listing nobody ever confirmed must be confirmed."""
    return listed_on + timedelta(days=policy.first_days)


def recomputed(due: date, *, today: date) -> date:
    """Keep a date that a changed policy yields from falling on people without warning."""
    return max(due, today + timedelta(days=GRACE))


def ladder(due_on: date, policy: Days, *, opened_on: date | None = None) -> list[Rung]:
    """Return what happens to a listing that nobody confirms, in order of days.

    A check after a doubt opens late (`opened_on`): its first question goes out that day.
    """
    first = due_on - timedelta(days=policy.ask_before)
    start = max(first, opened_on) if opened_on else first
    asks = [start] + [start + timedelta(days=days) for days in policy.ask_steps]
    rungs = [Rung(on, Act.ASK) for on in asks if on < due_on or on == start]
    rungs += [
        Rung(due_on + timedelta(days=policy.phone_after), Act.PHONE),
        Rung(due_on + timedelta(days=policy.visit_after), Act.VISIT),
        Rung(due_on + timedelta(days=policy.stale_after), Act.STALE),
        Rung(due_on + timedelta(days=policy.hide_after), Act.HIDE),
    ]
    return sorted(rungs, key=lambda rung: rung.on)


def reached(rungs: list[Rung], today: date) -> int:
    """Return how many rungs lie behind us; after an outage the missed ones collapse into one."""
    return sum(rung.on <= today for rung in rungs)


def freshness(
    *, today: date, verified_on: date | None, verify_by: date | None, doubt: int, stale_after: int
) -> Freshness:
    """Say how far a listing can be trusted today; the worse of age and doubt wins."""
    late = (today - verify_by).days if verify_by else 0
    if doubt >= 2 or (verify_by and late >= stale_after):
        return Freshness.STALE
    if doubt == 1 or (verify_by and late >= 0):
        return Freshness.DUE
    return Freshness.FRESH if verified_on else Freshness.UNVERIFIED
