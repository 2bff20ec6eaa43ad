"""How often one address may download everything."""

from threading import Lock
from typing import Final

from rest_framework.request import Request

from accounts.errors import RateLimited
from core.api import client_ip
from core.jobs import now

PER_HOUR: Final = 6
_lock = Lock()
# Counted per process, because a read must not write.
_counts: dict[tuple[int, str], int] = {}


def count(request: Request) -> None:
    """Count a whole download; the seventh of an hour is refused."""
    hour, second = divmod(int(now().timestamp()), 3600)
    with _lock:
        for key in [key for key in _counts if key[0] != hour]:
            del _counts[key]
        key = (hour, client_ip(request))
        _counts[key] = _counts.get(key, 0) + 1
        if _counts[key] > PER_HOUR:
            raise RateLimited(3600 - second)
