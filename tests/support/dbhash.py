"""One hash over what a database holds: equal before and after means nothing was changed."""

import hashlib
from collections.abc import Iterable

from django.db import connection

# What a reading request may write: the access log, session touches, counters.
BOOKKEEPING = (
    "accounts_audit",
    "accounts_ratebucket",
    "accounts_jobstate",
    "accounts_stuckrow",
    "django_session",
    # Wordings counted in memory are stored by whatever request comes a minute later.
    "search_querytally",
    "usersessions_",
)


def tables(*, leaving_out: Iterable[str] = BOOKKEEPING) -> list[str]:
    """Return the names of the tables, without those that begin with one of the words."""
    names = sorted(connection.introspection.table_names())
    return [name for name in names if not name.startswith(tuple(leaving_out))]


def table_hash(table: str) -> str:
    """Return the hash of the rows of one table, whatever order they come in."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {quote(table)}")
        columns = [column[0] for column in cursor.description]
        rows = sorted(repr(dict(zip(columns, row, strict=True))) for row in cursor.fetchall())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def database_hash(*, leaving_out: Iterable[str] = BOOKKEEPING) -> dict[str, str]:
    """Return the hash of each table, so that a difference names where it is."""
    return {table: table_hash(table) for table in tables(leaving_out=leaving_out)}


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the tables that are not what they were."""
    return sorted(t for t in before.keys() | after.keys() if before.get(t) != after.get(t))
