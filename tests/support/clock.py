"""Moves the product's clock: to a day, or step by step, without sleeping."""

import contextlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.jobs import now, shifted

SHANGHAI = ZoneInfo("Asia/Shanghai")
Moment = contextlib.AbstractContextManager[None]


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be this instant while the block runs; the clock goes on ticking from there."""
    with shifted(moment - now()):
        yield


def on(day: date, hour: int = 10, zone: ZoneInfo = SHANGHAI) -> Moment:
    """Let it be this day, at ten in the morning unless said otherwise."""
    return at(datetime.combine(day, time(hour), zone))


def after(**span: float) -> Moment:
    """Let some time have passed: `after(days=31)`."""
    return shifted(timedelta(**span))


def each_day(first: date, days: int, zone: ZoneInfo = SHANGHAI) -> Iterator[date]:
    """Live through the days one after the other: the body of the loop runs on each of them."""
    for number in range(days):
        day = first + timedelta(days=number)
        with on(day, zone=zone):
            yield day
