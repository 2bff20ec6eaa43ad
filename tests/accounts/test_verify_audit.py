import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import queries
from accounts.models import AuditHead
from accounts.operations import audit, audited
from core.jobs import shifted


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path):
    settings.AUDIT_ANCHOR_DIR = str(tmp_path / "anchors")
    return Path(settings.AUDIT_ANCHOR_DIR)


@pytest.fixture
def system(db):
    return queries.system()


def write(by, count=5):
    for _number in range(count):
        with audited(by=by, action="test.act"):
            pass


def report(capsys, *options):
    """Run the command and return its exit code and its answer."""
    code: object = 0
    try:
        call_command("verify_audit", "--json", *options)
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(capsys.readouterr().out)


def test_a_whole_chain_is_reported(system, capsys):
    write(system)

    code, found = report(capsys)

    assert code == 0
    assert (found["whole"], found["rows"], found["missing_guards"]) == (True, 5, [])


def test_an_empty_log_is_whole(system, capsys):
    assert report(capsys)[0] == 0


def test_the_first_bad_row_is_named(system, capsys, audit_guards_off):
    write(system)
    with audit_guards_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditentry SET action = 'x' WHERE seq = 3")

    code, found = report(capsys)

    assert (code, found["first_bad"], found["reason"]) == (1, 3, "changed")


def test_a_missing_guard_is_named(system, capsys):
    kind = "FUNCTION linkwell_append_only CASCADE"
    if connection.vendor == "sqlite":
        kind = "TRIGGER accounts_auditentry_no_delete"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP {kind}")

    code, found = report(capsys)

    assert code == 1
    assert found["missing_guards"]


def test_the_end_is_anchored_once_a_day(system, anchors):
    write(system)

    first = audit.anchor(by=system)
    again = audit.anchor(by=system)
    with shifted(timedelta(days=1)):
        audit.anchor(by=system)

    assert first == again
    assert len(list(anchors.glob("audit-*.json"))) == 2


def test_a_cut_tail_shows_against_the_anchor_only(system, capsys, audit_guards_off):
    write(system)
    audit.anchor(by=system)
    kept = AuditHead.objects.get()
    with audit_guards_off(), connection.cursor() as cursor:
        # As somebody would who knows the chain: cut the end and set the head back.
        cursor.execute("SELECT mac FROM accounts_auditentry WHERE seq = 4")
        mac = cursor.fetchone()[0]
        cursor.execute("DELETE FROM accounts_auditentry WHERE seq > 4")
        cursor.execute("UPDATE accounts_audithead SET seq = 4, mac = %s", [mac])

    without = report(capsys)
    with_anchors = report(capsys, "--anchors")

    assert without[0] == 0
    assert with_anchors[0] == 1
    assert with_anchors[1]["first_bad"] == kept.seq


def test_anchors_that_fit_are_counted(system, capsys):
    write(system)
    audit.anchor(by=system)
    write(system)

    code, found = report(capsys, "--anchors")

    assert (code, found["anchors"], found["rows"]) == (0, 1, 11)


def test_people_read_a_sentence(system, capsys):
    write(system)

    call_command("verify_audit")

    assert capsys.readouterr().out == "5 rows and 0 anchors: whole.\n"
