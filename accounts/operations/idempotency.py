"""One key, one act: the outcome is kept in the transaction of the effect."""

from base64 import b64decode, b64encode
from typing import NamedTuple

from django.db import OperationalError, transaction

from accounts.errors import IdempotencyInFlight, IdempotencyMismatch
from accounts.models import IdempotencyRow
from core.crypto import hmac_ref
from core.models import Record
from core.safeguards import checkpoint


class Outcome(NamedTuple):
    """What was answered the first time."""

    status: int
    headers: dict[str, str]
    body: bytes


def begin(*, principal: str, endpoint: str, key: str, fingerprint: str) -> IdempotencyRow:
    """Insert the row of a key, or return the finished one; a running one makes the caller wait.

    Inside the caller's transaction: what is rolled back leaves no key behind.
    """
    known = {"principal": principal, "endpoint": endpoint, "key": key}
    row = IdempotencyRow(**known, fingerprint=fingerprint)
    checkpoint("idempotency_begin")
    try:
        # A second insert waits here until the first transaction ends, or for lock_timeout.
        with transaction.atomic():
            IdempotencyRow.objects.bulk_create([row], ignore_conflicts=True)
    except OperationalError:
        raise IdempotencyInFlight from None
    found = IdempotencyRow.objects.get(**known)
    if found.fingerprint != fingerprint:
        raise IdempotencyMismatch
    return found


def finish(row: IdempotencyRow, outcome: Outcome, *, client_ref: str = "") -> None:
    """Keep the outcome for a day; `client_ref` lets an erasure find it."""
    row.status, row.client_ref = outcome.status, client_ref
    row.outcome = {
        "headers": outcome.headers,
        "body": b64encode(outcome.body).decode(),
    }
    row.save(update_fields=["status", "client_ref", "outcome", "updated_at"])


def release(row: IdempotencyRow) -> None:
    """Give the key back: nothing happened that a second sending could do twice."""
    row.delete()


def stored(row: IdempotencyRow) -> Outcome | None:
    """Return the first answer, if there is one."""
    if row.status is None:
        return None
    return Outcome(row.status, row.outcome["headers"], b64decode(row.outcome["body"]))


def forget(client: Record) -> None:
    """Delete the answers that were kept about somebody who is erased."""
    IdempotencyRow.objects.filter(client_ref=hmac_ref("client", client.uid)).delete()
