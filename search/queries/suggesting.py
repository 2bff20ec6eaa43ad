"""Suggestions that the reader may see and that lead to something."""

from collections.abc import Sequence
from dataclasses import replace

from directory.catalogue.models.audience import Reader
from search import suggestions
from search.backends.base import AUDIENCES, Unavailable
from search.queries.finding import audience_of, start_facets
from search.states import Kind
from search.suggestions import KINDS, Suggestion


def suggest(
    q: str, by: Reader, *, language: str, kinds: Sequence[str] = KINDS, limit: int = 8
) -> list[Suggestion]:
    """Return names that begin as typed, those of the audience alone; empty terms are marked."""
    audience = audience_of(by)
    found = suggestions.lookup(
        q, kinds=kinds, audiences=AUDIENCES[audience], language=language, limit=limit
    )
    try:
        carried = start_facets(audience).get("term", {})
    except Unavailable:
        return found
    return [
        replace(each, empty=True) if each.kind == Kind.TERM and not carried.get(each.code) else each
        for each in found
    ]
