from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts import queries
from accounts.models import AuditEntry, JobState, RateBucket, StuckRow, UsedCode
from accounts.operations import schedule
from core.jobs import Job, now, shifted
from core.safeguards import CHECKPOINTS

JOB = "test.job"


class Killed(BaseException):
    """What a process feels of kill -9: nothing behind it runs."""


@pytest.fixture
def due():
    return [
        RateBucket.objects.create(budget="due", key=str(n), starts_at=now(), ends_at=now())
        for n in range(6)
    ]


def rows():
    return RateBucket.objects.filter(budget="due", n=0)


def act(row):
    """Due until it has an effect: a code used, and the row counted."""
    UsedCode.objects.create(user=queries.system(), step=row.pk)
    RateBucket.objects.filter(pk=row.pk).update(n=1)


def _place(row):
    return {"job": JOB, "table": "accounts.ratebucket", "row": row.pk}


def effects():
    return UsedCode.objects.count()


@pytest.mark.django_db
def test_each_due_row_is_acted_on_once(due):
    assert schedule.each(JOB, rows(), act) == 6
    assert schedule.each(JOB, rows(), act) == 0
    assert effects() == 6


@pytest.mark.django_db
def test_a_row_that_is_no_longer_due_is_left_alone(due):
    def act_and_settle_the_next(row):
        act(row)
        RateBucket.objects.filter(pk=row.pk + 1).update(n=1)

    schedule.each(JOB, rows(), act_and_settle_the_next)

    assert effects() == 3


@pytest.mark.django_db
def test_one_poisoned_row_does_not_stop_the_others(due):
    def poisoned(row):
        act(row)
        if row == due[2]:
            raise ZeroDivisionError("张三 must not be kept")

    assert schedule.each(JOB, rows(), poisoned) == 5
    stuck = StuckRow.objects.get()
    assert (stuck.row, stuck.attempts, stuck.is_quarantined) == (due[2].pk, 1, False)
    assert stuck.error.startswith("ZeroDivisionError at test_schedule.py:")
    assert effects() == 5


@pytest.mark.django_db
def test_a_failing_row_waits_twice_as_long_each_time_and_is_quarantined_at_last(due):
    tries = []

    def fail(row):
        tries.append(row.pk)
        raise ZeroDivisionError

    poisoned, passed, waits = rows().filter(pk=due[0].pk), timedelta(0), []
    for _attempt in range(schedule.ATTEMPTS):
        with shifted(passed):
            schedule.each(JOB, poisoned, fail)
            schedule.each(JOB, poisoned, fail)
            waits.append((StuckRow.objects.get().next_try_at or now()) - now())
        passed += waits[-1] + timedelta(seconds=1)
    with shifted(timedelta(days=30)):
        schedule.each(JOB, poisoned, fail)

    assert len(tries) == schedule.ATTEMPTS
    assert [round(wait.total_seconds() / 60) for wait in waits] == [2, 4, 8, 16, 32]
    assert StuckRow.objects.get().is_quarantined


@pytest.mark.django_db
def test_who_is_asked_to_end_finishes_the_row_in_hand_and_takes_no_other(due, monkeypatch):
    def act_and_be_stopped(row):
        act(row)
        monkeypatch.setattr(schedule, "stopping", lambda: True)

    assert schedule.each(JOB, rows(), act_and_be_stopped) == 1

    monkeypatch.undo()
    assert schedule.each(JOB, rows(), act) == len(due) - 1


@pytest.mark.django_db
def test_a_quarantined_row_is_let_go_by_hand(due):
    stuck = StuckRow.objects.create(**_place(due[0]), attempts=5, is_quarantined=True, error="x")

    schedule.retry(stuck, by=queries.system())

    assert schedule.each(JOB, rows(), act) == 6
    assert AuditEntry.objects.filter(action="job.retry").exists()


@pytest.mark.django_db
def test_a_stuck_row_does_not_hold_back_its_namesake_of_another_table(due):
    StuckRow.objects.create(
        job=JOB, table="another.table", row=due[0].pk, is_quarantined=True, error="x"
    )

    assert schedule.each(JOB, rows(), act) == 6


@pytest.mark.django_db
def test_a_row_that_succeeds_forgets_its_failures(due):
    StuckRow.objects.create(**_place(due[0]), attempts=3, next_try_at=now(), error="x")

    with shifted(timedelta(seconds=1)):
        schedule.each(JOB, rows(), act)

    assert not StuckRow.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["row_claimed", "row_done"])
def test_a_kill_in_mid_batch_loses_and_doubles_nothing(due, moment):
    reached = []

    def kill():
        reached.append(1)
        if len(reached) == 3:
            raise Killed

    CHECKPOINTS[moment] = kill
    try:
        with pytest.raises(Killed):
            schedule.each(JOB, rows(), act)
    finally:
        CHECKPOINTS.clear()

    assert effects() == 2
    assert schedule.each(JOB, rows(), act) == 4
    assert effects() == 6


def _two_schedulers(act):
    def work(_number):
        try:
            return schedule.each(JOB, rows(), act)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(work, range(2)))


@pytest.mark.usefixtures("committed_db")
def test_two_schedulers_share_the_rows(due):
    assert _two_schedulers(act) == 6
    assert effects() == 6
    assert not StuckRow.objects.exists()


@pytest.mark.postgres
@pytest.mark.usefixtures("committed_db")
def test_without_the_claim_an_effect_happens_twice(due, settings):
    settings.SAFEGUARDS_OFF = frozenset({"claim_tx"})
    barrier = Barrier(2)
    acted = []
    CHECKPOINTS["row_claimed"] = lambda: barrier.wait(10)
    try:
        _two_schedulers(lambda row: acted.append(row.pk))
    finally:
        CHECKPOINTS.clear()

    assert len(acted) > len(set(acted))


@pytest.mark.django_db
def test_a_job_runs_when_its_interval_has_passed():
    runs = []
    job = Job(JOB, lambda: runs.append(1), timedelta(minutes=5))

    ran = [schedule.run(job), schedule.run(job)]
    with shifted(timedelta(minutes=5)):
        ran.append(schedule.run(job))

    assert ran == [True, False, True]
    assert len(runs) == 2


@pytest.mark.django_db
def test_a_job_that_fails_says_so_and_runs_again():
    def broken():
        raise ZeroDivisionError

    schedule.run(Job(JOB, broken, timedelta(minutes=5)))
    failed = JobState.objects.get().error
    with shifted(timedelta(minutes=5)):
        schedule.run(Job(JOB, lambda: None, timedelta(minutes=5)))

    assert failed.startswith("ZeroDivisionError")
    assert JobState.objects.get().error == ""


@pytest.mark.django_db
def test_a_clock_set_back_repeats_nothing(due):
    job = Job(JOB, lambda: schedule.each(JOB, rows(), act), timedelta(minutes=5))
    schedule.run(job)

    with shifted(-timedelta(days=1)):
        assert not schedule.run(job)

    assert effects() == 6


@pytest.mark.django_db
def test_a_job_that_is_not_due_costs_one_reading_and_no_write(django_assert_num_queries):
    job = Job(JOB, lambda: None, timedelta(hours=1))
    assert schedule.run(job)

    with django_assert_num_queries(1) as statements:
        assert not schedule.run(job)

    assert statements.captured_queries[0]["sql"].startswith("SELECT")
