"""The offline gazetteer: which area does a text name? Longest names, consistent with each other."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from core.text import fold, printable
from directory.geography.models import Area, AreaName
from directory.geography.states import Level, NameKind

LONGEST_TEXT: Final = 80
LONGEST_NAME: Final = 20
# A short name before one of these is a road or a house called after the place: 北京路, 上海花园.
_ROAD: Final = re.compile(
    "[东南西北中]?(?:[一二三四五六七八九十]?路|街|大道|大街|巷|弄|里|胡同|村|小区|花园|广场|大厦)"
)


class Match(NamedTuple):
    """A name found in the text, and the area that bears it."""

    start: int
    end: int
    area: Area


class Chain(NamedTuple):
    """An area with the stretches of the text that name it or one of its ancestors."""

    area: Area
    spans: frozenset[tuple[int, int]]

    @property
    def rank(self) -> tuple[int, int]:
        """Rank by how many names agree, then by how much of the text they explain."""
        return len(self.spans), sum(end - start for start, end in self.spans)


def find(text: str, within: Area | None = None) -> Area | None:
    """Return the deepest area that the text names; None when it names none or several equals."""
    plain = printable(text)[:LONGEST_TEXT].lower()
    readings = {plain, fold(plain)}
    chains = [chain for reading in readings for chain in _chains(reading, within)]
    if not chains:
        return None
    best = max(chain.rank for chain in chains)
    return _agreed({chain.area for chain in chains if chain.rank == best})


def _chains(text: str, within: Area | None) -> list[Chain]:
    matches = _longest(_matches(text))
    if within:
        matches = [match for match in matches if match.area.path.startswith(within.path)]
    return [Chain(match.area, _spans(match.area, matches)) for match in matches]


def _spans(area: Area, matches: Iterable[Match]) -> frozenset[tuple[int, int]]:
    codes = set(area.codes)
    return frozenset((match.start, match.end) for match in matches if match.area.code in codes)


def _agreed(areas: set[Area]) -> Area | None:
    """Return the one area meant; of several equals nobody guesses one, what holds them all is sure.

    通化 is the city rather than the county inside it, 海南 the province rather than a prefecture
    far away.
    """
    codes = {area.code for area in areas}
    widest = [area for area in areas if not codes & set(area.codes[:-1])]
    provinces = [area for area in widest if area.level == Level.PROVINCE]
    meant = provinces if len(provinces) == 1 else widest
    return meant[0] if len(meant) == 1 else _shared_ancestor(meant)


def _matches(text: str) -> list[Match]:
    """Look every stretch of the text up among the names, in one query."""
    spans: dict[str, list[int]] = {}
    for start in range(len(text)):
        for end in range(start + 2, min(len(text), start + LONGEST_NAME) + 1):
            spans.setdefault(text[start:end], []).append(start)
    names = AreaName.objects.filter(name__in=spans, area__retired_on=None, area__virtual=False)
    return [
        Match(start, start + len(name.name), name.area)
        for name in names.select_related("area")
        for start in spans[name.name]
        if not (name.kind == NameKind.SHORT and _ROAD.match(text, start + len(name.name)))
    ]


def _longest(matches: list[Match]) -> list[Match]:
    """Drop a name inside a longer one: 南京 in 南京市, 和县 in 泰和县."""
    spans = {(match.start, match.end) for match in matches}
    inner = {
        span
        for span in spans
        if any(other != span and other[0] <= span[0] and span[1] <= other[1] for other in spans)
    }
    return [match for match in matches if (match.start, match.end) not in inner]


def _shared_ancestor(areas: list[Area]) -> Area | None:
    """Return the deepest area that holds all of them: of two equals nobody guesses one."""
    paths = [area.codes for area in areas]
    shared = ""
    for codes in zip(*paths, strict=False):
        if len(set(codes)) > 1:
            break
        shared = codes[0]
    country = areas[0].country
    return Area.objects.shown().filter(country=country, code=shared).first() if shared else None
