"""Marks services inside the transaction that changed them."""

from collections.abc import Iterable

from django.db import connection, transaction

from core.jobs import now

_BATCH = 1000
_RAISE = """
INSERT INTO search_indexversion (service_id, version) VALUES {rows}
ON CONFLICT (service_id) DO UPDATE SET version = search_indexversion.version + 1
"""
# Ordered by service, so that two transactions that mark the same services never deadlock.
_QUEUE = """
INSERT INTO search_indexpending
    (generation_id, service_id, version, queued_at, attempts, next_try_at, error)
SELECT g.id, v.service_id, v.version, %s, 0, %s, ''
FROM search_indexversion v CROSS JOIN search_generation g
WHERE g.state IN ('live', 'building') AND v.service_id IN ({ids})
ORDER BY v.service_id, g.id
ON CONFLICT (generation_id, service_id) DO UPDATE
SET version = excluded.version, attempts = 0, next_try_at = excluded.next_try_at, error = ''
"""


def mark(service_ids: Iterable[int]) -> None:
    """Raise the versions of services and queue them for every generation in use or being built."""
    ids = sorted(set(service_ids))
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(ids), _BATCH):
            chunk = ids[start : start + _BATCH]
            cursor.execute(_RAISE.format(rows=", ".join(["(%s, 1)"] * len(chunk))), chunk)
            at = connection.ops.adapt_datetimefield_value(now())
            holes = ", ".join(["%s"] * len(chunk))
            cursor.execute(_QUEUE.format(ids=holes), [at, at, *chunk])
