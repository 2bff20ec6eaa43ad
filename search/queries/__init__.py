"""The only door to the engines: finding, suggesting, counting, and how the index is."""

from search.queries.finding import category_count, find, matching_ids, on_map, overview
from search.queries.labels import labels, names_in
from search.queries.panel import crisis_numbers
from search.queries.state import health
from search.queries.suggesting import suggest

__all__ = [
    "category_count",
    "crisis_numbers",
    "find",
    "health",
    "labels",
    "matching_ids",
    "names_in",
    "on_map",
    "overview",
    "suggest",
]
