"""The order in which a place is looked for: providers that are on, then names, then the area."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from core.jobs import now
from core.text import fold, printable
from directory.geography import coordinates
from directory.geography.coordinates import FAR_FROM_AREA_M, Point
from directory.geography.geocoding import gazetteer, providers
from directory.geography.models import Area, GeocodeAnswer, GeocodingProvider
from directory.geography.states import (
    AnswerStatus,
    Level,
    Precision,
    Purpose,
)


@dataclass(frozen=True)
class Answer:
    """Where an address is, how closely that is known, and who said so.

    `not_found` and `unavailable` are different sentences for the reader: there is no such place,
    or nobody could be asked.
    """

    status: AnswerStatus
    lat: Decimal | None = None
    lon: Decimal | None = None
    precision: Precision = Precision.NONE
    area: Area | None = None
    source: str = ""

    @property
    def point(self) -> Point | None:
        """Return the point for measuring."""
        if self.lat is None or self.lon is None:
            return None
        return Point(float(self.lat), float(self.lon))


class Fresh(NamedTuple):
    """What a provider has just said: worth keeping under this key."""

    key: str
    status: AnswerStatus
    point: Point | None
    precision: Precision


class Found(NamedTuple):
    """The answer, and what the caller may keep so that nobody asks again."""

    answer: Answer
    fresh: list[Fresh]


def find(
    text: str,
    *,
    area: Area | None,
    purpose: Purpose,
    may_ask: Callable[[GeocodingProvider], bool],
) -> Found:
    """Ask the providers in order until one knows the place; then names, then the area itself."""
    fresh: list[Fresh] = []
    unheard = False
    if text.strip():
        for provider in _providers(purpose):
            said = _said(provider, text, area, may_ask)
            if said is None:
                unheard = True
                continue
            fresh.append(said)
            if said.status == AnswerStatus.FOUND and not _is_far(said.point, area):
                return Found(_measured(said, text, area), fresh)
    named = (gazetteer.find(text, area) if text.strip() else None) or area
    if named:
        return Found(_at_centroid(named, "gazetteer" if named != area else "area"), fresh)
    status = AnswerStatus.UNAVAILABLE if unheard else AnswerStatus.NOT_FOUND
    return Found(Answer(status), fresh)


def key_of(provider: GeocodingProvider, text: str, area: Area | None) -> str:
    """Name an answer by what was asked; the address itself cannot be read from it."""
    asked = f"{provider.kind}\n{fold(text).strip()}\n{area.code if area else ''}"
    return hashlib.sha256(asked.encode()).hexdigest()


def _providers(purpose: Purpose) -> list[GeocodingProvider]:
    asked = GeocodingProvider.objects.filter(enabled=True)
    if purpose == Purpose.CLIENT:
        asked = asked.filter(allow_client_places=True)
    return list(asked)


def _said(
    provider: GeocodingProvider,
    text: str,
    area: Area | None,
    may_ask: Callable[[GeocodingProvider], bool],
) -> Fresh | None:
    """Return what the provider said earlier or says now; None when it cannot be asked."""
    key = key_of(provider, text, area)
    known = GeocodeAnswer.objects.current(now()).filter(key=key).first()
    if known:
        point = None if known.lat is None else Point(float(known.lat), float(known.lon or 0))
        return Fresh(key, AnswerStatus(known.status), point, Precision(known.precision))
    if not providers.is_open(provider.kind) or not may_ask(provider):
        return None
    try:
        hit = providers.ask(provider, _question(text, area))
    except providers.Unavailable:
        return None
    if hit is None:
        return Fresh(key, AnswerStatus.NOT_FOUND, None, Precision.NONE)
    return Fresh(key, AnswerStatus.FOUND, hit.point, hit.precision)


def _question(text: str, area: Area | None) -> str:
    """Put the names of the given area before an address that does not say them."""
    words = printable(text).strip()
    if area is None:
        return words
    names = [part.name for part in area.lineage() if part.name not in words]
    return "".join(names) + words


def _is_far(point: Point | None, area: Area | None) -> bool:
    """Say whether a provider went to a namesake elsewhere; wider areas than a county are large."""
    is_small = area is not None and area.level in {Level.COUNTY, Level.TOWN}
    center = area.center.point if area and is_small else None
    if point is None or center is None:
        return False
    return coordinates.meters_between(point, center) > FAR_FROM_AREA_M


def _measured(said: Fresh, text: str, area: Area | None) -> Answer:
    point = said.point or Point(0.0, 0.0)
    return Answer(
        AnswerStatus.FOUND,
        coordinates.places(point.lat),
        coordinates.places(point.lon),
        said.precision,
        gazetteer.find(text, area) or area,
        "provider",
    )


def _at_centroid(area: Area, source: str) -> Answer:
    point, precision = area.center
    if point is None:
        return Answer(AnswerStatus.FOUND, area=area, source=source)
    return Answer(AnswerStatus.FOUND, area.lat, area.lon, precision, area, source)
