"""What this process knows of the live generation: weights of words, age of the index."""

import time
from dataclasses import dataclass, field

from django.db.models import Min
from django.utils import timezone

from core.jobs import now
from search.backends.base import Backend, Health
from search.backends.current import current
from search.models import Generation, IndexPending
from search.planner import Statistics
from search.states import GenerationState

_LOOK_EVERY = 2.0


@dataclass(slots=True)
class _Kept:
    looked_at: float = float("-inf")
    generation: int = -1
    statistics: Statistics = field(default_factory=Statistics)
    age_s: int = 0


_held: dict[str, _Kept] = {}


def forget() -> None:
    """Drop what is held."""
    _held.clear()


def _look(engine: str) -> _Kept:
    kept = _held.setdefault(engine, _Kept())
    if time.monotonic() < kept.looked_at + _LOOK_EVERY:
        return kept
    live = (
        Generation.objects.filter(state=GenerationState.LIVE, backend=engine)
        .annotate(oldest=Min("pending__queued_at"))
        .values_list("pk", "oldest")
        .first()
    )
    pk, oldest = live or (0, None)
    if pk != kept.generation:
        table = Generation.objects.filter(pk=pk).values_list("token_table", flat=True).first() or {}
        kept.statistics = Statistics(table.get("documents", 0), table.get("df", {}))
        kept.generation = pk
    kept.age_s = int((timezone.now() - oldest).total_seconds()) if oldest else 0
    kept.looked_at = time.monotonic()
    return kept


def statistics() -> Statistics:
    """Return how many documents hold which words."""
    return _look(current().name).statistics


def index_age_s(engine: str) -> int:
    """Return for how many seconds the oldest change has been waiting for an engine."""
    return max(0, _look(engine).age_s)


@dataclass(frozen=True, slots=True)
class State:
    """How synchronization with one engine goes, for probes and metrics."""

    engine: Health
    pending: int
    oldest_s: int
    poisoned: int


def health(engine: Backend | None = None, poisoned_at: int = 8) -> State:
    """Say whether an engine answers and what waits for it; unnamed, the one that is asked."""
    engine = engine or current()
    live = GenerationState.LIVE
    waiting = IndexPending.objects.filter(generation__state=live, generation__backend=engine.name)
    oldest = waiting.aggregate(oldest=Min("queued_at"))["oldest"]
    return State(
        engine.health(),
        waiting.count(),
        int((now() - oldest).total_seconds()) if oldest else 0,
        waiting.filter(attempts__gte=poisoned_at).count(),
    )
