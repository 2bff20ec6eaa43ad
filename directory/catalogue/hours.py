"""Opening hours, pure: open at this instant, until when, and the week as a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from dateutil.rrule import MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as rrule_weekday

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Far enough to see the next monthly opening.
HORIZON: Final = timedelta(days=62)
# Open for longer than this without a break is "always open" to a reader.
ALWAYS: Final = timedelta(days=7)
ONE_DAY: Final = timedelta(days=1)


class Rule(Protocol):
    """What is read of a schedule row; `models.Schedule` and `Row` both fit."""

    valid_from: date | None
    valid_to: date | None
    dtstart: date | None
    tz: str
    until: date | None
    count: int | None
    wkst: str
    freq: str
    interval: int | None
    byday: str
    byweekno: str
    bymonthday: str
    byyearday: str
    opens_at: time | None
    closes_at: time | None
    all_day: bool
    closes_next_day: bool
    on_holidays: str
    on_make_up_days: str


class Special(Protocol):
    """What is read of a dated exception."""

    starts_on: date
    ends_on: date
    every_year: bool
    kind: str
    opens_at: time | None
    closes_at: time | None
    label: str


@dataclass(frozen=True)
class Row:
    """A rule without a database, for stored timetables and tests."""

    byday: str = ""
    opens_at: time | None = None
    closes_at: time | None = None
    freq: str = "WEEKLY"
    all_day: bool = False
    closes_next_day: bool = False
    on_holidays: str = "unknown"
    on_make_up_days: str = "as_weekday"
    tz: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    until: date | None = None
    count: int | None = None
    interval: int | None = None
    wkst: str = ""
    byweekno: str = ""
    bymonthday: str = ""
    byyearday: str = ""


@dataclass(frozen=True)
class Dated:
    """An exception without a database."""

    starts_on: date
    ends_on: date
    kind: str = "closed"
    every_year: bool = False
    opens_at: time | None = None
    closes_at: time | None = None
    label: str = ""


class Day(NamedTuple):
    """What the calendar of holidays says of a date; `acts_as` counts from Monday = 0."""

    kind: str
    acts_as: int | None = None
    name: str = ""


Calendar = Mapping[date, Day]


class Status(NamedTuple):
    """Whether it is open; `until` closes an opening, `next_opening` ends a closure."""

    kind: Literal["open", "closed", "always", "unknown"]
    until: datetime | None = None
    next_opening: datetime | None = None


@dataclass(frozen=True)
class DayHours:
    """One line of the page's table: spans as local times, and why the day differs."""

    on: date
    spans: tuple[tuple[time, time, bool], ...] = ()
    all_day: bool = False
    is_known: bool = True
    is_special: bool = False
    label: str = ""


class _Span(NamedTuple):
    start: datetime
    end: datetime
    certain: bool


@dataclass
class _Plan:
    """What happens on one local date."""

    spans: list[tuple[datetime, datetime, bool]] = field(default_factory=list)
    is_special: bool = False
    label: str = ""


def status_at(
    rows: Sequence[Rule],
    exceptions: Sequence[Special],
    calendar: Calendar,
    at: datetime,
    *,
    tz: str,
) -> Status:
    """Say whether it is open at an instant; without readable rows the answer is unknown."""
    readable = [row for row in rows if _is_readable(row)]
    today = at.astimezone(ZoneInfo(tz)).date()
    if not readable and not any(_covers(one, today) for one in exceptions):
        return Status("unknown")
    zones = {row.tz or tz for row in readable} or {tz}
    spans: list[_Span] = []
    for zone in zones:
        mine = [row for row in readable if (row.tz or tz) == zone]
        first = at.astimezone(ZoneInfo(zone)).date() - ONE_DAY
        spans += _spans(mine, exceptions, calendar, zone, first, first + HORIZON)
    return _judge(spans, at)


def _judge(spans: list[_Span], at: datetime) -> Status:
    certain = _merged(span for span in spans if span.certain)
    for start, end in certain:
        if start <= at < end:
            return Status("always") if end - at > ALWAYS else Status("open", until=end)
    if any(span.start <= at < span.end for span in spans):
        return Status("unknown")
    return Status("closed", next_opening=next((s for s, _ in certain if s > at), None))


def _merged(spans: Iterable[_Span]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], span.end))
        else:
            merged.append((span.start, span.end))
    return merged


def _spans(
    rows: Sequence[Rule],
    exceptions: Sequence[Special],
    calendar: Calendar,
    zone: str,
    first: date,
    last: date,
) -> Iterator[_Span]:
    zoneinfo = ZoneInfo(zone)
    on = first
    while on <= last:
        for start, end, certain in _plan(rows, exceptions, calendar, on).spans:
            # Subtraction and comparison of instants must not fall for a change of the clock.
            yield _Span(
                start.replace(tzinfo=zoneinfo).astimezone(UTC),
                end.replace(tzinfo=zoneinfo).astimezone(UTC),
                certain,
            )
        on += ONE_DAY


def _plan(
    rows: Sequence[Rule], exceptions: Sequence[Special], calendar: Calendar, on: date
) -> _Plan:
    """Return the spans of a date: an exception beats the holiday calendar, which beats the rule."""
    special = [one for one in exceptions if _covers(one, on)]
    if special:
        spans = [
            (*_times(on, one.opens_at, one.closes_at, over=one.closes_at <= one.opens_at), True)
            for one in special
            if one.kind == "hours" and one.opens_at and one.closes_at
        ]
        return _Plan(spans, is_special=True, label=special[0].label)
    day = calendar.get(on)
    plan = _Plan(label=day.name if day else "", is_special=day is not None)
    weekday = on.weekday()
    for row in rows:
        certain = True
        if day and day.kind == "holiday":
            if row.on_holidays == "closed":
                continue
            certain = row.on_holidays == "open"
        elif day:
            if row.on_make_up_days == "closed":
                continue
            weekday = on.weekday() if day.acts_as is None else day.acts_as
        if _runs(row, on, weekday):
            plan.spans.append((*_hours(row, on), certain))
    return plan


def _hours(row: Rule, on: date) -> tuple[datetime, datetime]:
    if row.all_day:
        midnight = datetime.combine(on, time())
        return midnight, midnight + ONE_DAY
    return _times(on, row.opens_at or time(), row.closes_at or time(), over=row.closes_next_day)


def _times(
    on: date, opens: time | None, closes: time | None, *, over: bool
) -> tuple[datetime, datetime]:
    end = on + ONE_DAY if over else on
    return (
        datetime.combine(on, (opens or time()).replace(tzinfo=None)),
        datetime.combine(end, (closes or time()).replace(tzinfo=None)),
    )


def _covers(special: Special, on: date) -> bool:
    if not special.every_year:
        return special.starts_on <= on <= special.ends_on
    first, last, day = ((each.month, each.day) for each in (special.starts_on, special.ends_on, on))
    if first <= last:
        return first <= day <= last
    return day >= first or day <= last


def _is_readable(row: Rule) -> bool:
    """Say whether the row names hours and days; words alone are no rule."""
    if row.all_day:
        return True
    if row.opens_at is None or row.closes_at is None:
        return False
    names_days = row.byday or row.bymonthday or row.byyearday or row.byweekno or row.dtstart
    return bool(names_days or (row.valid_from and row.valid_from == row.valid_to))


def _runs(row: Rule, on: date, weekday: int) -> bool:
    if not _is_in_season(row, on):
        return False
    if row.byyearday and not _in_year(row.byyearday, on):
        return False
    if row.byweekno and on.isocalendar().week not in _numbers(row.byweekno):
        return False
    return (
        _runs_monthly(row, on, weekday) if row.freq == "MONTHLY" else _runs_weekly(row, on, weekday)
    )


def _is_in_season(row: Rule, on: date) -> bool:
    starts = [each for each in (row.valid_from, row.dtstart) if each]
    ends = [each for each in (row.valid_to, row.until, _last(row)) if each]
    return all(each <= on for each in starts) and all(on <= each for each in ends)


def _runs_weekly(row: Rule, on: date, weekday: int) -> bool:
    days = {day for _nth, day in _days(row.byday)}
    if days:
        fits = weekday in days
    elif row.bymonthday:
        fits = _in_month(row.bymonthday, on)
    elif row.dtstart and not row.all_day:
        fits = weekday == row.dtstart.weekday()
    else:
        fits = True
    if not fits or not row.dtstart or (row.interval or 1) == 1:
        return fits
    first = WEEKDAYS.index(row.wkst) if row.wkst in WEEKDAYS else 0
    weeks = (_week_start(on, first) - _week_start(row.dtstart, first)).days // 7
    return weeks % (row.interval or 1) == 0


def _week_start(on: date, first: int) -> date:
    return on - timedelta(days=(on.weekday() - first) % 7)


def _runs_monthly(row: Rule, on: date, weekday: int) -> bool:
    days = _days(row.byday)
    if days and not any(day == weekday and (not nth or _is_nth(on, nth)) for nth, day in days):
        return False
    if row.bymonthday and not _in_month(row.bymonthday, on):
        return False
    if not (days or row.bymonthday) and row.dtstart and on.day != row.dtstart.day:
        return False
    if not row.dtstart or (row.interval or 1) == 1:
        return True
    months = (on.year - row.dtstart.year) * 12 + on.month - row.dtstart.month
    return months % (row.interval or 1) == 0


def _is_nth(on: date, nth: int) -> bool:
    if nth > 0:
        return (on.day - 1) // 7 + 1 == nth
    return (_month_days(on) - on.day) // 7 + 1 == -nth


def _month_days(on: date) -> int:
    return ((on.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY).day


def _in_month(listed: str, on: date) -> bool:
    numbers = _numbers(listed)
    return on.day in numbers or on.day - _month_days(on) - 1 in numbers


def _in_year(listed: str, on: date) -> bool:
    numbers, day = _numbers(listed), on.timetuple().tm_yday
    return day in numbers or day - date(on.year, 12, 31).timetuple().tm_yday - 1 in numbers


@lru_cache(maxsize=4096)
def _days(byday: str) -> tuple[tuple[int, int], ...]:
    """Read "MO,1SA,-1FR" as (n-th, weekday); 0 = every one."""
    found = []
    for part in byday.upper().replace(" ", "").split(","):
        if part[-2:] in WEEKDAYS:
            nth = part[:-2]
            found.append((int(nth) if nth.lstrip("+-").isdigit() else 0, WEEKDAYS.index(part[-2:])))
    return tuple(found)


@lru_cache(maxsize=1024)
def _numbers(listed: str) -> frozenset[int]:
    parts = (part.strip() for part in listed.split(","))
    return frozenset(int(part) for part in parts if part.lstrip("+-").isdigit())


def _last(row: Rule) -> date | None:
    if not (row.count and row.dtstart):
        return None
    return _last_of(row.freq, row.byday, row.bymonthday, row.interval or 1, row.dtstart, row.count)


@lru_cache(maxsize=1024)
def _last_of(
    freq: str, byday: str, bymonthday: str, interval: int, dtstart: date, count: int
) -> date:
    days = [rrule_weekday(day, nth or None) for nth, day in _days(byday)]
    rule = rrule(
        MONTHLY if freq == "MONTHLY" else WEEKLY,
        dtstart=datetime.combine(dtstart, time()),
        interval=interval,
        count=min(count, 5000),
        byweekday=days or None,
        bymonthday=sorted(_numbers(bymonthday)) or None,
    )
    return max(rule, default=datetime.combine(dtstart, time())).date()


def week(
    rows: Sequence[Rule], exceptions: Sequence[Special], calendar: Calendar, first: date
) -> list[DayHours]:
    """Return seven days from `first` as they really run, exceptions and holidays included."""
    readable = [row for row in rows if _is_readable(row)]
    return [day_hours(readable, exceptions, calendar, first + ONE_DAY * n) for n in range(7)]


def day_hours(
    rows: Sequence[Rule], exceptions: Sequence[Special], calendar: Calendar, on: date
) -> DayHours:
    """Return one date's spans, earliest first."""
    plan = _plan([row for row in rows if _is_readable(row)], exceptions, calendar, on)
    spans = sorted(set(plan.spans))
    return DayHours(
        on,
        tuple((start.time(), end.time(), end.date() > on) for start, end, _certain in spans),
        all_day=any(end - start >= ONE_DAY for start, end, _certain in spans),
        is_known=all(certain for _start, _end, certain in spans),
        is_special=plan.is_special,
        label=plan.label,
    )


def ahead(
    rows: Sequence[Rule],
    exceptions: Sequence[Special],
    calendar: Calendar,
    first: date,
    *,
    days: int = 45,
) -> list[DayHours]:
    """Return the coming days on which hours differ from the weekly rule or may do so."""
    dates = [first + ONE_DAY * n for n in range(days)]
    hit = [on for on in dates if on in calendar or any(_covers(one, on) for one in exceptions)]
    return [day_hours(rows, exceptions, calendar, on) for on in hit]
