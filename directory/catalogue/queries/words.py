"""How hours, addresses and conditions are written, in the language of the page."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.jobs import now
from directory.catalogue import hours
from directory.catalogue.models import Address, ServiceArea
from directory.catalogue.queries.pages import ListingView, site_zone
from directory.geography.models import Area

DAYS: Final = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
SHORT_DAYS: Final = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def is_chinese() -> bool:
    """Say whether the page is in Chinese."""
    return (get_language() or "").startswith("zh")


def listed(parts: Iterable[str]) -> str:
    """Join parts of a list as the language does: A, B."""
    return gettext(", ").join(part for part in parts if part)


def clock(at: time | datetime) -> str:
    """Write a time of day without a leading zero: 9:00."""
    return f"{at.hour}:{at:%M}"


def day_text(day: hours.DayHours) -> str:
    """Write what a day's hours are; empty = closed."""
    text = gettext("24 hours") if day.all_day else listed(_span(*span) for span in day.spans)
    if text and not day.is_known:
        text = gettext("%(hours)s, but please call: it is a holiday") % {"hours": text}
    return f"{text} {day.label}".strip() if text and day.label else text


def _span(opens: time, closes: time, next_day: bool) -> str:  # noqa: FBT001  # a row of DayHours
    # A word joiner on each side, or a narrow column would break the span at its dash.
    span = f"{clock(opens)}\u2060\u2013\u2060{clock(closes)}"
    return gettext("%(hours)s the next day") % {"hours": span} if next_day else span


def week(days: list[hours.DayHours], today: date) -> list[dict[str, Any]]:
    """Return the rows of the week's table; a week without any hours has none."""
    if not any(day.spans for day in days):
        return []
    return [
        {"name": DAYS[day.on.weekday()], "text": day_text(day), "today": day.on == today}
        for day in days
    ]


def opening(status: hours.Status, tz: str = "") -> dict[str, str]:
    """Return whether it is open, and the next change in words: closes 18:30, opens Mon 9:00."""
    zone = ZoneInfo(tz or site_zone())
    today = now().astimezone(zone).date()
    words = ""
    if status.until is not None:
        words = gettext("closes %(time)s") % {"time": _when(status.until, today, zone)}
    elif status.next_opening is not None:
        words = gettext("opens %(time)s") % {"time": _when(status.next_opening, today, zone)}
    return {"state": status.kind, "until": words}


def _when(at: datetime, today: date, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    if local.date() == today:
        return clock(local)
    near = (local.date() - today).days < 7
    day = SHORT_DAYS[local.weekday()] if near else f"{local:%m-%d}"
    return gettext("%(day)s %(time)s") % {"day": day, "time": clock(local)}


def special_days(days: list[hours.DayHours]) -> str:
    """Write the coming days that differ from the week's table; equal days in a row are one."""
    runs: list[list[hours.DayHours]] = []
    for day in days:
        if runs and _continues(runs[-1][-1], day):
            runs[-1].append(day)
        else:
            runs.append([day])
    return gettext("; ").join(_special(run[0], run[-1]) for run in runs)


def _continues(before: hours.DayHours, day: hours.DayHours) -> bool:
    same = replace(before, on=day.on) == day
    return same and (day.on - before.on).days == 1


def _special(first: hours.DayHours, last: hours.DayHours) -> str:
    days = _date(first.on) if first is last else f"{_date(first.on)} \u2013 {_date(last.on)}"
    facts = {
        "date": days,
        "name": first.label,
        "hours": listed(_span(*span) for span in first.spans) or gettext("Closed this day"),
    }
    if not first.is_known:
        return gettext("%(date)s %(name)s: hours not known, please call") % facts
    return gettext("%(date)s %(name)s: %(hours)s") % facts


def _date(on: date) -> str:
    return gettext("%(date)s (%(weekday)s)") % {
        "date": f"{on:%Y-%m-%d}",
        "weekday": SHORT_DAYS[on.weekday()],
    }


def address(row: Address | None, language: str | None = None) -> str:
    """Write an address on one line: widest part first in Chinese, narrowest first elsewhere."""
    if row is None:
        return ""
    names = ("state_province", "city", "region", "town", "address_1", "address_2")
    parts = [row.text(name, language)[0] for name in names]
    kept = [part for n, part in enumerate(parts) if part and part not in parts[:n]]
    if any("\u4e00" <= letter <= "\u9fff" for letter in "".join(kept)):
        return "".join(kept)
    state, city, region, town, *lines = parts
    return ", ".join(part for part in (*lines, town, region, city, state, row.postal_code) if part)


def area(place: Area | None) -> str:
    """Write the district an unnamed place lies in, with its city."""
    if place is None:
        return ""
    names: list[str] = []
    step: Area | None = place
    while step is not None and len(names) < 2:
        name = step.text("name")[0]
        if name not in names and not step.virtual:
            names.append(name)
        step = step.parent
    glue = "" if is_chinese() else ", "
    return glue.join(reversed(names) if not glue else names)


def ages(low: Decimal | None, high: Decimal | None) -> str:
    """Write whom the age limits let in."""
    if low is not None and high is not None:
        return gettext("aged %(low)s to %(high)s") % {"low": _age(low), "high": _age(high)}
    if low is not None:
        return gettext("aged %(low)s and over") % {"low": _age(low)}
    return gettext("aged up to %(high)s") % {"high": _age(high)} if high is not None else ""


def _age(years: Decimal) -> str:
    return f"{years.normalize():f}"


def served(rows: list[ServiceArea], areas: dict[int, list[Area]]) -> str:
    """Write where one has to live: the names of areas, or what the provider wrote."""
    names: list[str] = []
    for row in rows:
        if row.nationwide:
            names.append(gettext("anywhere in the country"))
        else:
            inside = [place.text("name")[0] for place in areas.get(row.pk, [])]
            names += inside or [row.text("name")[0] or row.text("description")[0]]
    return listed(dict.fromkeys(names))


def conditions(view: ListingView) -> list[dict[str, str]]:
    """Return who may apply as a checklist: what lets in first, what rules out last."""
    service = view.service
    told = [ages(service.minimum_age, service.maximum_age)]
    people = [row.term.text("name")[0] for row in view.including("target_population") if row.term]
    if people:
        told.append(gettext("for: %(people)s") % {"people": listed(people)})
    here = served(view.here.facts.areas, view.areas)
    if here:
        told.append(gettext("living in: %(areas)s") % {"areas": here})
    told += [_condition(row) for row in view.including("eligibility")]
    out = [_condition(row) for row in view.excluding("eligibility")]
    out += [_condition(row) for row in view.excluding("target_population")]
    items = [{"text": text, "mark": "yes"} for text in told if text]
    return items + [
        {"text": gettext("Not for: %(people)s") % {"people": text}, "mark": "no"}
        for text in out
        if text
    ]


def _condition(row: Any) -> str:
    name = row.term.text("name")[0] if row.term else row.value
    label = row.text("label")[0]
    return gettext("%(name)s: %(detail)s") % {"name": name, "detail": label} if label else name


def waiting(view: ListingView) -> str:
    """Write how long the answer takes, as far as the provider said so."""
    days = view.service.handling_days
    if days:
        return ngettext(
            "The provider answers within %(days)s working day.",
            "The provider answers within %(days)s working days.",
            days,
        ) % {"days": days}
    capacity = view.here.facts.capacity
    if capacity is not None and capacity.wait_days:
        return ngettext(
            "There is a waiting list of about %(days)s day.",
            "There is a waiting list of about %(days)s days.",
            capacity.wait_days,
        ) % {"days": capacity.wait_days}
    return view.service.text("wait_time")[0]
