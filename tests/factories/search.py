"""A live index for tests, without the copy of a rebuild."""

from pathlib import Path
from typing import Any

from core.jobs import now
from search import queries, sync
from search.backends.base import Backend
from search.backends.current import current
from search.models import Generation
from search.states import GenerationState
from search.sync import words


def live(settings: Any, folder: Path, name: str = "1") -> Generation:
    """Make an empty live generation in a folder of its own."""
    settings.SEARCH_DIR = str(folder)
    forget()
    return live_of(current(), name)


def live_of(engine: Backend, name: str) -> Generation:
    """Make an empty live generation of an engine."""
    generation = f"{engine.fingerprint}-{name}"
    engine.begin(generation)
    engine.swap(generation)
    return Generation.objects.create(
        backend=engine.name,
        name=generation,
        fingerprint=engine.fingerprint,
        state=GenerationState.LIVE,
        created_at=now(),
        live_at=now(),
    )


def forget() -> None:
    """Drop what the process holds of another test's tables."""
    queries.forget()
    words.forget()


def index(*services: Any) -> None:
    """Mark services and write everything that waits."""
    sync.mark([service.pk for service in services])
    settle()


def settle() -> None:
    """Write everything that waits."""
    while sync.drain():
        pass
    queries.forget()
