"""Which engines this installation has, and which of them answers."""

from functools import cache

from django.conf import settings

from search.backends.base import Backend
from search.backends.elastic import Elastic
from search.backends.embedded import Embedded

NAMES = (Embedded.name, Elastic.name)


@cache
def _embedded(root: str) -> Embedded:
    return Embedded(root)


@cache
def _elastic(urls: str, prefix: str) -> Elastic:
    return Elastic(urls, prefix)


def by_name(name: str) -> Backend:
    """Return the engine that a generation was built with."""
    if name == Embedded.name:
        return _embedded(str(settings.SEARCH_DIR))
    if name == Elastic.name and settings.ELASTICSEARCH_URL:
        return _elastic(settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX)
    raise KeyError(name)


def current() -> Backend:
    """Return the engine that answers."""
    return by_name(settings.SEARCH_ENGINE)


def reserve() -> Backend | None:
    """Return the engine that answers while the first one cannot."""
    spare = settings.SEARCH_FALLBACK
    return by_name(spare) if spare and spare != settings.SEARCH_ENGINE else None


def kept() -> dict[str, Backend]:
    """Return the engines whose index follows the database, the one that answers first.

    A cluster is kept as soon as its address is known: it can be filled before it answers.
    """
    names = [settings.SEARCH_ENGINE, settings.SEARCH_FALLBACK]
    names += [Elastic.name] if settings.ELASTICSEARCH_URL else []
    return {name: by_name(name) for name in dict.fromkeys(names) if name}
