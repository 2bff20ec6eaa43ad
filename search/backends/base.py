"""What every engine does; finished plans go in, ids come out."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from search.documents.doc import Doc
from search.planner import Plan

# Facet of the interface → field of the document, and the filter that it must not obey itself.
FACETS: dict[str, str] = {
    "category": "category",
    "term": "term",
    "area": "area",
    "population": "population",
    "org_type": "org_type",
    "sector": "sector",
    "fee": "fee",
    "application": "application",
    "mode": "modes",
    "language": "language",
    "accessibility": "accessibility",
    "availability": "availability",
    "open": "sched",
    "verified": "verified_day",
    "status": "status",
    "cell_a": "cell_a",
    "cell_b": "cell_b",
    "cell_c": "cell_c",
}
# The status is a condition of every list, so its own counts obey it too.
OWN_FILTER: dict[str, str] = {
    "status": "",
    "category": "term",
    "mode": "modes",
    "verified": "verified_day",
}
AUDIENCES: dict[str, tuple[str, ...]] = {
    "public": ("public",),
    "partner": ("public", "partner"),
    "staff": ("public", "partner", "staff"),
}
VERIFIED_EDGES = (90, 365)
NEAR_M = 12_000.0
MOST_CANDIDATES = 20_000
FAR_CANDIDATES = 1_000


def own_filter(facet: str) -> str:
    """Return the filter field that belongs to a facet."""
    return OWN_FILTER.get(facet, facet)


class Found(NamedTuple):
    """One hit: the row's id, its points, metres to its nearest point if there is one."""

    id: int
    score: float
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """What an engine answers to one plan."""

    total: int
    hits: tuple[Found, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    partial: bool = False


class Failure(NamedTuple):
    """A document that was not written, and whether trying again may help."""

    id: int
    error: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """Whether an engine can answer, and how much it holds.

    `missing`: the engine works but has no index that this release can read.
    """

    ok: bool
    documents: int = 0
    detail: str = ""
    missing: bool = False


class Sums(NamedTuple):
    """What a range of ids holds: how many documents, the sums of versions and digests."""

    documents: int
    versions: int
    digests: int


class Unavailable(Exception):
    """The engine cannot answer now; the message names the remedy and goes to the log."""


class Locked(Exception):
    """Another process is writing to this generation."""


class Backend(Protocol):
    """An engine; `generation` is the name of a physical index."""

    name: str

    @property
    def fingerprint(self) -> str:
        """Return what an index depends on besides its content: an other one cannot be read."""
        ...

    def search(self, plan: Plan, generation: str = "") -> Result:
        """Answer one plan from the live generation, or from a named one that is to be tried."""
        ...

    def counts(self, plans: Sequence[Plan]) -> list[int]:
        """Return only the totals of several plans."""
        ...

    def write(
        self, generation: str, upserts: Sequence[Doc], deletes: Sequence[tuple[int, int]]
    ) -> list[Failure]:
        """Write and remove by id and version; an older version than the stored one is ignored."""
        ...

    def begin(self, generation: str) -> None:
        """Create an empty generation that nobody reads yet."""
        ...

    def swap(self, generation: str) -> None:
        """Let readers see this generation, in one step."""
        ...

    def drop(self, generation: str) -> None:
        """Remove a generation and what it holds."""
        ...

    def locked(self, generation: str) -> AbstractContextManager[None]:
        """Keep other writers of a generation out, or raise `Locked`."""
        ...

    def stored(self) -> list[str]:
        """Return the names of all generations that exist, known to the database or not."""
        ...

    def sums(self, generation: str, step: int = 1000) -> dict[int, Sums]:
        """Return per range of ids what the generation holds, for comparison with the database."""
        ...

    def tokens(self, generation: str, least: int) -> dict[str, int]:
        """Return the tokens that at least so many documents hold, with their number."""
        ...

    def health(self) -> Health:
        """Say whether searches can be answered."""
        ...
