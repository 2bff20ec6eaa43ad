"""The clock of working time: when n working days or hours after an instant are over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from directory.catalogue.hours import WEEKDAYS
from directory.catalogue.models import Organization, WorkCalendar
from directory.geography.queries import special_days
from directory.geography.states import DayKind

ONE_DAY: Final = timedelta(days=1)
# Read in one go; nearly every deadline lies within.
WINDOW: Final = timedelta(days=60)
WALL: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "min": timedelta(minutes=1)}
# A calendar without a working day in this many days is a mistake of whoever keeps it.
LONGEST: Final = timedelta(days=3660)


class NoWorkingTime(ValueError):
    """The calendar has no working day, so nothing can ever be due by it."""


def due(
    start: datetime, amount: float, unit: str, organization: Organization | int | None = None
) -> datetime:
    """Return when `amount` is over: `h` and `d` by the wall clock, `wh` and `wd` in working time.

    One `wd` is a whole day of the organization's calendar, eight hours unless it keeps others:
    Friday 16:00 + 1 wd = Monday 16:00.
    """
    if unit in WALL:
        return start + WALL[unit] * amount
    if unit not in {"wh", "wd"}:
        raise ValueError(f"unknown unit of time: {unit}")
    calendar = work_calendar(organization)
    day = _length(calendar)
    left = day * amount if unit == "wd" else timedelta(hours=1) * amount
    if left <= timedelta():
        return start
    for opens, closes in _windows(calendar, start):
        begin = max(opens, start)
        if begin >= closes:
            continue
        if left <= closes - begin:
            return (begin + left).astimezone(start.tzinfo)
        left -= closes - begin
    raise NoWorkingTime


def work_calendar(organization: Organization | int | None) -> WorkCalendar:
    """Return an organization's working hours, else everybody's, else Monday to Friday 9 to 17."""
    pk = organization.pk if isinstance(organization, Organization) else organization
    rows = WorkCalendar.objects.filter(organization__isnull=True)
    if pk is not None:
        rows = rows | WorkCalendar.objects.filter(organization=pk)
    return max(rows, key=lambda row: row.organization_id or 0, default=WorkCalendar())


def _length(calendar: WorkCalendar) -> timedelta:
    any_day = date(2000, 1, 1)
    opens = datetime.combine(any_day, calendar.opens_at)
    return datetime.combine(any_day, calendar.closes_at) - opens


def _windows(calendar: WorkCalendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(calendar.tz)
    first = start.astimezone(zone).date()
    for on, runs in _days(calendar, first):
        if runs:
            yield _at(on, calendar.opens_at, zone), _at(on, calendar.closes_at, zone)


def _days(calendar: WorkCalendar, first: date) -> Iterator[tuple[date, bool]]:
    """Yield dates and whether they are worked: holidays are not, make-up days act as weekdays."""
    last = first + LONGEST
    while first <= last:
        special = special_days(first, first + WINDOW)
        for offset in range(WINDOW.days):
            on = first + ONE_DAY * offset
            weekday = on.weekday()
            day = special.get(on)
            if day is not None and day.kind == DayKind.MAKE_UP_WORKDAY:
                weekday = WEEKDAYS.index(day.acts_as)
            free = day is not None and day.kind == DayKind.HOLIDAY
            closed = free or on.isoformat() in calendar.closed_on
            yield on, weekday in calendar.weekdays and not closed
        first += WINDOW


def _at(on: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, clock, tzinfo=zone)
