"""Hooks by which a test holds a race still or switches one safeguard off."""

from collections.abc import Callable

from django.conf import settings

# Tests put a barrier here by name; in production the table stays empty.
CHECKPOINTS: dict[str, Callable[[], object]] = {}


def checkpoint(name: str) -> None:
    """Pause where a test wants two actors to meet; does nothing otherwise."""
    hook = CHECKPOINTS.get(name)
    if hook is not None:
        hook()


def safeguard(name: str) -> bool:
    """Say whether a safeguard is on; only tests may switch one off (start-up error E012)."""
    return name not in settings.SAFEGUARDS_OFF
