"""What is asked and what is answered; values only, so every room may hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Audience = Literal["public", "partner", "staff"]
Sort = Literal["best", "distance", "name", "verified"]
Operator = Literal["any", "covers_age", "range", "region"]

MAX_TEXT = 1000
USED_TEXT = 200
MAX_DEPTH = 1000


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; its values are alternatives, several filters must all hold.

    `any` compares codes, `covers_age` takes months, `range` takes (lowest, highest) or None,
    `region` takes an area with its ancestors (area) or those of a home (home).
    """

    field: str
    op: Operator
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A position; with a radius only what is inside it or covers it is found."""

    lat: float
    lon: float
    radius_m: float | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A window of the map; `west` may exceed `east` across the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Everything a visitor, a worker's screen or the API may ask."""

    text: str = ""
    language: str = "zh"
    filters: tuple[Filter, ...] = ()
    near: Near | None = None
    bbox: Box | None = None
    open_at: datetime | None = None
    prefer: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    sort: Sort = "best"
    page: int = 1
    per_page: int = 25
    explain: bool = False
    tally: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a service is shown, in words that are displayed anyway."""

    kind: Literal["name", "category", "text", "place", "fresh", "availability", "exact", "pinned"]
    label: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet with its count under all other filters."""

    value: str
    label: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The site a hit is shown at; a protected one has its area only."""

    uid: str | None
    area_code: str | None
    area_name: str
    distance_m: float | None
    precision: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One service found, with the row it was loaded from and what a card needs."""

    service: Any
    score: float
    place: Place | None
    places_total: int = 0
    remote: bool = False
    covers_you: bool = False
    open_elsewhere: bool = False
    opening: Any = None
    capacity: Any = None
    availability: str = "unknown"
    phone: Any = None
    categories: tuple[tuple[str, str], ...] = ()
    populations: tuple[tuple[str, str], ...] = ()
    fees: tuple[str, ...] = ()
    marks: Mapping[str, list[tuple[int, int]]] = field(default_factory=dict)
    why: tuple[Reason, ...] = ()
    points: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Hotline:
    """A crisis number with the hours as they are stored."""

    number: str
    name: str
    hours_note: str


@dataclass(frozen=True, slots=True)
class Safety:
    """What stands above every list when a request sounds like danger."""

    topics: tuple[str, ...]
    hotlines: tuple[Hotline, ...]
    services: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """How many services there were without one of the conditions."""

    param: str
    value: str
    total: int


@dataclass(frozen=True, slots=True)
class Zero:
    """The way out of an empty list."""

    without: tuple[Without, ...]
    areas: tuple[Bucket, ...]
    hotlines: tuple[Hotline, ...]
    categories: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Interpreted:
    """How the words were understood, so that the visitor may object."""

    area: tuple[tuple[str, str], ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    concepts: tuple[tuple[str, str], ...] = ()
    relaxed: bool = False
    truncated: bool = False
    unknown: tuple[str, ...] = ()
    place: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of an answer."""

    request: SearchRequest
    total: int
    hits: tuple[Hit, ...]
    related: tuple[Hit, ...]
    facets: Mapping[str, tuple[Bucket, ...]]
    interpreted: Interpreted
    safety: Safety | None
    zero: Zero | None
    backend: str
    degraded: bool
    index_age_s: int
    took_ms: float
    # No engine answered: what is shown comes from the database alone.
    unavailable: bool = False

    @property
    def pages(self) -> int:
        """Count the pages, at least one."""
        return max(1, -(-self.total // self.request.per_page))
