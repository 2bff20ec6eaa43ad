"""Tags and filters that every template has: icons, catalogue text, dates, distances, numbers."""

import re
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django import template
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.jobs import now, today
from core.templatetags import signs

register = template.Library()

WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
LANGUAGE_NAMES = {
    "zh": _("Chinese"),
    "en": _("English"),
    "es": _("Spanish"),
    "bo": _("Tibetan"),
    "ug": _("Uyghur"),
    "mn": _("Mongolian"),
    "ko": _("Korean"),
    "ja": _("Japanese"),
    "fr": _("French"),
    "ru": _("Russian"),
    "vi": _("Vietnamese"),
    "ar": _("Arabic"),
}


# ---- Signs ----------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Print a symbol of the sprite; the word stands beside it, so it is silent to a screen reader.

    `{% icon "phone" %}`; `extra` adds classes.
    """
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        static("core/icons.svg"),
        name,
    )


@register.simple_tag
def sign(kind: str, code: str, side: str = "") -> signs.Sign:
    """Give shape, role and word of a status: `{% sign "referral" status "sender" as s %}`."""
    return signs.sign(kind, code, side)


class Remaining(NamedTuple):
    """What is left of a time limit, as the chip shows it."""

    shape: str
    role: str
    word: str


@register.simple_tag
def sla(due: date | datetime | None, start: datetime | None = None) -> Remaining | None:
    """Say how much of a time limit is left; after four fifths of it the clock turns amber."""
    if due is None:
        return None
    if not isinstance(due, datetime):
        return _days_left((due - today()).days)
    left = due - now()
    if left < timedelta(0):
        return Remaining("late", "danger", _overdue(-left))
    span = due - start if start else None
    close = left <= span / 5 if span else timezone.localdate(due) == today()
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
        words = ngettext("Overdue by %(count)s hour", "Overdue by %(count)s hours", hours)
        return words % {"count": hours}
    words = ngettext("Overdue by %(count)s day", "Overdue by %(count)s days", late.days)
    return words % {"count": late.days}


# ---- Catalogue text and forms ---------------------------------------------------------------
def page_language() -> str:
    """Return the language of the page as a tag of HTML."""
    language = get_language() or "zh-hans"
    return "zh-Hans" if language.startswith("zh") else language


@register.simple_tag
def html_language() -> str:
    """Print the value of `lang` on the page."""
    return page_language()


@register.filter
def plain(record: Any, field: str) -> str:
    """Return catalogue text in the page language without a mark, for titles and attributes."""
    return str(record.text(field, page_language())[0] or "")


@register.simple_tag(name="text")
def catalogue_text(record: Any, field: str, *, paragraphs: bool = False) -> SafeString | str:
    """Print catalogue text; text of another language carries `lang` and a visible mark."""
    words, language = record.text(field, page_language())
    if not words:
        return ""
    body = linebreaks(words, autoescape=True) if paragraphs else words
    if language == page_language():
        return body if paragraphs else format_html("{}", words)
    tag = "div" if paragraphs else "span"
    marked = format_html('<{0} lang="{1}">{2}</{0}>', tag, language, body)
    primary = language.split("-", 1)[0]
    if primary == page_language().split("-", 1)[0]:
        return marked
    name = gettext("(%(language)s)") % {"language": LANGUAGE_NAMES.get(primary, language)}
    return format_html('{} <span class="lang-mark">{}</span>', marked, name)


@register.simple_tag
def form_key() -> SafeString:
    """Print the hidden key by which a second sending of the same form is recognized."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid.uuid4())


@register.simple_tag(takes_context=True)
def form_guard(context: Any, version: int | None = None) -> SafeString:
    """Print what every POST form carries, also inside an include with `only`."""
    token = format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(context.request)
    )
    if version is None:
        return format_html("{}{}", token, form_key())
    kept = format_html('<input type="hidden" name="version" value="{}">', version)
    return format_html("{}{}{}", token, form_key(), kept)


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: object) -> str:
    """Print the address of this page with some parameters changed; `None` removes one."""
    parameters = context.request.GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}" if parameters else "?"


# ---- Dates ----------------------------------------------------------------------------------
def _civil(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def _with_weekday(text: str, value: date) -> str:
    weekday = WEEKDAYS[value.weekday()]
    return gettext("%(date)s (%(weekday)s)") % {"date": text, "weekday": weekday}


@register.filter
def day(value: date | datetime | None) -> str:
    """Print a date for tables and lists: 2026-11-23 (Mon)."""
    return _with_weekday(f"{_civil(value):%Y-%m-%d}", _civil(value)) if value else ""


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Print a date of this year for narrow places, 11-23 (Mon); another year is written out."""
    if not value:
        return ""
    civil = _civil(value)
    return _with_weekday(f"{civil:%m-%d}", civil) if civil.year == today().year else day(civil)


@register.filter
def long_day(value: date | datetime | None) -> str:
    """Print a date for running text and papers: January 28, 2026."""
    if not value:
        return ""
    civil = _civil(value)
    if page_language() == "zh-Hans":
        return f"{civil.year}年{civil.month}月{civil.day}日"
    return f"{MONTHS[civil.month - 1]} {civil.day}, {civil.year}"


@register.filter
def moment(value: datetime | None) -> str:
    """Print an instant in local time: today 08:40, 11-23 (Mon) 08:40."""
    if not value:
        return ""
    clock = f"{timezone.localtime(value):%H:%M}"
    if _civil(value) == today():
        return gettext("today %(time)s") % {"time": clock}
    return f"{short_day(value)} {clock}"


@register.filter
def stamp(value: datetime | None) -> str:
    """Print an instant in full for headings and papers: 2026-11-23 (Mon) 08:40."""
    return f"{day(value)} {timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def ago(value: date | datetime | None) -> str:
    """Print how long ago or ahead a day is: today, 3 days ago, in 2 days, 13 months ago."""
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


NEAR_DAYS = {0: _("today"), 1: _("yesterday"), -1: _("tomorrow")}


# ---- Distance, phone, money -----------------------------------------------------------------
class Distance(NamedTuple):
    """How far a place is, as precisely as its position allows."""

    figure: str
    unit: str | Promise
    note: str | Promise
    approximate: bool = False


@register.simple_tag
def distance(
    metres: float | None, precision: str = "exact", area: str = "", *, remote: bool = False
) -> Distance:
    """Say how far: measured only for exact and street positions, else the area, never a guess."""
    if remote:
        return Distance("", _("anywhere"), "")
    if precision in {"exact", "street"} and metres is not None:
        figure, unit = _length(metres)
        return Distance(figure, unit, _("straight line"))
    if precision == "town" and metres is not None:
        return Distance(str(max(1, round(metres / 1000))), _("km"), "", approximate=True)
    if area:
        return Distance("", gettext("in %(area)s") % {"area": area}, "")
    return Distance("", _("no position known"), "")


def _length(metres: float) -> tuple[str, str | Promise]:
    if metres < 950:
        return str(max(10, round(metres / 10) * 10)), _("m")
    if metres < 9950:
        return f"{metres / 1000:.1f}", _("km")
    return str(round(metres / 1000)), _("km")


def _grouped(number: str, separator: str) -> str:
    digits = re.sub(r"^(\+86|0086)", "", re.sub(r"[\s().-]", "", number))
    if re.fullmatch(r"1\d{10}", digits):
        return f"{digits[:3]}{separator}{digits[3:7]}{separator}{digits[7:]}"
    if re.fullmatch(r"0\d{9,11}", digits):
        code = 3 if digits[1] in "12" else 4
        rest = digits[code:]
        return f"{digits[:code]}-{rest[:-4]}{separator}{rest[-4:]}"
    return number


@register.filter
def phone(number: str | None) -> str:
    """Print a number in the groups people read it in: 138 1234 5678, 0900-6218 0455, 12348."""
    return _grouped(str(number), " ") if number else ""


@register.filter
def masked_phone(number: str | None) -> str:
    """Print a number with its middle hidden: 138****5678."""
    digits = re.sub(r"\D", "", str(number or ""))
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}****{digits[-4:]}"


@register.filter
def tel(number: str | None) -> str:
    """Print the target of a `tel:` link."""
    return re.sub(r"[^\d+]", "", str(number or ""))


@register.filter
def money(amount: Decimal | float | None, currency: str = "CNY") -> str:
    """Print an amount of money: ¥1,234.50."""
    if amount is None:
        return ""
    figure = number_format(Decimal(amount), decimal_pos=2, use_l10n=False, force_grouping=False)
    whole, _dot, cents = figure.partition(".")
    grouped = f"{int(whole):,}"
    symbol = {"CNY": "¥", "USD": "$", "EUR": "€"}.get(currency, f"{currency} ")
    return f"{symbol}{grouped}.{cents}"
