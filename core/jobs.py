"""The product's clock and the registries of unattended work."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

_offset = timedelta(0)


def now() -> datetime:
    """Return the instant that every due comparison uses (rule JB3)."""
    return timezone.now() + _offset


def today(tz: str | None = None) -> date:
    """Return the civil date in a zone, by default the installation's."""
    return now().astimezone(ZoneInfo(tz or settings.TIME_ZONE)).date()


@contextlib.contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Move the clock while the block runs; tests and the demo's history use it."""
    global _offset  # noqa: PLW0603  # one clock for the process is the point
    before = _offset
    _offset = before + by
    try:
        yield
    finally:
        _offset = before


@dataclass(frozen=True)
class Job:
    """A function that finds what is due and calls operations."""

    name: str
    run: Callable[[], object]
    every: timedelta


JOBS: dict[str, Job] = {}


def job(*, every: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a function of an application's `jobs.py` under `<app label>.<name>`."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        label = function.__module__.rsplit(".", 2)[-2]
        name = f"{label}.{function.__name__}"
        JOBS[name] = Job(name, function, every)
        return function

    return register
