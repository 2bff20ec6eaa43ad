"""Which engine answers in this process."""

from functools import cache

from django.conf import settings

from search.backends.base import Backend
from search.backends.embedded import Embedded


@cache
def _embedded(root: str) -> Embedded:
    return Embedded(root)


def current() -> Backend:
    """Return the engine that the settings name."""
    return _embedded(str(settings.SEARCH_DIR))


def by_name(name: str) -> Backend:
    """Return the engine that a generation was built with."""
    if name != Embedded.name:
        raise KeyError(name)
    return _embedded(str(settings.SEARCH_DIR))
