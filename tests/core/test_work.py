import json
import signal
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import AuditEntry, JobState, StuckRow
from core import jobs
from core.jobs import Job, exclusive

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give a registry with two jobs of the test's own, one of which fails."""
    found: list[str] = []

    def good() -> None:
        found.append("good")

    def bad() -> None:
        found.append("bad")
        raise ZeroDivisionError

    registry = {
        f"tests.{job.__name__}": Job(f"tests.{job.__name__}", job, timedelta(hours=1))
        for job in (bad, good)
    }
    monkeypatch.setattr(jobs, "JOBS", registry)
    monkeypatch.setattr("config.management.commands.work.JOBS", registry)
    # Signals belong to the process that runs the tests.
    monkeypatch.setattr(signal, "signal", lambda *_args: None)
    # The test's transaction lives on this connection.
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    return found


def work(*options: Any) -> str:
    out = StringIO()
    call_command("work", *options, stdout=out)
    return out.getvalue()


def test_one_round_runs_what_is_due_and_notes_how_it_went(ran: list[str]) -> None:
    work("--once")
    work("--once")

    assert ran == ["bad", "good"]
    assert JobState.objects.get(name="tests.good").error == ""
    assert "ZeroDivisionError" in JobState.objects.get(name="tests.bad").error


def test_a_second_worker_does_not_start(ran: list[str]) -> None:
    with exclusive("work"), pytest.raises(CommandError) as refused:
        work("--once")

    assert refused.value.returncode == 5
    assert ran == []


def test_a_worker_does_not_start_on_a_setting_that_must_not_be_so(
    ran: list[str], settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    with pytest.raises(SystemExit):
        work("--once", "--skip-checks")
    assert ran == []


def test_the_status_names_every_job_and_row_that_is_stuck(ran: list[str]) -> None:
    work("--once")
    StuckRow.objects.create(job="tests.good", row=7, attempts=2, error="E")

    status = json.loads(work("--status", "--json"))
    table = work("--status")

    assert [job["job"] for job in status["jobs"]] == ["tests.bad", "tests.good"]
    assert (status["stuck"][0]["job"], status["stuck"][0]["row"]) == ("tests.good", 7)
    assert "tests.good" in table


def test_a_row_that_was_set_aside_makes_the_status_fail(ran: list[str]) -> None:
    StuckRow.objects.create(job="tests.good", row=7, is_quarantined=True, error="E")

    with pytest.raises(SystemExit) as ended:
        work("--status")
    assert ended.value.code == 1


def test_a_row_that_was_set_aside_tries_again_and_the_log_says_who_let_it(ran: list[str]) -> None:
    stuck = StuckRow.objects.create(job="tests.good", row=7, is_quarantined=True, error="E")

    work("--retry-quarantined", stuck.pk)

    assert not StuckRow.objects.exists()
    assert AuditEntry.objects.filter(action="job.retry").count() == 1


def test_an_unknown_row_is_named(ran: list[str]) -> None:
    with pytest.raises(CommandError) as refused:
        work("--retry-quarantined", 999)
    assert refused.value.returncode == 3
