"""How wordings fare, counted in memory; nothing of who asked, nothing that may name a person."""

import re
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from core.jobs import today
from search.planner import Reading
from search.requests import SearchRequest

_LONGEST = 40
_PRIVATE = re.compile(r"\d{6}|@")
_LOW = 0.3
_EVERY_S = 60.0


@dataclass(slots=True)
class _Kept:
    lock: Lock = field(default_factory=Lock)
    counts: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    stored_at: float = field(default_factory=monotonic)


_kept = _Kept()


def count(request: SearchRequest, reading: Reading, *, total: int, relaxed: bool) -> None:
    """Count a wording of the public list; long ones, numbers and danger are left out."""
    text = reading.folded.strip()
    if not request.tally or request.page > 1 or not text or len(text) > _LONGEST:
        return
    if reading.topics or _PRIVATE.search(text):
        return
    key = (today().isoformat(), text, request.language)
    best = max(reading.concepts.values(), default=0.0)
    with _kept.lock:
        _kept.counts[*key, "n"] += 1
        _kept.counts[*key, "zero"] += total == 0
        _kept.counts[*key, "low"] += best < _LOW
        _kept.counts[*key, "relaxed"] += relaxed


def is_due() -> bool:
    """Say whether there is something to store and the last time was a minute ago."""
    return bool(_kept.counts) and monotonic() > _kept.stored_at + _EVERY_S


def taken() -> dict[tuple[str, str, str], dict[str, int]]:
    """Return what was counted since the last call, and start anew."""
    with _kept.lock:
        counts, _kept.counts = _kept.counts, Counter()
        _kept.stored_at = monotonic()
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for (day, text, language, column), number in counts.items():
        found.setdefault((day, text, language), {})[column] = number
    return found
