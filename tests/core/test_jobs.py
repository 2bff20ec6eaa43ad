import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from structlog.contextvars import get_contextvars

from core import jobs
from core.jobs import AlreadyRunning, Job, exclusive, job, loop, now, shifted, stopping, tick, today
from tests.support import clock

pytestmark = pytest.mark.django_db


# ---- Clock ----------------------------------------------------------------------------------
def test_the_clock_moves_and_comes_back() -> None:
    before = now()

    with shifted(timedelta(days=3)):
        with shifted(timedelta(hours=1)):
            moved = now() - before
            assert timedelta(days=3, hours=1) <= moved < timedelta(days=3, hours=1, minutes=1)
        assert now() - before < timedelta(days=3, minutes=1)

    assert now() - before < timedelta(minutes=1)


def test_today_is_the_civil_day_of_the_place() -> None:
    with clock.at(datetime(2026, 3, 4, 17, 30, tzinfo=UTC)):
        assert today() == date(2026, 3, 5)
        assert today("UTC") == date(2026, 3, 4)
        assert today("America/New_York") == date(2026, 3, 4)


def test_days_can_be_lived_through_one_by_one() -> None:
    lived = [(day, today()) for day in clock.each_day(date(2028, 2, 28), 3)]

    assert lived == [
        (date(2028, 2, 28), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2028, 3, 1), date(2028, 3, 1)),
    ]


class Elsewhere:
    """A database whose clock is wrong."""

    vendor = "postgresql"

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead
        self.asked = 0

    def cursor(self) -> "Elsewhere":
        return self

    def __enter__(self) -> "Elsewhere":
        return self

    def __exit__(self, *_error: object) -> None: ...

    def execute(self, _sql: str) -> None:
        self.asked += 1

    def fetchone(self) -> tuple[datetime]:
        return (datetime.now(UTC) + self.ahead,)


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_skew", timedelta(0))
    monkeypatch.setattr(jobs, "_measure_after", 0.0)


@pytest.mark.usefixtures("unmeasured")
def test_due_comparisons_follow_the_clock_of_the_database() -> None:
    elsewhere: Any = Elsewhere(timedelta(hours=2))
    jobs.read_database_clock(elsewhere)
    jobs.read_database_clock(elsewhere)

    ahead = now() - datetime.now(UTC)
    assert timedelta(hours=1, minutes=59) < ahead < timedelta(hours=2, minutes=1)
    assert elsewhere.asked == 1


@pytest.mark.usefixtures("unmeasured")
def test_the_networks_noise_does_not_make_time_jump() -> None:
    elsewhere: Any = Elsewhere(timedelta(milliseconds=400))

    assert jobs.read_database_clock(elsewhere) == timedelta(0)


@pytest.mark.usefixtures("unmeasured")
def test_the_clocks_of_this_test_agree() -> None:
    assert abs(jobs.read_database_clock(connection)) < timedelta(seconds=5)


# ---- One at a time --------------------------------------------------------------------------
def test_the_same_work_is_not_done_twice_at_once() -> None:
    with exclusive("test-work"), pytest.raises(AlreadyRunning), exclusive("test-work"):
        pass


def test_other_work_and_the_next_turn_are_free() -> None:
    with exclusive("test-work"), exclusive("test-other"):
        pass
    with exclusive("test-work"):
        pass


def test_the_lock_goes_with_an_error() -> None:
    with pytest.raises(ZeroDivisionError), exclusive("test-work"):
        raise ZeroDivisionError
    with exclusive("test-work"):
        pass


# ---- Loop -----------------------------------------------------------------------------------
@pytest.fixture
def own_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Job]]:
    monkeypatch.setattr(jobs, "JOBS", {})
    # The test's transaction lives on this connection.
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield jobs.JOBS
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    jobs._stop.clear()


def test_a_job_is_registered_under_its_application(own_jobs: dict[str, Job]) -> None:
    def remind() -> None: ...

    remind.__module__ = "referrals.handoffs.jobs.ladder"
    job(every=timedelta(minutes=1))(remind)

    assert own_jobs["handoffs.remind"].every == timedelta(minutes=1)


def test_one_job_that_breaks_does_not_stop_the_others(own_jobs: dict[str, Job]) -> None:
    ran: list[str] = []

    def run(found: Job) -> bool:
        ran.append(found.name)
        if found.name.endswith("first"):
            raise OperationalError("database is locked")
        return True

    for name in ("first", "second"):
        own_jobs[name] = Job(name, lambda: None, timedelta(0))
    loop(run, once=True)

    assert ran == ["first", "second"]


def test_a_request_to_stop_lets_the_job_in_hand_finish_and_takes_no_other(
    own_jobs: dict[str, Job],
) -> None:
    done: list[str] = []

    def run(found: Job) -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        while not stopping():
            time.sleep(0.001)
        done.append(found.name)
        return True

    for name in ("first", "second"):
        own_jobs[name] = Job(name, lambda: None, timedelta(0))
    started = time.monotonic()
    loop(run)

    assert done == ["first"]
    assert time.monotonic() - started < 1


def test_a_job_that_does_not_end_is_given_up_in_time(
    own_jobs: dict[str, Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "GRACE", 0.05)

    def hang(_found: Job) -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(20)
        return True

    own_jobs["hangs"] = Job("hangs", lambda: None, timedelta(0))
    started = time.monotonic()
    with pytest.raises(SystemExit) as ended:
        loop(hang)

    assert ended.value.code == 6
    assert time.monotonic() - started < 5


def test_a_worker_ends_within_half_a_minute() -> None:
    assert jobs.GRACE <= 30


def test_a_round_knows_each_job_by_name_in_the_log(own_jobs: dict[str, Job]) -> None:
    seen: list[object] = []

    def run(_found: Job) -> bool:
        seen.append(get_contextvars().get("job"))
        return True

    own_jobs["core.remind"] = Job("core.remind", lambda: None, timedelta(0))
    tick(run)

    assert seen == ["core.remind"]
    assert "job" not in get_contextvars()
