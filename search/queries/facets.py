"""Counts with their words: sorted, limited, the chosen values always among them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from search.documents import NATION
from search.queries.labels import Labels, labels
from search.requests import Bucket, SearchRequest

_MOST = 50
WORDS = {
    "mode": {
        "in_person": _("On site"),
        "remote": _("By phone or online"),
        "home_visit": _("Comes to you"),
    },
    "open": {"open": _("Open now"), "closed": _("Closed now"), "unknown": _("Hours unknown")},
    "verified": {
        "90": _("Verified within 90 days"),
        "365": _("Verified within a year"),
        "older": _("Longer ago or never"),
    },
}
# Facet → field of the filter that holds its chosen values.
FIELDS = {"category": "term", "mode": "modes", "verified": "verified_day"}


def buckets(
    counted: Mapping[str, Mapping[str, int]], request: SearchRequest
) -> dict[str, tuple[Bucket, ...]]:
    """Return every facet that was asked for with labels, most frequent values first."""
    words = labels()
    return {
        facet: tuple(_facet(facet, counts, _chosen(facet, request), words))
        for facet, counts in counted.items()
    }


def _chosen(facet: str, request: SearchRequest) -> set[str]:
    field = FIELDS.get(facet, facet)
    values = [v for wanted in request.filters if wanted.field == field for v in wanted.values]
    return {str(v[0]) if isinstance(v, tuple) else str(v) for v in values}


def _facet(facet: str, counts: Mapping[str, int], chosen: set[str], words: Labels) -> list[Bucket]:
    if facet == "area":
        counts = _level(counts, chosen, words)
    elif facet == "term":
        counts = {code: n for code, n in counts.items() if code in words.parents or code in chosen}
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    kept = dict(ranked[:_MOST]) | {code: counts.get(code, 0) for code in sorted(chosen)}
    return [
        Bucket(code, _word(facet, code, words), count, selected=code in chosen)
        for code, count in kept.items()
    ]


def _word(facet: str, code: str, words: Labels) -> str:
    if facet in WORDS:
        return str(WORDS[facet].get(code, code))
    return words.of(facet, code)


def _level(counts: Mapping[str, int], chosen: set[str], words: Labels) -> dict[str, int]:
    """Return the areas below the chosen one, or the first level at which there is a choice."""
    known = {code: words.areas[code] for code in counts if code in words.areas and code != NATION}
    parents = {known[c].path[-2] if len(known[c].path) > 1 else "" for c in chosen if c in known}
    if len(chosen) > 1 and len(parents) == 1:
        return {c: counts[c] for c in known if words.areas[c].path[-2:-1] == (*parents,)}
    at = next(iter(chosen), "")
    depth = len(words.areas[at].path) + 1 if at in words.areas else 1
    for level in range(depth, depth + 4):
        below = {
            c: counts[c]
            for c, a in known.items()
            if len(a.path) == level and (not at or at in a.path)
        }
        if len(below) > 1 or (below and at):
            return below
    return {c: counts[c] for c, a in known.items() if a.level == "county"}
