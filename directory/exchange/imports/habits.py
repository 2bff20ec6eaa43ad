"""How people write values: dates, times, weekdays, numbers, addresses of the web. Pure."""

import html
import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from core.text import fold, printable

# Words that mean "we do not know"; exports write the first where the standard asks for a text.
UNKNOWN: Final = frozenset({"unknown", "-", "n/a", "na", "null", "none given", "000000"})
_BLANKS: Final = re.compile(r"[^\S\n]+")
_ENTITY: Final = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]{2,8});")
# UTF-8 read as Latin-1, a replaced character, UTF-8 read as GBK.
_MOJIBAKE: Final = re.compile("[ÂÃ][\u0080-\u00bf]|â€|\ufffd|锟斤拷")


# ---- Text -----------------------------------------------------------------------------------
class Text(NamedTuple):
    """A cleaned text and what had to be done to it."""

    text: str
    warning: str = ""


def text(value: object) -> Text:
    """Trim, fold white space, decode entities, take invisible characters out."""
    written = "" if value is None else str(value)
    shown = printable(written)
    if _ENTITY.search(shown):
        shown = printable(html.unescape(shown))
    lines = [_BLANKS.sub(" ", line).strip() for line in shown.split("\n")]
    cleaned = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(printable(written)) != len(written.replace("\r\n", "\n").replace("\ufeff", "")):
        return Text(cleaned, "control_characters")
    return Text(cleaned, "mojibake" if _MOJIBAKE.search(cleaned) else "")


def known(value: str) -> str:
    """Return the text, or nothing where it only says that nobody knows."""
    return "" if fold(value).strip() in UNKNOWN else value


def ids(value: object) -> list[str]:
    """Return the ids of a cell: foreign keys may be lists parted by commas."""
    return [part.strip() for part in str(value or "").split(",") if part.strip()]


def words(value: object) -> list[str]:
    """Return the words of a list cell."""
    parts = re.split("[,;|、，；]", str(value or ""))
    return [part.strip() for part in parts if part.strip()]


# ---- Numbers --------------------------------------------------------------------------------
def number(value: object) -> Decimal:
    """Read a number; full-width digits and blanks around it are taken."""
    try:
        # A truth value is no number, although Python takes it for one.
        read = Decimal(fold(str(value)).strip())
    except InvalidOperation as error:
        raise ValueError(value) from error
    # Powers of ten beyond any quantity would overflow the arithmetic that follows.
    if not read.is_finite() or (read and abs(read.adjusted()) > 20):
        raise ValueError(value)
    return read


def integer(value: object) -> int:
    """Read a whole number; 12.0 is one."""
    read = number(value)
    if read != read.to_integral_value() or abs(read) > 2**31:
        raise ValueError(value)
    return int(read)


def flag(value: object) -> bool:
    """Read yes or no."""
    word = fold(str(value)).strip()
    if word in {"true", "yes", "y", "1", "是", "√", "t"}:
        return True
    if word in {"false", "no", "n", "0", "否", "\u00d7", "f", ""}:
        return False
    raise ValueError(value)


def plain(read: Decimal | float) -> str:
    """Write a number the same however many zeros it came with."""
    written = f"{Decimal(str(read)).normalize():f}"
    return "0" if written == "-0" else written


# ---- Dates ----------------------------------------------------------------------------------
_NUMERIC: Final = re.compile(r"(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?")
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WORDY: Final = re.compile(r"([a-z]{3,9})\.? (\d{1,2}),? (\d{4})")


def day(value: object, order: str = "ymd") -> date:
    """Read a date: 2024-03-05, 2024.3.5, 2024年3月5日, 12/24/15, January 1, 2015.

    A year of four digits shows its place itself; else the source's order decides, and where the
    source writes years first, month before day.
    """
    written = re.sub(r"[t ]\d{1,2}:\d{2}.*$", "", fold(str(value)).strip())
    if match := _NUMERIC.fullmatch(written):
        first, second, third = match.groups()
        if len(first) > 2:
            return date(_year(first), int(second), int(third))
        if order == "dmy":
            first, second = second, first
        return date(_year(third), int(first), int(second))
    if match := _WORDY.fullmatch(written):
        months = [n for n, name in enumerate(_MONTHS, 1) if name.startswith(match[1][:3])]
        return date(int(match[3]), months[0] if months else 0, int(match[2]))
    raise ValueError(value)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def instant(value: object) -> str:
    """Read an instant and write it in ISO; one without a zone is UTC."""
    written = str(value).strip().replace("Z", "+00:00")
    # Python reads three or six digits of a second, the standard's own example has one.
    written = re.sub(r"\.(\d{1,6})\d*", lambda part: f".{part[1]:0<6}", written)
    read = datetime.fromisoformat(written)
    return read.isoformat() if read.tzinfo else f"{read.isoformat()}+00:00"


# ---- Times of day ---------------------------------------------------------------------------
class Clock(NamedTuple):
    """A time of day as a file gives it; closed days and full days have none."""

    at: time | None = None
    offset: Decimal | None = None
    is_closed: bool = False
    is_all_day: bool = False


_TIME: Final = re.compile(
    r"(\d{1,2})(?::?(\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?"
    r"\s*(z|[+-]\d{2}(?::?\d{2})?)?"
)


def clock(value: object) -> Clock:
    """Read a time of day: 09:00, 9:00AM, 0900, 16:30:00+08:00, Closed, 24 Hours, noon."""
    word = fold(str(value)).strip()
    if word in {"closed", "休息", "关闭"}:
        return Clock(is_closed=True)
    if re.fullmatch(r"24\s*(hours?|hrs?|h|小时)|24-7|24/7|all day|全天", word):
        return Clock(is_all_day=True)
    if word in {"noon", "midnight"}:
        return Clock(time(12 if word == "noon" else 0))
    match = _TIME.fullmatch(word)
    if not match or (match[2] is None and match[4] is None and len(match[1]) < 2):
        raise ValueError(value)
    hour, minute, second = (int(part or 0) for part in match.groups()[:3])
    if match[4]:
        if not 1 <= hour <= 12:
            raise ValueError(value)
        hour = hour % 12 + (12 if match[4] == "p" else 0)
    if (hour, minute, second) == (24, 0, 0):
        hour = 0
    return Clock(time(hour, minute, second), offset(match[5]) if match[5] else None)


def offset(written: str) -> Decimal:
    """Read an offset from UTC in hours: +08:00, -0530, Z."""
    if written == "z":
        return Decimal(0)
    sign = -1 if written[0] == "-" else 1
    digits = written[1:].replace(":", "").ljust(4, "0")
    return sign * (Decimal(digits[:2]) + Decimal(digits[2:4]) / 60).quantize(Decimal("0.01"))


# ---- Weekdays -------------------------------------------------------------------------------
WEEK: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NAMES: Final = {
    **{name.lower(): name for name in WEEK},
    **dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), WEEK, strict=True)),
    **dict(zip(("m", "tues", "w", "thur", "f", "s", "su"), WEEK, strict=True)),
    "thurs": "TH",
    "weds": "WE",
    **dict(
        zip(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            WEEK,
            strict=True,
        )
    ),
}
_NTH: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1} | {
    f"{n}{end}": n for n, end in ((1, "st"), (2, "nd"), (3, "rd"), (4, "th"))
}
_EVERY: Final = frozenset(
    {"daily", "every day", "everyday", "7 days a week", "7 days", "24-7", "24/7", "all week"}
)


class Weekly(NamedTuple):
    """Weekdays as a recurrence: `byday` and its frequency."""

    byday: str
    freq: str = "WEEKLY"


_IDLE: Final = frozenset({"and", "every", "each", "the", "of", "month", "on"})
_PARTS: Final = re.compile(r"\s*(?:[,;&/]|\band\b)\s*")
_UNTIL: Final = re.compile(r"\s*-\s*| (?:to|thru|through) ")


def weekdays(value: object) -> Weekly:
    """Read weekdays: Monday-Friday, mon,tue, Tuesday & Thursday, Second Saturday, weekends."""
    said = re.sub("[\u2010-\u2015\uff5e~]", "-", fold(str(value))).strip(" .")
    if said in _EVERY:
        return Weekly(",".join(WEEK))
    *turns, last_word = [word for word in re.findall(r"\w+", said) if word not in _IDLE] or [""]
    if turns and all(turn in _NTH for turn in turns) and _day(last_word):
        return Weekly(",".join(f"{_NTH[turn]}{_day(last_word)}" for turn in turns), "MONTHLY")
    said = said.replace("weekdays", "mo-fr").replace("weekends", "sa,su")
    found: set[str] = set()
    for part in _PARTS.split(said):
        first, *last = _UNTIL.split(part)
        found |= _span(_day(first), _day(last[0] if last else first))
    return Weekly(",".join(name for name in WEEK if name in found))


def _day(word: str) -> str:
    name = word.strip(" .")
    return _NAMES.get(name) or _NAMES.get(name.removesuffix("s"), "")


def _span(first: str, last: str) -> set[str]:
    if not first or not last:
        raise ValueError(first or last)
    start, end = WEEK.index(first), WEEK.index(last)
    return {WEEK[n % 7] for n in range(start, (end if end >= start else end + 7) + 1)}


def numbered_days(value: object) -> list[str]:
    """Read lists of day numbers, 1 = Monday, as one directory writes them."""
    return [WEEK[int(part) - 1] for part in ids(value)]


# ---- Addresses of the web -------------------------------------------------------------------
class Url(NamedTuple):
    """An address that a link may use, and whether its scheme had to be added."""

    url: str
    warning: str = ""


_HOST: Final = re.compile(r"(?!-)[\w-]+(\.[\w-]+)+(:\d{1,5})?([/?#].*)?", re.IGNORECASE)


def url(value: str) -> Url:
    """Read a web address; one without a scheme gets http://, others than http are refused."""
    written = re.sub(r"[\x00-\x20\x7f]+", "", value)
    scheme, found, rest = written.partition("://")
    if not found:
        scheme, rest = "", written
    if scheme.lower() not in {"", "http", "https"} or not _HOST.fullmatch(rest):
        raise ValueError(value)
    if not scheme:
        return Url(f"http://{rest}", "url_scheme_added")
    return Url(f"{scheme.lower()}://{rest}")


EMAIL: Final = re.compile(r"[^\s@<>()\"',;:\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def email(value: str) -> str:
    """Read an e-mail address."""
    written = value.removeprefix("mailto:").strip()
    if len(written) > 254 or not EMAIL.fullmatch(written):
        raise ValueError(value)
    return written
