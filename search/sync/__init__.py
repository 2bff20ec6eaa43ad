"""From the database to the engines: the only writer of generations, pending rows and keys."""

from search.sync.draining import drain
from search.sync.marking import mark
from search.sync.rebuilding import Refused, rebuild
from search.sync.verifying import Drift, listed, live_generation, ranges, verify
from search.sync.words import refresh_terms, terms_changed, words_changed

__all__ = [
    "Drift",
    "Refused",
    "drain",
    "listed",
    "live_generation",
    "mark",
    "ranges",
    "rebuild",
    "refresh_terms",
    "terms_changed",
    "verify",
    "words_changed",
]
