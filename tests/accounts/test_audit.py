import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import queries
from accounts.models import AuditEntry, AuditHead, Result
from accounts.operations import audit, audited
from core.safeguards import CHECKPOINTS
from tests.factories.accounts import member, organization, user


@pytest.fixture
def system(db):
    return queries.system()


def write(by, count=10):
    for number in range(count):
        with audited(by=by, action="test.act", on=by, client=by, number=number):
            pass


# ---- What is written ------------------------------------------------------------------------
def test_an_act_leaves_one_row_linked_to_the_one_before(system):
    write(system, 3)

    rows = list(AuditEntry.objects.order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.prev for row in rows] == ["", rows[0].mac, rows[1].mac]
    assert AuditHead.objects.values_list("seq", "mac").get() == (3, rows[2].mac)
    assert queries.verify().is_whole


def test_what_is_rolled_back_leaves_no_row(system):
    with pytest.raises(ZeroDivisionError), audited(by=system, action="test.act"):
        raise ZeroDivisionError

    assert not AuditEntry.objects.exists()


def test_an_inner_failure_takes_only_its_own_rows_along(system):
    with audited(by=system, action="outer"):
        with pytest.raises(ZeroDivisionError), audited(by=system, action="inner.failed"):
            raise ZeroDivisionError
        with audited(by=system, action="inner.done"):
            pass

    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["outer", "inner.done"]


def test_rows_are_written_last_and_by_the_outermost_operation(system):
    seen = []
    with audited(by=system, action="outer"):
        with audited(by=system, action="inner"):
            pass
        seen.append(AuditEntry.objects.count())

    assert seen == [0]
    assert AuditEntry.objects.count() == 2


def test_an_operation_that_creates_names_its_thing_before_it_ends(system):
    with audited(by=system, action="test.create") as record:
        record.on = made = user()

    row = AuditEntry.objects.get()
    assert (row.object_type, row.object_uid) == ("accounts.user", made.uid)


def test_a_row_names_the_organization_if_there_is_only_one(db):
    here = organization()
    person = member("worker", here)

    write(person, 1)

    assert AuditEntry.objects.get().actor_org == here.uid


def test_nobody_is_named_in_the_clear(system):
    person = user(name="欧阳娜娜", email="nana@example.org")
    with (
        audit.origin(lambda: "session-key", "192.0.2.77"),
        audited(by=person, action="client.read", on=person, client=person.uid, basis="consent"),
    ):
        pass

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_auditentry")
        stored = repr(cursor.fetchall())
    row = AuditEntry.objects.get()
    assert not re.search("欧阳|nana|192.0.2|session-key", stored)
    assert len(row.session_ref) == len(row.ip_ref) == len(row.client_ref) == 32


def test_meta_reads_back_as_it_was_sealed(system):
    with audited(
        by=system, action="test.act", ratio=0.1, day=date(2026, 1, 2), who=system, names={"b", "a"},
        deep={"x": [None, True, "中文", 7]}, result_code=Result.DENIED,
    ):  # fmt: skip
        pass

    assert AuditEntry.objects.get().meta == {
        "ratio": "0.1",
        "day": "2026-01-02",
        "who": str(system.uid),
        "names": ["a", "b"],
        "deep": {"x": [None, True, "中文", 7]},
        "result_code": "denied",
    }
    assert queries.verify().is_whole


def test_a_refusal_is_a_row_of_its_own(system):
    audit.refused(by=system, at="casefiles:client", code=404, uid=system.uid)

    row = AuditEntry.objects.get()
    assert (row.action, row.result, row.object_uid) == ("access.refused", "denied", system.uid)
    assert row.meta == {"route": "casefiles:client", "code": 404}


# ---- Guards ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET action = 'x' WHERE seq = 3",
        "DELETE FROM accounts_auditentry WHERE seq = 3",
        "DELETE FROM accounts_auditentry",
        "INSERT OR REPLACE INTO accounts_auditentry SELECT * FROM accounts_auditentry LIMIT 1",
        "REPLACE INTO accounts_auditentry SELECT * FROM accounts_auditentry",
        "UPDATE OR REPLACE accounts_auditentry SET seq = 2 WHERE seq = 3",
        "TRUNCATE accounts_auditentry",
    ],
)
def test_the_database_refuses_to_rewrite_the_log(system, statement):
    write(system)
    before = list(AuditEntry.objects.order_by("seq").values())

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert list(AuditEntry.objects.order_by("seq").values()) == before


def test_the_orm_is_refused_as_well(system):
    write(system)

    for attempt in (
        lambda: AuditEntry.objects.filter(seq=3).update(action="x"),
        lambda: AuditEntry.objects.filter(seq=3).delete(),
        lambda: AuditEntry(seq=3, actor=system.uid, action="x").save(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()

    assert queries.verify().is_whole


# ---- Proof ----------------------------------------------------------------------------------
COLUMNS = (
    "at", "actor", "actor_org", "session_ref", "ip_ref", "action", "object_type", "object_uid",
    "client_ref", "basis", "result", "meta", "key_id", "prev", "mac",
)  # fmt: skip
OTHER = {
    "at": "'2020-01-01 00:00:00+00:00'",
    "actor": "'00000000000000000000000000000009'",
    "actor_org": "'00000000000000000000000000000009'",
    "object_uid": "'00000000000000000000000000000009'",
    "result": "'failed'",
    "meta": """'{"number": 99}'""",
    "key_id": "'none'",
    "prev": "'" + "0" * 64 + "'",
    "mac": "'" + "0" * 64 + "'",
}
T = "accounts_auditentry"
ALL = ", ".join(("seq", *COLUMNS))
# 45 changed columns: each of 15 at the first, a middle and the last row.
TAMPERINGS = {
    f"{column} of row {seq}": (
        f"UPDATE {T} SET {column} = {OTHER.get(column, repr('x'))} WHERE seq = {seq}",
        seq,
    )
    for column in COLUMNS
    for seq in (1, 5, 10)
} | {
    "first row cut out": (f"DELETE FROM {T} WHERE seq = 1", 1),
    "middle row cut out": (f"DELETE FROM {T} WHERE seq = 5", 5),
    "last row cut off": (f"DELETE FROM {T} WHERE seq = 10", 10),
    "all rows cut off": (f"DELETE FROM {T}", 1),
    "row copied to the end": (
        f"INSERT INTO {T} ({ALL}) SELECT 11, {', '.join(COLUMNS)} FROM {T} WHERE seq = 5",
        11,
    ),
    "row put in front": (
        f"INSERT INTO {T} ({ALL}) SELECT 0, {', '.join(COLUMNS)} FROM {T} WHERE seq = 5",
        0,
    ),
    "two rows exchanged": (
        ";".join(
            f"UPDATE {T} SET seq = {b} WHERE seq = {a}" for a, b in ((3, 99), (4, 3), (99, 4))
        ),
        3,
    ),
    "row cut out and numbers closed up": (
        f"DELETE FROM {T} WHERE seq = 5;"
        + ";".join(f"UPDATE {T} SET seq = {n - 1} WHERE seq = {n}" for n in range(6, 11)),
        5,
    ),
    "head set back to hide a cut": (
        f"DELETE FROM {T} WHERE seq = 10;UPDATE accounts_audithead SET seq = 9",
        10,
    ),
    "head removed": ("DELETE FROM accounts_audithead", 11),
}


def test_there_are_fifty_tamperings_and_more():
    assert len(TAMPERINGS) >= 50


@pytest.mark.parametrize("name", TAMPERINGS)
def test_verify_names_the_first_bad_row(system, audit_guards_off, name):
    statements, first_bad = TAMPERINGS[name]
    write(system)
    with audit_guards_off():
        _run(statements)

    verdict = queries.verify()

    assert not verdict.is_whole
    assert verdict.first_bad == first_bad


def _run(statements):
    with connection.cursor() as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)


def test_verify_can_begin_in_the_middle(system):
    write(system)

    verdict = queries.verify(from_seq=6)

    assert verdict.is_whole
    assert verdict.checked == 5


def test_a_removed_key_is_named(system, settings):
    write(system, 1)
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS.replace("mac:t1", "mac:t2")

    verdict = queries.verify()

    assert verdict.reason == "no key t1 in the ring"


def test_an_old_key_still_verifies_after_rotation(system, settings):
    write(system, 2)
    ring = settings.FIELD_ENCRYPTION_KEYS
    other = ring.split("enc:t1:")[1].split(",")[0]
    settings.FIELD_ENCRYPTION_KEYS = f"mac:t2:{other},{ring}"
    write(system, 2)

    assert {row.key_id for row in AuditEntry.objects.all()} == {"t1", "t2"}
    assert queries.verify().is_whole


# ---- Races ----------------------------------------------------------------------------------
def _race(writers):
    def one(_number):
        try:
            with audited(by=queries.system(), action="test.race"):
                pass
        except (IntegrityError, BrokenBarrierError):
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(writers) as pool:
        return sum(pool.map(one, range(writers * 3)))


@pytest.mark.usefixtures("committed_db")
def test_many_writers_make_one_chain():
    written = _race(8)

    assert written == 24
    assert queries.verify().checked == 24
    assert queries.verify().is_whole


@pytest.mark.postgres
@pytest.mark.usefixtures("committed_db")
def test_without_the_lock_the_chain_forks(settings):
    settings.SAFEGUARDS_OFF = frozenset({"audit_lock"})
    barrier = Barrier(8)
    CHECKPOINTS["audit_head_read"] = lambda: barrier.wait(3)
    try:
        written = _race(8)
    finally:
        CHECKPOINTS.clear()

    # All continue the same row; the unique number lets one branch live and breaks the others.
    assert written < 24
