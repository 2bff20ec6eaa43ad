"""Opening hours as older forms give them: weekdays in words, times as people write them."""

from collections.abc import Mapping
from datetime import time

from directory.exchange.imports import habits
from directory.exchange.imports.rows import Row


def read_hours(row: Row, cells: Mapping[str, str]) -> None:
    """Read weekday, opens and closes of an HSDS 2.0 row; what cannot be read stays as text."""
    said = habits.text(cells.get("weekday") or "").text
    opens = habits.text(cells.get("opens") or cells.get("opens_at") or "").text
    closes = habits.text(cells.get("closes") or cells.get("closes_at") or "").text
    all_day = cells.get("open_24_hours", "")
    for name in ("byday", "opens_at", "closes_at"):
        row.values.pop(name, None)
    days = _days(row, said, all_day)
    try:
        first, last = _clock(opens), _clock(closes)
    except ValueError:
        _keep_words(row, cells)
        return
    if days is None:
        _keep_words(row, cells)
        return
    row.values |= {"byday": days.byday, "freq": days.freq}
    if first.is_closed or last.is_closed:
        row.values["description"] = row.values.get("description") or "Closed"
    elif first.is_all_day or last.is_all_day or all_day.strip():
        row.values["all_day"] = True
    elif first.at and last.at:
        set_span(row, first.at, last.at)
    elif first.at or last.at or not days.byday:
        _keep_words(row, cells)


def set_span(row: Row, opens: time, closes: time) -> None:
    """Set a span; one from midnight to midnight is the whole day."""
    if opens == closes:
        row.values["all_day"] = True
    else:
        row.values |= {"opens_at": opens.isoformat(), "closes_at": closes.isoformat()}


def _days(row: Row, said: str, all_day: str) -> habits.Weekly | None:
    if all_day.strip():
        try:
            return habits.Weekly(",".join(habits.numbered_days(all_day)))
        except (ValueError, IndexError):
            return None
    if not said:
        return habits.Weekly("", "WEEKLY")
    try:
        return habits.weekdays(said)
    except ValueError:
        row.notice("hours_not_parsed", "weekday", said)
        return None


def _clock(written: str) -> habits.Clock:
    return habits.clock(written) if written else habits.Clock()


def _keep_words(row: Row, cells: Mapping[str, str]) -> None:
    """Keep the row as words, so that a person can read what a machine could not."""
    for name in ("byday", "freq", "opens_at", "closes_at"):
        row.values.pop(name, None)
    names = ("name", "weekday", "opens", "closes")
    said = [habits.text(cells.get(name) or "").text for name in names]
    words = " · ".join(part for part in said if part)
    row.values["raw_text"] = words
    if not any(problem.code == "hours_not_parsed" for problem in row.problems):
        row.notice("hours_not_parsed", "weekday", words)
