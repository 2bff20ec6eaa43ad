"""The only door to the engines: finding, suggesting, counting, and how the index is."""

from search import timetables
from search.queries import finding, hits, panel, state
from search.queries import labels as labelling
from search.queries.finding import category_count, find, matching_ids, on_map, overview
from search.queries.labels import labels, names_in
from search.queries.panel import crisis_numbers
from search.queries.state import health
from search.queries.suggesting import suggest

__all__ = [
    "category_count",
    "crisis_numbers",
    "find",
    "forget",
    "health",
    "labels",
    "matching_ids",
    "names_in",
    "on_map",
    "overview",
    "suggest",
]


def forget() -> None:
    """Drop everything this process holds of tables and index; the next request reads anew."""
    for module in (finding, hits, labelling, panel, state, timetables):
        module.forget()
