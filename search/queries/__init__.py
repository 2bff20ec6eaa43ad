"""The only door to the engines: finding, suggesting, counting, and how the index is."""

from search.queries.finding import find, matching_ids, on_map
from search.queries.labels import labels
from search.queries.panel import crisis_numbers
from search.queries.state import health
from search.queries.suggesting import suggest

__all__ = [
    "crisis_numbers",
    "find",
    "health",
    "labels",
    "matching_ids",
    "on_map",
    "suggest",
]
