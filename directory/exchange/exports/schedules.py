"""Opening hours as HSDS can say them: dated exceptions cut the weekly row, the rest is words."""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import uuid5

from django.conf import settings
from django.utils.translation import gettext

from core.jobs import today
from directory.catalogue.models import Schedule, ScheduleException
from directory.catalogue.states import ExceptionKind, OnHolidays
from directory.exchange.exports import values

DAY: Final = timedelta(days=1)
WHOLE_DAY: Final = (time(0), time(23, 59, 59))


class Part(NamedTuple):
    """A stretch of a weekly row between two exceptions; None = open ended."""

    uid: str
    first: date | None
    last: date | None


def written(
    rows: Iterable[Schedule], exceptions: Iterable[ScheduleException], texts: Any
) -> list[dict[str, Any]]:
    """Return the schedules of one parent; `texts(row, field)` gives the words of a row."""
    special = list(exceptions)
    dated = [each for each in special if not each.every_year]
    yearly = [each for each in special if each.every_year]
    items = []
    for row in rows:
        for part in _parts(row, dated):
            items.append(_weekly(row, part, yearly, texts))  # noqa: PERF401  # two loops read better
    items += [_single(each) for each in dated if each.kind == ExceptionKind.HOURS]
    return items


def _weekly(
    row: Schedule, part: Part, yearly: list[ScheduleException], texts: Any
) -> dict[str, Any]:
    offset = _offset(row)
    opens, closes = WHOLE_DAY if row.all_day else (row.opens_at, row.closes_at)
    notes = [texts(row, "notes"), row.raw_text, _holidays(row), *map(_yearly, yearly)]
    return values.without_blanks(
        {
            "id": part.uid,
            "valid_from": part.first and part.first.isoformat(),
            "valid_to": part.last and part.last.isoformat(),
            "dtstart": row.dtstart and row.dtstart.isoformat(),
            "timezone": values.number(offset),
            "until": row.until and row.until.isoformat(),
            "count": row.count,
            "wkst": row.wkst,
            "freq": row.freq,
            "interval": row.interval,
            "byday": row.byday,
            "byweekno": row.byweekno,
            "bymonthday": row.bymonthday,
            "byyearday": row.byyearday,
            "description": texts(row, "description"),
            "opens_at": opens and values.clock(opens, offset),
            "closes_at": closes and values.clock(closes, offset),
            "schedule_link": values.uri(row.schedule_link),
            "attending_type": row.attending_type,
            "notes": "\n".join(part for part in notes if part),
            "x_tz": row.tz,
            "x_exceptions": [_as_data(each) for each in yearly],
            "x_on_holidays": row.on_holidays if row.on_holidays != OnHolidays.UNKNOWN else "",
        }
    )


def _single(special: ScheduleException) -> dict[str, Any]:
    """Write special hours as a row that is valid on these days alone."""
    offset = values.offset_of(settings.TIME_ZONE, special.starts_on)
    return values.without_blanks(
        {
            "id": str(special.uid),
            "valid_from": special.starts_on.isoformat(),
            "valid_to": special.ends_on.isoformat(),
            "dtstart": special.starts_on.isoformat(),
            "timezone": values.number(offset),
            "description": special.label,
            "opens_at": special.opens_at and values.clock(special.opens_at, offset),
            "closes_at": special.closes_at and values.clock(special.closes_at, offset),
        }
    )


def _offset(row: Schedule) -> Decimal:
    """Return the offset: of the row's zone, else the imported one, else of our own zone."""
    if not row.tz and row.utc_offset is not None:
        return row.utc_offset
    return values.offset_of(row.tz or settings.TIME_ZONE, row.dtstart or today())


def _parts(row: Schedule, dated: list[ScheduleException]) -> Iterator[Part]:
    """Cut a row at the exceptions: the first part keeps its id, later ones derive theirs."""
    begin = row.valid_from
    is_first = True
    for special in sorted(dated, key=lambda each: each.starts_on):
        if (row.valid_to and special.starts_on > row.valid_to) or (
            begin and special.ends_on < begin
        ):
            continue
        if begin is None or begin < special.starts_on:
            yield Part(_part_id(row, begin, is_first=is_first), begin, special.starts_on - DAY)
            is_first = False
        begin = special.ends_on + DAY
    if begin is None or row.valid_to is None or begin <= row.valid_to:
        yield Part(_part_id(row, begin, is_first=is_first), begin, row.valid_to)


def _part_id(row: Schedule, begin: date | None, *, is_first: bool) -> str:
    return str(row.uid if is_first else uuid5(row.uid, str(begin)))


def _holidays(row: Schedule) -> str:
    if row.on_holidays == OnHolidays.CLOSED:
        return gettext("Closed on public holidays.")
    return gettext("Open on public holidays.") if row.on_holidays == OnHolidays.OPEN else ""


def _as_data(special: ScheduleException) -> dict[str, Any]:
    """Give a yearly exception to programs."""
    return values.without_blanks(
        {
            "starts_on": f"{special.starts_on:%m-%d}",
            "ends_on": f"{special.ends_on:%m-%d}",
            "kind": special.kind,
            "opens_at": special.opens_at and special.opens_at.isoformat(),
            "closes_at": special.closes_at and special.closes_at.isoformat(),
            "label": special.label,
        }
    )


def _yearly(special: ScheduleException) -> str:
    """Say a yearly exception in words: the standard has no field for it."""
    first, last = f"{special.starts_on:%m-%d}", f"{special.ends_on:%m-%d}"
    days = first if first == last else f"{first} – {last}"  # noqa: RUF001  # a range of dates
    if special.kind == ExceptionKind.HOURS and special.opens_at and special.closes_at:
        hours = f"{special.opens_at:%H:%M}-{special.closes_at:%H:%M}"
        return gettext("Every year on %(days)s: %(hours)s.") % {"days": days, "hours": hours}
    return gettext("Every year on %(days)s: closed.") % {"days": days}
