"""Spares a cluster that does not answer, and the people who would wait for it."""

import logging
import threading
import time
from collections import deque

log = logging.getLogger("linkwell.search")
MOST_FAILURES, WITHIN_S, PAUSE_S = 3, 10.0, 15.0


class Breaker:
    """Opens after three failures in ten seconds; every fifteen seconds one request may try."""

    def __init__(self) -> None:
        """Begin closed."""
        self._lock = threading.Lock()
        self._failures: deque[float] = deque(maxlen=MOST_FAILURES)
        self._try_at = 0.0
        self._open = False

    def allows(self) -> bool:
        """Say whether a request may be made; when it is time, the first who asks is the probe."""
        with self._lock:
            if not self._open:
                return True
            if time.monotonic() < self._try_at:
                return False
            self._try_at = time.monotonic() + PAUSE_S
            return True

    def rests(self) -> bool:
        """Say whether it is open and the next probe is not due; asks for nothing."""
        with self._lock:
            return self._open and time.monotonic() < self._try_at

    def failed(self) -> None:
        """Count a failure."""
        with self._lock:
            at = time.monotonic()
            self._failures.append(at)
            many = len(self._failures) == MOST_FAILURES and at - self._failures[0] <= WITHIN_S
            if many and not self._open:
                log.error("the search cluster does not answer; asked again every %d s", PAUSE_S)
                self._open, self._try_at = True, at + PAUSE_S

    def succeeded(self) -> None:
        """Close."""
        with self._lock:
            if self._open:
                log.warning("the search cluster answers again")
            self._open = False
            self._failures.clear()
