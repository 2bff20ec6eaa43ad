"""From ids to what a card shows: rows re-checked for the reader, site, hours, reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from core.jobs import now, today
from directory.catalogue import hours
from directory.catalogue.models import Attribute, Phone, Service, ServiceAtLocation
from directory.catalogue.models.audience import Reader, audiences
from directory.catalogue.queries import Tree, availability
from directory.catalogue.queries.effective import AHEAD, WEEKDAYS
from directory.catalogue.states import (
    Audience,
    LinkType,
    LocationType,
    PlaceState,
    Precision,
    State,
)
from directory.geography.coordinates import Point, meters_between
from directory.geography.models import CalendarDay
from search import analysis, ranking, timetables
from search.backends.base import Found
from search.documents import LISTED, applied
from search.planner import Plan, Reading
from search.queries.labels import labels
from search.requests import Hit, Near, Place, Reason, SearchRequest

_MEASURED = {Precision.EXACT, Precision.STREET, Precision.TOWN}
_SAYS = 0.25
_KEPT_S = 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the hits of one answer have in common."""

    request: SearchRequest
    reading: Reading
    plan: Plan
    at: datetime
    open_only: bool


@dataclass(slots=True)
class _Calendar:
    """Special days near today, read once a minute for all areas together."""

    read_at: float = float("-inf")
    days: list[CalendarDay] = field(default_factory=list)


_calendar = _Calendar()


def forget() -> None:
    """Drop what is held."""
    _calendar.read_at = float("-inf")


def _special_days(at: datetime, codes: Sequence[str]) -> hours.Calendar:
    if monotonic() > _calendar.read_at + _KEPT_S:
        span = (at.date() - timedelta(days=8), at.date() + AHEAD)
        rows = CalendarDay.objects.filter(on__range=span).select_related("area")
        _calendar.days, _calendar.read_at = list(rows), monotonic()
    mine = (day for day in _calendar.days if day.area is None or day.area.code in codes)
    return {
        day.on: hours.Day(day.kind, WEEKDAYS.index(day.acts_as) if day.acts_as else None)
        for day in sorted(mine, key=lambda day: len(day.area.path) if day.area else 0)
    }


class Loader:
    """Rows of many services in one statement per table."""

    def __init__(self, ids: Iterable[int], by: Reader) -> None:
        """Load what the reader may see; the rest is gone or was never the reader's."""
        wanted = list(ids)
        # A page stays readable after its listing ended; a list must not lead there.
        states = LISTED if Audience.STAFF in audiences(by) else (State.ACTIVE,)
        rows = Service.objects.visible_to(by).filter(pk__in=wanted, state__in=states)
        rows = rows.select_related("organization")
        self.services = {service.pk: service for service in rows} if wanted else {}
        self.tree = Tree(self.services.values(), to=by) if self.services else None
        self.by = by

    def hits(self, found: Iterable[Found], asked: Asked) -> list[Hit]:
        """Return hits in the order of the engine; what the reader may not see is dropped."""
        return [
            self.hit(self.services[row.id], row, asked) for row in found if row.id in self.services
        ]

    def hit(self, service: Service, found: Found, asked: Asked) -> Hit:
        """Return one service as a card shows it."""
        assert self.tree is not None  # noqa: S101  # there are services, so there is a tree
        places = [p for p in self.tree.places_of(service) if p.state == PlaceState.ACTIVE]
        shown, elsewhere = self._site(service, places, asked)
        capacity = applied.capacity(self.tree, service, shown)
        terms = self._terms(service)
        categories = tuple((code, _label(row)) for code, row in terms[LinkType.SERVICE_TYPE])
        place = _place(shown, asked.request.near)
        return Hit(
            service=service,
            score=found.score,
            place=place,
            places_total=len(places),
            remote=_is_remote(places),
            covers_you=_covers(asked, place),
            open_elsewhere=elsewhere,
            opening=self.opening(service, shown, asked.at),
            capacity=capacity,
            availability=str(availability(capacity)),
            phone=next(
                (p for p in applied.phones(self.tree, service, shown) if p.type != "fax"), None
            ),
            categories=categories,
            populations=tuple((c, _label(r)) for c, r in terms[LinkType.TARGET_POPULATION]),
            fees=tuple(code for code, _ in terms[LinkType.FEE]),
            marks=_marks(service, asked.reading),
            why=tuple(_reasons(service, categories, place, asked, found)),
        )

    def _site(
        self, service: Service, places: Sequence[ServiceAtLocation], asked: Asked
    ) -> tuple[ServiceAtLocation | None, bool]:
        """Choose the site to name: open if asked for, then nearest; say if that is outside."""
        if not places:
            return None, False
        near = asked.request.near
        nearest = sorted(places, key=lambda place: (_meters(place, near), place.pk))
        if not asked.open_only or len(places) == 1:
            return nearest[0], False
        opened = [
            place
            for place in nearest
            if self.opening(service, place, asked.at).kind in {"open", "always"}
        ]
        chosen = opened[0] if opened else nearest[0]
        radius = near.radius_m if near else None
        return chosen, radius is not None and _meters(chosen, near) > radius

    def opening(
        self, service: Service, place: ServiceAtLocation | None, at: datetime
    ) -> hours.Status:
        """Say whether a site is open at an instant."""
        assert self.tree is not None  # noqa: S101  # as above
        rows, exceptions = applied.hours(self.tree, service, place)
        area = place.location.area if place else None
        days = _special_days(at, area.path.split("/") if area else ())
        return timetables.opening(rows, exceptions, days, at)

    def _terms(self, service: Service) -> dict[LinkType, list[tuple[str, Any]]]:
        assert self.tree is not None  # noqa: S101  # as above
        found: dict[LinkType, list[tuple[str, Any]]] = {kind: [] for kind in LinkType}
        for row in self.tree.rows(Attribute, "service_id", service.pk):
            if row.term_id and row.polarity != "excludes":
                found[LinkType(row.kind)].append((row.term.code, row.term))
        return found


def _voice(phones: Iterable[Phone]) -> Phone | None:
    """Return the first number that somebody answers."""
    return next((phone for phone in phones if phone.type != "fax"), None)


def _label(term: Any) -> str:
    return str(term.text("name")[0])


def _point(place: ServiceAtLocation) -> Point | None:
    location = place.location
    if location.protected or location.precision not in _MEASURED:
        return None
    if location.latitude is None or location.longitude is None:
        return None
    return Point(float(location.latitude), float(location.longitude))


def _meters(place: ServiceAtLocation, near: Near | None) -> float:
    point = _point(place)
    if near is None or point is None:
        return float("inf")
    return meters_between(Point(near.lat, near.lon), point)


def _place(place: ServiceAtLocation | None, near: Near | None) -> Place | None:
    if place is None:
        return None
    location, point = place.location, _point(place)
    area = location.area
    meters = _meters(place, near)
    return Place(
        uid=None if location.protected else str(location.uid),
        area_code=area.code if area else None,
        area_name=labels().of("area", area.code) if area else "",
        distance_m=meters if point and near else None,
        precision=Precision.COUNTY.value if location.protected else location.precision,
        lat=point.lat if point else None,
        lon=point.lon if point else None,
    )


def _is_remote(places: Sequence[ServiceAtLocation]) -> bool:
    return not places or all(p.location.location_type == LocationType.VIRTUAL for p in places)


def _covers(asked: Asked, place: Place | None) -> bool:
    """Say whether a service was let in because it serves where the visitor is."""
    near = asked.request.near
    if near is None or near.radius_m is None:
        return False
    return place is None or place.distance_m is None or place.distance_m > near.radius_m


def _marks(service: Service, reading: Reading) -> dict[str, list[tuple[int, int]]]:
    typed = {token for group in reading.groups for token in group.tokens[: group.size]}
    ranges = analysis.highlight(service.text("name")[0], typed) if typed else []
    return {"name": ranges} if ranges else {}


def _reasons(
    service: Service,
    categories: Sequence[tuple[str, str]],
    place: Place | None,
    asked: Asked,
    found: Found,
) -> Iterable[Reason]:
    carried = [
        (asked.reading.concepts[code], label)
        for code, label in categories
        if asked.reading.concepts.get(code, 0) >= _SAYS
    ]
    if any(id_ == found.id and points >= ranking.EXACT for id_, points in asked.plan.ids):
        yield Reason("exact", service.text("name")[0])
    if carried:
        yield Reason("category", max(carried)[1])
    elif ranges := _marks(service, asked.reading).get("name"):
        name = service.text("name")[0]
        yield Reason("name", name[ranges[0][0] : ranges[0][1]])
    elif asked.reading.groups:
        yield Reason("text", asked.request.text.strip()[:40])
    if place and place.distance_m is not None:
        yield Reason("place", str(round(place.distance_m)))
    if service.verified_on:
        yield Reason("fresh", str((today() - service.verified_on).days))


def moment(request: SearchRequest) -> datetime:
    """Return the instant that hours are asked for."""
    return request.open_at or now()
