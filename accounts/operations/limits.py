"""Exact limits: counted in the database, by one statement, outside the business transaction."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F

from accounts import queries
from accounts.errors import RateLimited
from accounts.models import RateBucket, Result
from accounts.operations.audit import audited
from core.crypto import hmac_ref
from core.jobs import now
from core.safeguards import checkpoint, safeguard


class Budget(NamedTuple):
    """At most so many in a window."""

    limit: int
    window: timedelta


BUDGETS = {
    "sign_in_account": Budget(6, timedelta(minutes=1)),
    "sign_in_address": Budget(60, timedelta(minutes=1)),
    "sign_in_failures": Budget(5, timedelta(minutes=15)),
    "sign_in_unknown_device": Budget(20, timedelta(minutes=15)),
    "code_tries": Budget(5, timedelta(minutes=10)),
    "code_issues": Budget(3, timedelta(hours=1)),
    "link_posts": Budget(20, timedelta(hours=1)),
    "link_unknown": Budget(20, timedelta(hours=1)),
    "public_form": Budget(5, timedelta(hours=1)),
    "referral_sent": Budget(200, timedelta(days=1)),
    "api_write": Budget(60, timedelta(minutes=1)),
    "export": Budget(20, timedelta(days=1)),
    "client_search": Budget(30, timedelta(minutes=1)),
}


def hit(budget: str, key: str) -> int:
    """Count one use and refuse it when the budget of this key's window is spent.

    Called by doors, before the operation: inside a transaction a rollback would undo the count.
    """
    limit, window = BUDGETS[budget]
    starts_at = _start(window)
    row = (budget, hmac_ref(f"limit.{budget}", key), starts_at, starts_at + window)
    with transaction.atomic(durable=True):
        used = _count(row) if safeguard("rate_atomic") else _count_in_two_steps(row)
    if used <= limit:
        return limit - used
    if used == limit + 1:
        # One row for the whole window: a flood of refusals must not become a flood of rows.
        with audited(by=queries.guest(), action="limit.reached", budget=budget) as record:
            record.result = Result.DENIED
    raise RateLimited(max(1, int((row[3] - now()).total_seconds())))


def give_back(budget: str, key: str) -> None:
    """Take one use out of the count: what was counted in advance as a failure has succeeded."""
    RateBucket.objects.filter(
        budget=budget,
        key=hmac_ref(f"limit.{budget}", key),
        starts_at=_start(BUDGETS[budget].window),
        n__gt=0,
    ).update(n=F("n") - 1)


def _start(window: timedelta) -> datetime:
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(now().timestamp()) // seconds * seconds, tz=UTC)


def _count(row: tuple[str, str, datetime, datetime]) -> int:
    table = connection.ops.quote_name(RateBucket._meta.db_table)
    field = RateBucket._meta.get_field("starts_at")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (budget, key, starts_at, ends_at, n) VALUES (%s, %s, %s, %s, 1) "  # noqa: S608  # nosec B608  # the table's own name
            f"ON CONFLICT (budget, key, starts_at) DO UPDATE SET n = {table}.n + 1 RETURNING n",
            [*row[:2], *(field.get_db_prep_value(at, connection) for at in row[2:])],
        )
        return int(cursor.fetchone()[0])


def _count_in_two_steps(row: tuple[str, str, datetime, datetime]) -> int:
    """Count as most libraries do; runs only where a test shows that this lets too many pass."""
    keys = dict(zip(("budget", "key", "starts_at"), row, strict=False))
    bucket, _new = RateBucket.objects.get_or_create(**keys, defaults={"ends_at": row[3]})
    checkpoint("rate_read")
    RateBucket.objects.filter(pk=bucket.pk).update(n=bucket.n + 1)
    return bucket.n + 1
