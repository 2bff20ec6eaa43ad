"""How HSDS writes single values: numbers, times with their offset, addresses of the web. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

# What the standard requires and we do not know.
UNKNOWN: Final = "unknown"
SAFE: Final = "/?#@!$&'()*+,;=:%~-._"


def number(value: Decimal | int | float) -> int | float:
    """Write a number as JSON has it: 12, not 12.00 and not "12"."""
    return int(value) if value == int(value) else float(value)


def instant(value: datetime) -> str:
    """Write an instant in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def uri(value: str) -> str:
    """Write an address so that strict readers take it, or nothing: Han characters are encoded."""
    written = quote(value.strip(), safe=SAFE)
    try:
        parts = urlsplit(written)
        _port = parts.port
    except ValueError:
        return ""
    return written if parts.scheme and parts.netloc and "[" not in parts.netloc else ""


def offset_of(tz: str, on: date) -> Decimal:
    """Return how many hours a zone is ahead of UTC on a date."""
    at_noon = datetime.combine(on, time(12), tzinfo=ZoneInfo(tz))
    shift = at_noon.utcoffset() or timedelta(0)
    return Decimal(shift.total_seconds()) / 3600


def clock(value: time, offset: Decimal) -> str:
    """Write a time of day with its offset: 10:00:00+08:00."""
    minutes = int(offset * 60)
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{value.replace(tzinfo=None, microsecond=0).isoformat()}{sign}{hours:02}:{rest:02}"


def extension(written: str) -> int | None:
    """Return an extension as the number that the standard wants, where it is one."""
    return int(written) if written.isascii() and written.isdigit() and written[0] != "0" else None


def without_blanks(given: dict[str, Any]) -> dict[str, Any]:
    """Leave out what says nothing: null and empty fail the official schemas."""
    return {name: value for name, value in given.items() if value not in (None, "", [], {})}
