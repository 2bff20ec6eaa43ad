"""From the database to the engines: the only writer of generations, pending rows and keys."""

from search.sync.draining import drain
from search.sync.marking import mark
from search.sync.rebuilding import Refused, rebuild
from search.sync.verifying import Drift, ranges, verify
from search.sync.words import refresh_terms, terms_changed, words_changed

__all__ = [
    "Drift",
    "Refused",
    "drain",
    "mark",
    "ranges",
    "rebuild",
    "refresh_terms",
    "terms_changed",
    "verify",
    "words_changed",
]
