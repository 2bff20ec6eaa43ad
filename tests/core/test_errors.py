import sqlite3
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from core.errors import AlreadyThere, Busy, Conflict, DomainError, StorageFull, as_domain_error
from tests.core.tables import Entry, Person, Visit

Refusal = Callable[[str], DomainError | None]


@pytest.fixture
def refused(small_tables: None) -> Refusal:
    """Run a statement that the database refuses and return what the reader is told."""

    def run(sql: str) -> DomainError | None:
        with (
            pytest.raises(DatabaseError) as found,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
        return as_domain_error(found.value)

    return run


def test_a_rule_speaks_for_itself() -> None:
    error = Conflict("Somebody was faster.")

    assert as_domain_error(error) is error
    assert as_domain_error(ZeroDivisionError()) is None


def test_a_second_row_of_a_kind_that_may_exist_once_is_a_conflict(small_tables: None) -> None:
    Entry.objects.create(seq=1, step="one")
    for seq, step in ((1, "two"), (2, "one")):
        with pytest.raises(IntegrityError) as found, transaction.atomic():
            Entry.objects.bulk_create([Entry(seq=seq, step=step)])

        error = as_domain_error(found.value)
        assert isinstance(error, AlreadyThere)
        assert error.status == 409


def test_other_broken_constraints_are_faults_of_ours(small_tables: None) -> None:
    with pytest.raises(IntegrityError) as found, transaction.atomic():
        Person.objects.create(owner=None)

    assert as_domain_error(found.value) is None
    assert Visit._meta.get_field("person").null is False


def test_a_wrong_statement_is_a_fault_of_ours(refused: Refusal) -> None:
    assert refused("SELECT * FROM core_nowhere") is None


@pytest.mark.postgres
def test_a_statement_that_takes_too_long_is_busy(
    refused: Refusal,
) -> None:
    error = refused("SET LOCAL statement_timeout = 10; SELECT pg_sleep(1)")

    assert isinstance(error, Busy)
    assert (error.status, error.retry_after) == (503, 1)


def _wrapped(cause: sqlite3.Error, name: str) -> OperationalError:
    cause.sqlite_errorname = name
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SQLITE_BUSY", Busy),
        ("SQLITE_BUSY_SNAPSHOT", Busy),
        ("SQLITE_LOCKED", Busy),
        ("SQLITE_CANTOPEN", Busy),
        ("SQLITE_FULL", StorageFull),
    ],
)
def test_a_database_that_is_busy_or_full_says_so(name: str, kind: type[DomainError]) -> None:
    error = as_domain_error(_wrapped(sqlite3.OperationalError("x"), name))

    assert type(error) is kind
    assert error.status == 503


def test_a_wrong_sqlite_statement_is_not_taken_for_a_busy_database() -> None:
    error = _wrapped(sqlite3.OperationalError("no such table"), "SQLITE_ERROR")

    assert as_domain_error(error) is None


def test_a_server_that_is_gone_is_busy() -> None:
    assert isinstance(as_domain_error(OperationalError("connection refused")), Busy)


def test_a_problem_document_has_every_key_of_the_standard_and_ours() -> None:
    document = Conflict("words", errors=[{"pointer": "/a"}]).document("abcdefgh")

    assert document == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "code": "stale_version",
        "detail": "words",
        "errors": [{"pointer": "/a"}],
        "request_id": "abcdefgh",
    }
