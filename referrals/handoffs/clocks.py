"""When a step is due, and what happens as silence lasts; instants are frozen at the start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from directory.catalogue import queries as catalogue
from referrals.handoffs.models import ClockPolicy
from referrals.handoffs.states import Clock

if TYPE_CHECKING:
    from directory.catalogue.models import Organization

REMIND, LATE, MANAGER, COORDINATOR, END = range(5)
PERCENT = {REMIND: 80, LATE: 100, MANAGER: 150, COORDINATOR: 200, END: 300}
# The column that keeps the instant of each rung.
COLUMN = {REMIND: "remind_at", LATE: "due_at", MANAGER: "l2_at", COORDINATOR: "l3_at", END: "l4_at"}
OWN_SIDE = (REMIND, LATE)
LADDER: Mapping[Clock, tuple[int, ...]] = {
    Clock.DRAFT: OWN_SIDE,
    Clock.APPROVAL: OWN_SIDE,
    Clock.ACKNOWLEDGE: (REMIND, LATE, MANAGER, COORDINATOR, END),
    Clock.DECIDE: (REMIND, LATE, MANAGER, COORDINATOR, END),
    Clock.CONTACT: (LATE, MANAGER, COORDINATOR),
    Clock.PROGRESS: (LATE, MANAGER, COORDINATOR),
    Clock.WAITLIST: (LATE, MANAGER, COORDINATOR),
    Clock.VERIFY: (REMIND, LATE, END),
    Clock.ANSWER: (REMIND, LATE, END),
    Clock.RESUME: OWN_SIDE,
}
# Silence on the other clocks is a matter for people, never an end.
ALWAYS_ENDS = frozenset({Clock.VERIFY, Clock.ANSWER})
VERIFY_GRACE = timedelta(days=14)
SENDERS = frozenset({Clock.DRAFT, Clock.APPROVAL, Clock.VERIFY, Clock.ANSWER, Clock.FOLLOW_UP})


class Rule(Protocol):
    """What the arithmetic reads of a policy."""

    category: str
    organization_id: int | None
    amount: int
    unit: str
    ends_referral: bool


class Instants(NamedTuple):
    """The instants of one clock; None where the ladder has no such rung."""

    started_at: datetime
    due_at: datetime
    remind_at: datetime | None
    l2_at: datetime | None
    l3_at: datetime | None
    l4_at: datetime | None


@dataclass(frozen=True)
class Limit:
    """What bounds a clock beside its policy: a day promised, or a day awaited."""

    latest: datetime | None = None
    exactly: datetime | None = None


def choose(
    rules: Iterable[Rule], *, category: str, organization: int | None
) -> tuple[Rule, Rule | None]:
    """Return the narrowest rule, and the network's own where an organization set a shorter one.

    Organization and category beat category, category beats organization, that beats the network.
    """
    fitting = [
        rule
        for rule in rules
        if category.startswith(rule.category) and rule.organization_id in {None, organization}
    ]

    def narrowness(rule: Rule) -> tuple[bool, bool, int]:
        return bool(rule.category), rule.organization_id is not None, len(rule.category)

    best = max(fitting, key=narrowness)
    if best.organization_id is None:
        return best, None
    shared = [rule for rule in fitting if rule.organization_id is None]
    return best, max(shared, key=narrowness)


def instants(
    clock: Clock,
    rules: tuple[Rule, Rule | None],
    start: datetime,
    organization: "Organization | None",
    limit: Limit = Limit(),
) -> Instants:
    """Freeze the instants of a clock that starts; an organization may shorten, never lengthen."""
    candidates = [_rungs(clock, rule, start, organization) for rule in rules if rule is not None]
    rungs = min(candidates, key=lambda found: found[LATE])
    due = limit.exactly or rungs[LATE]
    if limit.latest is not None:
        due = min(due, limit.latest)
    due = max(due, start)
    if due != rungs[LATE]:
        # A day that was promised or awaited stretches or shrinks the whole ladder.
        rungs = {rung: start + (due - start) * PERCENT[rung] / 100 for rung in rungs}
    if clock == Clock.VERIFY:
        rungs[END] = due + VERIFY_GRACE
    ends = clock in ALWAYS_ENDS or any(rule and rule.ends_referral for rule in rules)
    shown = {COLUMN[rung]: at for rung, at in rungs.items() if rung != END or ends}
    # The chip turns amber after four fifths, also where nobody is reminded.
    shown.setdefault("remind_at", rungs[LATE] - (rungs[LATE] - start) / 5)
    return Instants(start, *(shown.get(name) for name in Instants._fields[1:]))  # type: ignore[arg-type]  # due_at is always there


def _rungs(
    clock: Clock, rule: Rule, start: datetime, organization: "Organization | None"
) -> dict[int, datetime]:
    return {rung: _reach(rule, start, organization, PERCENT[rung]) for rung in LADDER[clock]}


def _reach(
    rule: Rule, start: datetime, organization: "Organization | None", percent: int
) -> datetime:
    """Count a share of the time: 150 % of two working days is three."""
    return catalogue.due(start, rule.amount * percent / 100, rule.unit, organization)


def rules(
    clock: str, clock_class: str, *, category: str, organization: "Organization | None"
) -> tuple[Rule, Rule | None]:
    """Read the policies of a clock and choose."""
    rows = ClockPolicy.objects.filter(clock=clock, clock_class=clock_class)
    return choose(rows, category=category, organization=organization.pk if organization else None)


def due(
    clock: str,
    clock_class: str,
    *,
    category: str,
    organization: "Organization | None",
    start: datetime,
) -> datetime:
    """Return when something is due by the policy in force; for clocks that other rooms keep."""
    found = rules(clock, clock_class, category=category, organization=organization)
    return min(_reach(rule, start, organization, 100) for rule in found if rule is not None)


def end_of(day: date | None) -> datetime | None:
    """Return the last second of a civil day."""
    if day is None:
        return None
    tz = ZoneInfo(settings.TIME_ZONE)
    midnight = datetime.combine(day + timedelta(days=1), time.min, tz)
    return midnight - timedelta(seconds=1)


def after(day: date, organization: "Organization | None") -> datetime:
    """Return the end of the first working day after a civil day."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))
    return catalogue.due(midnight, 1, "wd", organization)


def following(clock: str, at: Instants, *, after: int) -> datetime | None:
    """Return the instant of the next rung above a level, or None at the top."""
    for rung in LADDER[Clock(clock)]:
        instant: datetime | None = getattr(at, COLUMN[rung])
        if rung > after and instant is not None:
            return instant
    return None
