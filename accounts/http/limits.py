"""Limits at the doors: exact ones for what acts, approximate ones for what reads."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.errors import RateLimited
from accounts.models import User
from accounts.operations import limits
from core.api import client_ip
from core.jobs import now

View = TypeVar("View", bound=Callable[..., Any])
READS_PER_MINUTE = 120
SIGNED_IN_FACTOR = 4


def limited(budget: str) -> Callable[[View], View]:
    """Count the POSTs of a page against a budget: per person, else per address.

    Goes outside `@idempotent`, whose rollback would undo the count.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            request = next(arg for arg in args if isinstance(arg, HttpRequest | Request))
            if request.method not in SAFE_METHODS:
                limits.hit(budget, _who(request))
            return view(*args, **kwargs)

        return cast(View, counted)

    return decorate


class _Reads:
    """Counts of the current minute; the old ones are dropped when a new one begins."""

    def __init__(self) -> None:
        self.lock, self.minute, self.counts = Lock(), 0, Counter[str]()

    def add(self, minute: int, key: str) -> int:
        with self.lock:
            if minute != self.minute:
                self.minute, self.counts = minute, Counter()
            self.counts[key] += 1
            return self.counts[key]


_reads = _Reads()


class WriteThrottle(BaseThrottle):
    """Counts every write of the API exactly, per person or token."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count before the operation begins."""
        if request.method not in SAFE_METHODS:
            limits.hit("api_write", _who(request))
        return True


class ReadThrottle(BaseThrottle):
    """Slows down reading in bulk; counted per process, because a read must not write.

    A subclass with a `scope` has a budget of its own; `methods` are those that only read there.
    """

    per_minute = READS_PER_MINUTE
    scope = ""
    methods: tuple[str, ...] = tuple(SAFE_METHODS)

    def allow_request(self, request: HttpRequest | Request, view: Any) -> bool:
        """Count reads in this minute; signed in, four times as many."""
        if request.method not in self.methods:
            return True
        allowed = self.per_minute
        if isinstance(request.user, User):
            allowed *= SIGNED_IN_FACTOR
        minute, second = divmod(int(now().timestamp()), 60)
        if _reads.add(minute, f"{self.scope}{_who(request)}") > allowed:
            raise RateLimited(60 - second)
        return True


def _who(request: HttpRequest | Request) -> str:
    if isinstance(request.user, User):
        return str(request.user.uid)
    return client_ip(request)
