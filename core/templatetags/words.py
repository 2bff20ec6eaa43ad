"""How dates, time limits, distances, numbers and money are written in the language of the page."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.jobs import now, today

WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NEAR_DAYS = {0: _("today"), 1: _("yesterday"), -1: _("tomorrow")}
CURRENCIES = {"CNY": "¥", "USD": "$", "EUR": "€"}
EXACT = frozenset({"exact", "street"})


def page_language() -> str:
    """Return the language of the page as a tag of HTML."""
    language = get_language() or "zh-hans"
    return "zh-Hans" if language.startswith("zh") else language


# ---- Dates ----------------------------------------------------------------------------------
def _civil(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def _with_weekday(text: str, value: date) -> str:
    return gettext("%(date)s (%(weekday)s)") % {
        "date": text,
        "weekday": WEEKDAYS[value.weekday()],
    }


def day(value: date | datetime | None) -> str:
    """Write a date for tables and lists: 2026-11-23 (Mon)."""
    return _with_weekday(f"{_civil(value):%Y-%m-%d}", _civil(value)) if value else ""


def short_day(value: date | datetime | None) -> str:
    """Write a date of this year for narrow places, 11-23 (Mon); another year is written out."""
    if not value:
        return ""
    civil = _civil(value)
    return _with_weekday(f"{civil:%m-%d}", civil) if civil.year == today().year else day(civil)


def long_day(value: date | datetime | None) -> str:
    """Write a date for running text and papers: January 28, 2026."""
    if not value:
        return ""
    civil = _civil(value)
    if page_language() == "zh-Hans":
        return f"{civil.year}年{civil.month}月{civil.day}日"
    return f"{MONTHS[civil.month - 1]} {civil.day}, {civil.year}"


def moment(value: datetime | None) -> str:
    """Write an instant in local time: today 08:40, 11-23 (Mon) 08:40."""
    if not value:
        return ""
    clock = f"{timezone.localtime(value):%H:%M}"
    if _civil(value) == today():
        return gettext("today %(time)s") % {"time": clock}
    return f"{short_day(value)} {clock}"


def stamp(value: datetime | None) -> str:
    """Write an instant in full for headings and papers: 2026-11-23 (Mon) 08:40."""
    return f"{day(value)} {timezone.localtime(value):%H:%M}" if value else ""


def ago(value: date | datetime | None) -> str:
    """Write how far a day is from today: today, 3 days ago, in 2 days, 13 months ago."""
    if not value:
        return ""
    days = (today() - _civil(value)).days
    if days in NEAR_DAYS:
        return str(NEAR_DAYS[days])
    if days < 0:
        return ngettext("in %(count)s day", "in %(count)s days", -days) % {"count": -days}
    if days < 90:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    months = days * 12 // 365
    return ngettext("%(count)s month ago", "%(count)s months ago", months) % {"count": months}


# ---- Time limits ----------------------------------------------------------------------------
class Remaining(NamedTuple):
    """What is left of a time limit: the parts of its chip."""

    shape: str
    role: str
    word: str


def remaining(due: date | datetime | None, start: datetime | None = None) -> Remaining | None:
    """Say how much of a time limit is left; after four fifths of it the clock turns amber."""
    if not due:  # a template passes an empty string for what it does not have
        return None
    if not isinstance(due, datetime):
        return _days_left((due - today()).days)
    left = due - now()
    if left < timedelta(0):
        return Remaining("late", "danger", _overdue(-left))
    close = left <= (due - start) / 5 if start else _civil(due) == today()
    shape, role = ("clock-3q", "warn") if close else ("clock", "info")
    return Remaining(shape, role, _time_left(left))


def _days_left(days: int) -> Remaining:
    if days < 0:
        return Remaining("late", "danger", _overdue(timedelta(days=-days)))
    if days == 0:
        return Remaining("clock-3q", "warn", gettext("Due today"))
    return Remaining("clock", "info", _time_left(timedelta(days=days)))


def _time_left(left: timedelta) -> str:
    hours = int(left.total_seconds() // 3600)
    if hours < 1:
        return gettext("Less than an hour left")
    if hours < 24:
        return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}
    return ngettext("%(count)s day left", "%(count)s days left", left.days) % {"count": left.days}


def _overdue(late: timedelta) -> str:
    hours = int(late.total_seconds() // 3600)
    if hours < 1:
        return gettext("Overdue")
    if hours < 24:
        words = ngettext("%(count)s hour late", "%(count)s hours late", hours)
        return words % {"count": hours}
    words = ngettext("%(count)s day late", "%(count)s days late", late.days)
    return words % {"count": late.days}


# ---- Distance, phone, money -----------------------------------------------------------------
class Distance(NamedTuple):
    """How far a place is: a figure with its unit (m, km, about), or words alone."""

    figure: str
    unit: str
    words: str = ""


def distance(
    metres: float | None, precision: str = "exact", area: str = "", *, remote: bool = False
) -> Distance:
    """Say how far, measured only from a measured position; else the area, never a guess."""
    if remote:
        return Distance("", "", gettext("anywhere"))
    measured = metres if isinstance(metres, int | float) else None
    if precision in EXACT and measured is not None:
        return Distance(*_length(measured))
    if precision == "town" and measured is not None:
        return Distance(str(max(1, round(measured / 1000))), "about")
    if area:
        return Distance("", "", gettext("in %(area)s") % {"area": area})
    return Distance("", "", gettext("position unknown"))


def _length(metres: float) -> tuple[str, str]:
    if metres < 950:
        return str(max(10, round(metres / 10) * 10)), "m"
    if metres < 9950:
        return f"{metres / 1000:.1f}", "km"
    return str(round(metres / 1000)), "km"


def phone(number: str | None) -> str:
    """Write a number in the groups people read: 138 1234 5678, 0900-6218 0455, 12348."""
    text = str(number or "")
    digits = re.sub(r"^(\+86|0086)", "", re.sub(r"[\s().-]", "", text))
    if re.fullmatch(r"1\d{10}", digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if re.fullmatch(r"[1-9]\d{9,10}", digits) and text.startswith("+86"):
        digits = f"0{digits}"
    if re.fullmatch(r"0\d{9,11}", digits):
        code = 3 if digits[1] in "12" else 4
        return f"{digits[:code]}-{digits[code:-4]} {digits[-4:]}"
    return text


def masked_phone(number: str | None) -> str:
    """Write a number with its middle hidden: 138****5678."""
    digits = re.sub(r"\D", "", str(number or "").removeprefix("+86"))
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else "*" * len(digits)


def tel(number: str | None) -> str:
    """Write the target of a `tel:` link."""
    return re.sub(r"[^\d+]", "", str(number or ""))


def money(amount: Decimal | float | None, currency: str = "CNY") -> str:
    """Write an amount of money: ¥1,234.50."""
    if amount is None:
        return ""
    return f"{CURRENCIES.get(currency, f'{currency} ')}{Decimal(amount):,.2f}"
