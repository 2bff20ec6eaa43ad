"""Everything that the page of a listing shows, read once."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Model, OuterRef, Q, QuerySet, Subquery, Window

from core.jobs import now, today
from directory.catalogue import hours
from directory.catalogue.models import (
    Accessibility,
    Address,
    Attribute,
    Code,
    CostOption,
    Location,
    Organization,
    RequiredDocument,
    ServedArea,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Url,
)
from directory.catalogue.models.audience import Reader
from directory.catalogue.queries.effective import Effective, calendar_around, effective
from directory.catalogue.queries.notes import notes
from directory.catalogue.queries.referable import alternatives
from directory.catalogue.queries.tree import Tree
from directory.catalogue.states import PlaceState, Polarity, State
from directory.geography.models import Area

OTHERS: Final = 5
# Special days are announced this long before.
ANNOUNCED: Final = 45


@dataclass(frozen=True)
class PlaceView:
    """One place with what applies there, or the service itself where it has none."""

    facts: Effective
    status: hours.Status
    week: list[hours.DayHours]
    ahead: list[hours.DayHours]
    addresses: list[Address]

    @property
    def place(self) -> ServiceAtLocation | None:
        """Return the place; none for a service without one."""
        return self.facts.place

    @property
    def location(self) -> Location | None:
        """Return where it is."""
        return self.facts.location

    @property
    def area(self) -> Area | None:
        """Return the district it lies in."""
        return self.facts.area


@dataclass(frozen=True)
class ListingView:
    """A listing as its reader may see it."""

    service: Service
    organization: Organization
    places: list[PlaceView]
    terms: dict[str, list[Attribute]]
    areas: dict[int, list[Area]]
    notes: dict[type[Model], list[Any]]
    others: list[Service] = field(default_factory=list)
    others_total: int = 0
    alternatives: list[Service] = field(default_factory=list)

    @property
    def here(self) -> PlaceView:
        """Return the place shown first: where people apply, else the first that runs."""
        running = [view for view in self.places if view.place is None or _runs(view.place)]
        intake = [view for view in running if view.place and view.place.is_intake_site]
        return (intake or running or self.places)[0]

    @property
    def is_reachable(self) -> bool:
        """Say whether ways to reach the provider are still told: not of a closed listing."""
        return self.service.state != State.CLOSED

    def including(self, kind: str) -> list[Attribute]:
        """Return the terms of a kind that speak for somebody."""
        return [row for row in self.terms.get(kind, []) if row.polarity != Polarity.EXCLUDES]

    def excluding(self, kind: str) -> list[Attribute]:
        """Return the terms of a kind that rule somebody out."""
        return [row for row in self.terms.get(kind, []) if row.polarity == Polarity.EXCLUDES]

    @property
    def ways(self) -> list[Attribute]:
        """Return the ways to apply."""
        return [row for row in self.including("application") if row.term]

    @property
    def fees(self) -> list[Attribute]:
        """Return what kind of fee is asked."""
        return [row for row in self.including("fee") if row.term]

    @property
    def access_terms(self) -> list[Attribute]:
        """Return what the places offer to people with disabilities."""
        return [row for row in self.including("accessibility") if row.term]

    @property
    def documents(self) -> list[RequiredDocument]:
        """Return the papers to bring."""
        return self.notes[RequiredDocument]

    @property
    def costs(self) -> list[CostOption]:
        """Return the prices."""
        return self.notes[CostOption]

    @property
    def links(self) -> list[Url]:
        """Return further web addresses."""
        return self.notes[Url]

    @property
    def accessibility(self) -> list[Accessibility]:
        """Return how far the locations can be used by everybody."""
        return self.notes[Accessibility]

    @property
    def alert(self) -> str:
        """Return the notice, until its last day."""
        until = self.service.alert_until
        return self.service.text("alert")[0] if until is None or until >= today() else ""


def _runs(place: ServiceAtLocation) -> bool:
    return place.state == PlaceState.ACTIVE


def listing_view(uid: UUID, *, to: Reader) -> ListingView | None:
    """Return a listing with all that its page shows, if this reader may open it."""
    service = _readable(to).filter(uid=uid).first()
    if service is None:
        return None
    tree = Tree([service], to=to)
    is_open = service.state == State.ACTIVE
    terms = _terms(tree, service)
    places = _places(tree, service, to)
    others = _others(service, to) if is_open else []
    return ListingView(
        service=service,
        organization=service.organization,
        places=places,
        terms=terms,
        areas=_areas(places),
        notes=notes(
            service.pk,
            service.organization_id,
            [view.location.pk for view in places if view.location and not view.location.protected],
        ),
        others=others[:OTHERS],
        others_total=getattr(others[0], "total", 0) if others else 0,
        alternatives=[] if is_open else _instead(service, terms, places, to),
    )


def _readable(to: Reader) -> "QuerySet[Service]":
    method = Code.objects.filter(set="verification_method", code=OuterRef("verified_how"))
    return (
        Service.objects.visible_to(to)
        .select_related("organization", "program", "source")
        .annotate(
            how_name=Subquery(method.values("name")[:1]),
            how_translations=Subquery(method.values("translations")[:1]),
        )
    )


def _places(tree: Tree, service: Service, to: Reader) -> list[PlaceView]:
    shown = [place for place in tree.places_of(service) if place.state != PlaceState.CLOSED]
    listings: list[Service | ServiceAtLocation] = [*shown] if shown else [service]
    calendars: dict[Any, dict[date, hours.Day]] = {}
    return [_place(tree, listing, to, calendars) for listing in listings]


def _place(
    tree: Tree,
    listing: Service | ServiceAtLocation,
    to: Reader,
    calendars: dict[Any, dict[date, hours.Day]],
) -> PlaceView:
    facts = effective(listing, to=to, tree=tree)
    at, on = now(), today()
    calendar: dict[date, hours.Day] = {}
    if facts.schedules or facts.exceptions:
        if facts.area not in calendars:
            calendars[facts.area] = calendar_around(on, facts.area)
        calendar = calendars[facts.area]
    location = facts.location
    hidden = location is None or location.protected
    return PlaceView(
        facts=facts,
        status=facts.status(at, calendar),
        week=hours.week(
            facts.schedules, facts.exceptions, calendar, on - timedelta(days=on.weekday())
        ),
        ahead=hours.ahead(facts.schedules, facts.exceptions, calendar, on, days=ANNOUNCED),
        addresses=[] if hidden or location is None else _addresses(tree, location),
    )


def _addresses(tree: Tree, location: Location) -> list[Address]:
    return list(tree.rows(Address, "location_id", location.pk))


def _terms(tree: Tree, service: Service) -> dict[str, list[Attribute]]:
    rows = list(tree.rows(Attribute, "service_id", service.pk))
    for place in tree.places_of(service):
        if not place.location.protected:
            rows += tree.rows(Attribute, "location_id", place.location_id)
    found: dict[str, list[Attribute]] = defaultdict(list)
    for row in {row.pk: row for row in rows}.values():
        found[row.kind].append(row)
    return dict(found)


def _areas(places: list[PlaceView]) -> dict[int, list[Area]]:
    """Return the administrative areas of every service area."""
    rows: list[ServiceArea] = [row for view in places for row in view.facts.areas]
    wanted = {row.pk for row in rows if not row.nationwide}
    found: dict[int, list[Area]] = defaultdict(list)
    if wanted:
        for served in ServedArea.objects.filter(service_area__in=wanted).select_related("area"):
            found[served.service_area_id].append(served.area)
    return dict(found)


def _others(service: Service, to: Reader) -> list[Service]:
    """Return other listed services of the provider, each with its word on free places."""
    word = ServiceCapacity.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now()), service=OuterRef("pk"), unit=None
    ).order_by(F("place").asc(nulls_first=True), "pk")
    rows = (
        Service.objects.listed()
        .visible_to(to)
        .filter(organization=service.organization_id)
        .exclude(pk=service.pk)
        .annotate(
            total=Window(Count("pk")),
            availability=Subquery(word.values("availability")[:1]),
            availability_on=Subquery(word.values("updated")[:1]),
        )
        .order_by("sort_key", "pk")
    )
    return list(rows[:OTHERS])


def _instead(
    service: Service, terms: dict[str, list[Attribute]], places: list[PlaceView], to: Reader
) -> list[Service]:
    kinds = {row.term_id for row in terms.get("service_type", []) if row.term_id is not None}
    paths = [view.area.path for view in places if view.area]
    return alternatives(service, to=to, terms=kinds, path=max(paths, key=len, default=""))


def site_zone() -> str:
    """Return the zone in which hours without a zone of their own are meant."""
    return str(settings.TIME_ZONE)


@dataclass(frozen=True)
class OrganizationView:
    """An organization with its services and locations as a reader may see them."""

    organization: Organization
    facts: Tree
    services: list[Service]
    locations: list[Location]


def organization_view(uid: UUID, *, to: Reader) -> OrganizationView | None:
    """Return an organization with what its page shows, if this reader may open it."""
    organization = (
        Organization.objects.visible_to(to)
        .select_related("parent", "source")
        .filter(uid=uid)
        .first()
    )
    if organization is None:
        return None
    services = list(
        Service.objects.visible_to(to)
        .filter(organization=organization)
        .exclude(state__in=[State.MERGED, State.REJECTED, State.CLOSED])
        .select_related("organization")
        .order_by("sort_key", "pk")
    )
    locations = list(
        Location.objects.visible_to(to)
        .filter(organization=organization, protected=False)
        .select_related("area__parent__parent")
        .prefetch_related("addresses")
        .order_by("pk")
    )
    return OrganizationView(organization, Tree(services, to=to), services, locations)


@dataclass(frozen=True)
class LocationView:
    """A location with the services given there."""

    location: Location
    addresses: list[Address]
    accessibility: list[Accessibility]
    services: list[Service]


def location_view(uid: UUID, *, to: Reader) -> LocationView | None:
    """Return a location with what its page shows, if this reader may open it."""
    location = (
        Location.objects.visible_to(to)
        .select_related("organization", "area__parent__parent")
        .filter(uid=uid)
        .distinct()
        .first()
    )
    if location is None:
        return None
    places = ServiceAtLocation.objects.active().visible_to(to).filter(location=location)
    services = (
        Service.objects.visible_to(to)
        .filter(pk__in=places.values("service"))
        .exclude(state__in=[State.MERGED, State.REJECTED, State.CLOSED])
        .select_related("organization")
        .order_by("sort_key", "pk")
    )
    hidden = location.protected
    return LocationView(
        location,
        [] if hidden else list(location.addresses.all()),
        [] if hidden else list(location.accessibility.all()),
        list(services),
    )
