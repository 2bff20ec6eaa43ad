"""Opening schedules that many services share: interned by hash, evaluated once a minute."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from core.jobs import now
from directory.catalogue import hours
from directory.catalogue.queries import calendar_around
from directory.geography.models import Area
from search.models import Timetable

_KEPT_S = 60.0
_RULE = tuple(field.name for field in fields(hours.Row))
# A label names the day for readers and opens nothing.
_SPECIAL = tuple(field.name for field in fields(hours.Dated) if field.name != "label")
_DATES = {"valid_from", "valid_to", "dtstart", "until", "starts_on", "ends_on"}
_CLOCKS = {"opens_at", "closes_at"}


@dataclass(frozen=True, slots=True)
class Spec:
    """A complete set of rules as it is stored: rules, dated exceptions, zone, holiday region."""

    rules: str
    zone: str
    region: str

    @property
    def hash(self) -> str:
        """Return what equal sets share."""
        text = f"{self.zone}|{self.region}|{self.rules}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def spec(rows: Sequence[Any], exceptions: Sequence[Any], *, region: str) -> Spec | None:
    """Return the interned form of rules; without any there is no timetable: hours are unknown."""
    if not rows and not exceptions:
        return None
    zone = next((row.tz for row in rows if row.tz), settings.TIME_ZONE)
    return _spec(
        _facts(rows, _RULE),
        _facts(exceptions, _SPECIAL),
        zone,
        region,
    )


def _facts(rows: Sequence[Any], names: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
    """Return rows as values in an order of their own, each once."""
    return tuple(sorted({tuple(getattr(row, name) for name in names) for row in rows}, key=str))


@lru_cache(maxsize=4096)
def _spec(
    rules: tuple[tuple[Any, ...], ...],
    specials: tuple[tuple[Any, ...], ...],
    zone: str,
    region: str,
) -> Spec:
    told = {
        "rows": [
            {name: _plain(value) for name, value in zip(_RULE, rule, strict=True) if value}
            for rule in rules
        ],
        "exceptions": [
            {name: _plain(value) for name, value in zip(_SPECIAL, special, strict=True)}
            for special in specials
        ],
    }
    return Spec(json.dumps(told, sort_keys=True, separators=(",", ":")), zone, region)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


class _Rules(NamedTuple):
    id: int
    rows: list[Any]
    exceptions: list[Any]
    zone: str
    region: str


class _Kept:
    """What this process holds: parsed rules, and what is open at the last instants asked for."""

    def __init__(self) -> None:
        self.rules: dict[int, _Rules] = {}
        self.open: dict[datetime, tuple[float, frozenset[int]]] = {}


_kept = _Kept()


def forget() -> None:
    """Drop what is held."""
    _kept.rules, _kept.open = {}, {}


def open_at(at: datetime | None = None) -> frozenset[int]:
    """Return the ids of the timetables that are open at an instant, exact to the minute."""
    moment = (at or now()).replace(second=0, microsecond=0)
    held = _kept.open.get(moment)
    if held and monotonic() < held[0] + _KEPT_S:
        return held[1]
    calendars: dict[str, hours.Calendar] = {}
    found = frozenset(
        rules.id for rules in _all() if _is_open(rules, moment, _calendar(rules, moment, calendars))
    )
    if len(_kept.open) > 60:
        _kept.open.clear()
    _kept.open[moment] = monotonic(), found
    return found


def _all() -> list[_Rules]:
    """Return every timetable; ids are never used again, so only new ones are read."""
    newest = max(_kept.rules, default=0)
    for row in Timetable.objects.filter(pk__gt=newest):
        told = row.spec
        _kept.rules[row.pk] = _Rules(
            row.pk,
            [hours.Row(**_read(one)) for one in told["rows"]],
            [hours.Dated(**_read(one)) for one in told["exceptions"]],
            row.zone,
            row.region,
        )
    return list(_kept.rules.values())


def _read(told: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value)
        if name in _DATES and value
        else time.fromisoformat(value)
        if name in _CLOCKS and value
        else value
        for name, value in told.items()
    }


def _calendar(
    rules: _Rules, moment: datetime, calendars: dict[str, hours.Calendar]
) -> hours.Calendar:
    if rules.region not in calendars:
        area = Area.objects.filter(code=rules.region).first() if rules.region else None
        calendars[rules.region] = calendar_around(moment.date(), area)
    return calendars[rules.region]


def _is_open(rules: _Rules, moment: datetime, calendar: hours.Calendar) -> bool:
    """Look at the spans of today and of yesterday, which may run past midnight."""
    for zone in {row.tz or rules.zone for row in rules.rows} or {rules.zone}:
        local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        mine = [row for row in rules.rows if (row.tz or rules.zone) == zone]
        for back in (0, 1):
            on = local.date() - timedelta(days=back)
            day = hours.day_hours(mine, rules.exceptions, calendar, on)
            if day.is_known and any(_holds(on, span, local) for span in day.spans):
                return True
    return False


def opening(
    rows: Sequence[Any], exceptions: Sequence[Any], calendar: hours.Calendar, at: datetime
) -> hours.Status:
    """Say whether it is open and until when, looking one week ahead: a card needs no more."""
    zone = ZoneInfo(next((row.tz for row in rows if row.tz), settings.TIME_ZONE))
    local = at.astimezone(zone)
    if not rows and not exceptions:
        return hours.Status("unknown")
    days = [
        hours.day_hours(rows, exceptions, calendar, local.date() + timedelta(days=n))
        for n in range(-1, 8)
    ]
    if not any(day.spans for day in days):
        return hours.Status("unknown" if not all(d.is_known for d in days) else "closed")
    if all(day.all_day for day in days):
        return hours.Status("always")
    spans = sorted(
        (datetime.combine(day.on, start, zone), datetime.combine(day.on + _days(over), end, zone))
        for day in days
        if day.is_known
        for start, end, over in day.spans
    )
    now_open = [end for start, end in spans if start <= local < end]
    if now_open:
        return hours.Status("open", until=max(now_open))
    today = next(day for day in days if day.on == local.date())
    if not today.is_known:
        return hours.Status("unknown")
    return hours.Status("closed", next_opening=next((s for s, _ in spans if s > local), None))


def _days(over: bool) -> timedelta:  # noqa: FBT001  # a column of a span
    return timedelta(days=int(over))


def _holds(on: date, span: tuple[time, time, bool], local: datetime) -> bool:
    start, end, next_day = span
    last = on + timedelta(days=1) if next_day else on
    return datetime.combine(on, start) <= local < datetime.combine(last, end)
