"""What this process knows of the live generation: weights of words, age of the index."""

import time
from dataclasses import dataclass, field

from django.db.models import Min
from django.utils import timezone

from core.jobs import now
from search.backends.base import Health
from search.backends.current import current
from search.models import Generation, IndexPending
from search.planner import Statistics
from search.states import GenerationState

_LOOK_EVERY = 2.0


@dataclass(slots=True)
class _Kept:
    looked_at: float = float("-inf")
    generation: int = 0
    statistics: Statistics = field(default_factory=Statistics)
    age_s: int = 0


_kept = _Kept()


def forget() -> None:
    """Drop what is held."""
    _kept.looked_at, _kept.generation = float("-inf"), 0


def _look() -> _Kept:
    if time.monotonic() < _kept.looked_at + _LOOK_EVERY:
        return _kept
    live = (
        Generation.objects.filter(state=GenerationState.LIVE, backend=current().name)
        .annotate(oldest=Min("pending__queued_at"))
        .values_list("pk", "oldest")
        .first()
    )
    pk, oldest = live or (0, None)
    if pk != _kept.generation:
        table = Generation.objects.filter(pk=pk).values_list("token_table", flat=True).first() or {}
        _kept.statistics = Statistics(table.get("documents", 0), table.get("df", {}))
        _kept.generation = pk
    _kept.age_s = int((timezone.now() - oldest).total_seconds()) if oldest else 0
    _kept.looked_at = time.monotonic()
    return _kept


def statistics() -> Statistics:
    """Return how many documents hold which words."""
    return _look().statistics


def index_age_s() -> int:
    """Return for how many seconds the oldest change has been waiting."""
    return max(0, _look().age_s)


@dataclass(frozen=True, slots=True)
class State:
    """How synchronization goes, for probes and metrics."""

    engine: Health
    pending: int
    oldest_s: int
    poisoned: int


def health(poisoned_at: int = 8) -> State:
    """Say whether the engine answers and what waits for it."""
    waiting = IndexPending.objects.filter(generation__state=GenerationState.LIVE)
    oldest = waiting.aggregate(oldest=Min("queued_at"))["oldest"]
    return State(
        current().health(),
        waiting.count(),
        int((now() - oldest).total_seconds()) if oldest else 0,
        waiting.filter(attempts__gte=poisoned_at).count(),
    )
