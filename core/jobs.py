"""The product's clock, the registries of unattended work, and the loop that runs it."""

import contextlib
import fcntl
import hashlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from structlog.contextvars import bound_contextvars

from core.crypto import keys_in_use

log = logging.getLogger("linkwell.jobs")

# ---- Clock ----------------------------------------------------------------------------------
# Below a second the difference is the network's, and following it would make time jump.
NOISE = timedelta(seconds=1)
MEASURED_FOR = 60.0

_offset = timedelta(0)
_skew = timedelta(0)
_measure_after = 0.0


def now() -> datetime:
    """Return the database's instant, the one that every due comparison uses (rule JB3)."""
    return timezone.now() + _skew + _offset


def today(tz: str | None = None) -> date:
    """Return the civil date in a zone, by default the installation's."""
    return local_date(now(), tz)


def local_date(at: datetime, tz: str | None = None) -> date:
    """Return the civil date of an instant in a zone, by default the installation's."""
    return at.astimezone(ZoneInfo(tz or settings.TIME_ZONE)).date()


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


def read_database_clock(database: BaseDatabaseWrapper) -> timedelta:
    """Return how far the database's clock is ahead of ours, measured at most once a minute."""
    global _skew, _measure_after  # noqa: PLW0603  # one clock for the process is the point
    if database.vendor == "postgresql" and time.monotonic() >= _measure_after:
        with database.cursor() as cursor:
            before = timezone.now()
            cursor.execute("SELECT clock_timestamp()")
            there = cursor.fetchone()[0]
            here = before + (timezone.now() - before) / 2
        _skew = there - here if abs(there - here) > NOISE else timedelta(0)
        _measure_after = time.monotonic() + MEASURED_FOR
    return _skew


# ---- Registries -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Job:
    """A function that finds what is due and calls operations."""

    name: str
    run: Callable[[], object]
    every: timedelta


class State(StrEnum):
    """How a part of the installation is, from good to bad."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Reading:
    """What a probe found: a state, a sentence for administrators, figures for monitors."""

    state: State
    text: object
    figures: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Probe:
    """A function that looks at one part of the installation."""

    name: str
    label: object
    read: Callable[[], Reading]
    serving: bool


JOBS: dict[str, Job] = {}
PROBES: dict[str, Probe] = {}


def _name(function: Callable[..., object]) -> str:
    module = function.__module__.removeprefix("directory.").removeprefix("referrals.")
    return f"{module.split('.')[0]}.{function.__name__}"


def job(*, every: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a function of an application's `jobs.py` under `<app label>.<name>`."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        JOBS[_name(function)] = Job(_name(function), function, every)
        return function

    return register


def probe(
    label: object, *, serving: bool = False
) -> Callable[[Callable[[], Reading]], Callable[[], Reading]]:
    """Register a function of `jobs.py` that says how its part is doing.

    `serving` marks a part without which answers get worse: `/health/ready` then says degraded.
    """

    def register(function: Callable[[], Reading]) -> Callable[[], Reading]:
        PROBES[_name(function)] = Probe(_name(function), label, function, serving)
        return function

    return register


def readings(*, serving_only: bool = False) -> list[tuple[Probe, Reading]]:
    """Read every probe; one that fails itself is reported, not raised."""
    return [(found, _read(found)) for found in PROBES.values() if found.serving or not serving_only]


def _read(found: Probe) -> Reading:
    try:
        return found.read()
    except Exception:
        log.exception("probe failed", extra={"job": found.name})
        return Reading(State.FAIL, _("This check itself failed; the log says where."))


# ---- One at a time --------------------------------------------------------------------------
class AlreadyRunning(RuntimeError):
    """Another process does the same at this moment."""


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Keep a second process from doing the same; what must be correct never relies on it (JB8)."""
    lock = _advisory_lock if connection.vendor == "postgresql" else _lock_file
    with lock(name):
        yield


@contextlib.contextmanager
def _advisory_lock(name: str) -> Iterator[None]:
    # Of its own and outside the pool: the lock lives exactly as long as this connection.
    own = connections[DEFAULT_DB_ALIAS].copy()
    own.settings_dict["OPTIONS"].pop("pool", None)
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            if not cursor.fetchone()[0]:
                raise AlreadyRunning(name)
        yield
    finally:
        own.close()


@contextlib.contextmanager
def _lock_file(name: str) -> Iterator[None]:
    database = Path(connection.settings_dict["NAME"])
    with database.with_name(f"{database.name}.{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(name) from None
        yield


# ---- The loop -------------------------------------------------------------------------------
GRACE = 25.0  # seconds for the row in hand; then its transaction is rolled back and found again
_stop = threading.Event()


def stopping() -> bool:
    """Say whether the process was asked to end: finish the row in hand, take no other."""
    return _stop.is_set()


def loop(run: Callable[[Job], bool], *, once: bool = False) -> None:
    """Run what is due every second until SIGTERM; `run` claims a job and notes how it went."""
    _stop.clear()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ask_to_stop)
    signal.signal(signal.SIGALRM, _give_up)
    while not _stop.is_set():
        tick(run)
        if once:
            break
        _stop.wait(1)
    signal.setitimer(signal.ITIMER_REAL, 0)


def tick(run: Callable[[Job], bool]) -> None:
    """Try each job once; whatever one of them does, the others get their turn."""
    for found in list(JOBS.values()):
        if stopping():
            return
        try:
            with bound_contextvars(job=found.name), keys_in_use():
                close_old_connections()
                read_database_clock(connection)
                run(found)
        except Exception:
            log.exception("job broke off", extra={"job": found.name})


def _ask_to_stop(_number: int, _frame: object) -> None:
    _stop.set()
    signal.setitimer(signal.ITIMER_REAL, GRACE)


def _give_up(_number: int, _frame: object) -> None:
    raise SystemExit(6)
