"""Builds documents from the catalogue, with a constant number of statements per batch."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.text import fold
from directory.catalogue.models import (
    Accessibility,
    Address,
    Attribute,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from directory.catalogue.queries import Tree, availability
from directory.catalogue.states import (
    Audience,
    Availability,
    LinkType,
    LocationType,
    PlaceState,
    Polarity,
    Precision,
    State,
    listing_status,
    narrowest,
)
from search import analysis, timetables
from search.documents import applied
from search.documents.doc import Doc
from search.documents.quality import quality
from search.models import IndexVersion
from search.timetables import Spec

NATION = "100000"
EPOCH = date(2020, 1, 1)
OLDEST_MONTHS = 1800
LISTED = (State.ACTIVE, State.SUSPENDED)
_MEASURED = {Precision.EXACT, Precision.STREET, Precision.TOWN}
_NAMES = ("name", "alternate_name")
_PROSE = ("description", "eligibility_description", "application_process", "fees_description")
_COUNTY_DIGITS = 6
_BEST = (
    Availability.OPEN,
    Availability.LIMITED,
    Availability.WAITLIST,
    Availability.FULL,
    Availability.PAUSED,
)

Intern = Callable[[Iterable[Spec]], dict[Spec, int]]


@dataclass(frozen=True, slots=True)
class Batch:
    """What was asked for: documents of what may be found, ids and versions of what may not."""

    docs: list[Doc]
    absent: list[tuple[int, int]]
    failures: list[tuple[int, str]]


def verified_day(on: date | None) -> int:
    """Return a date as days since 2020; never verified is 0."""
    return max(0, (on - EPOCH).days) if on else 0


def build(service_ids: Sequence[int], *, intern: Intern) -> Batch:
    """Build the documents of services as they are now; one that breaks spares the others."""
    versions = IndexVersion.objects.in_bulk(service_ids)
    services = list(_listed(service_ids))
    tree = Tree(services)
    terms = _Terms()
    docs: list[Doc] = []
    failures: list[tuple[int, str]] = []
    for service in services:
        version = versions[service.pk].version if service.pk in versions else 1
        try:
            docs.append(_document(service, version, tree, terms, intern))
        except Exception as error:  # noqa: BLE001  # one bad row never blocks the batch
            failures.append((service.pk, f"{type(error).__name__}: {error}"[:200]))
    found = {service.pk for service in services}
    absent = [
        (id_, versions[id_].version if id_ in versions else 1)
        for id_ in service_ids
        if id_ not in found
    ]
    return Batch(docs, absent, failures)


def _listed(service_ids: Sequence[int]) -> Iterable[Service]:
    return Service.objects.filter(
        pk__in=service_ids,
        state__in=LISTED,
        deleted_at__isnull=True,
        organization__state="listed",
        organization__deleted_at__isnull=True,
    ).select_related("organization")


class _Terms:
    """All terms, read once per batch."""

    def __init__(self) -> None:
        rows = TaxonomyTerm.objects.select_related("taxonomy")
        self._by_id = {term.pk: term for term in rows}

    def lineage(self, term_id: int) -> list[TaxonomyTerm]:
        found: list[TaxonomyTerm] = []
        at: int | None = term_id
        while at in self._by_id and len(found) < 8:
            found.append(self._by_id[at])
            at = self._by_id[at].parent_id
        return found


def _texts(record: Any, fields: Iterable[str]) -> list[str]:
    """Return the texts of a record in all its languages."""
    texts = [getattr(record, name) for name in fields]
    for translated in record.translations.values():
        texts += [translated.get(name, "") for name in fields]
    return [text for text in texts if text]


def _tokens(texts: Iterable[str], *, singles: bool = False) -> dict[str, None]:
    return dict.fromkeys(t for text in texts for t in analysis.tokens(text, singles=singles))


def _document(service: Service, version: int, tree: Tree, terms: _Terms, intern: Intern) -> Doc:
    organization = service.organization
    audience = narrowest(service.audience, organization.audience)
    places = [p for p in tree.places_of(service) if _is_shown(p, audience)]
    sites: list[ServiceAtLocation | None] = [*places] or [None]
    codes = _Codes(service, places, tree, terms)
    status = listing_status(service.state, service.freshness)
    trust = "unverified" if service.freshness == "unverified" else str(status)
    capacity = _availability(tree, service, sites)
    names = _texts(service, _NAMES)
    day = verified_day(service.verified_on)
    covers = _covers(tree, service, sites)
    return Doc(
        id=service.pk,
        version=version,
        name_t=" ".join(
            {**_tokens(names, singles=True), **dict.fromkeys(map(analysis.exact, names))}
        ),
        tax_t=" ".join(_tokens(codes.names, singles=True)),
        body_t=" ".join(_tokens(_body(service, places, tree))),
        term=tuple(codes.terms),
        main_term=tuple(codes.terms),
        category=tuple(codes.categories),
        population=tuple(codes.populations),
        org=(str(organization.uid),),
        org_type=_one(organization.kind),
        sector=_one(organization.sector),
        area=tuple(_areas(places, covers)),
        covers=tuple(covers),
        language=tuple(_languages(tree, service, sites)),
        fee=tuple(codes.fees),
        application=tuple(codes.applications),
        accessibility=tuple(codes.accessibility),
        availability=(capacity,),
        status=(str(status),),
        audience=(str(audience),),
        modes=tuple(_modes(places, codes)),
        sched=tuple(_schedules(tree, service, sites, intern)),
        age_min=_months(service.minimum_age, 0),
        age_max=_months(service.maximum_age, OLDEST_MONTHS),
        verified_day=day,
        quality=quality(trust, capacity, day),
        points=tuple(_points(places)),
        name_key_zh=service.sort_key,
        name_key_en=fold(service.text("name", "en")[0])[:200],
    )


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _months(years: Decimal | None, otherwise: int) -> int:
    return otherwise if years is None else int(years * 12)


def _is_shown(place: ServiceAtLocation, audience: Audience) -> bool:
    """Index only sites that everybody who may find the service may also see."""
    open_ = place.state == PlaceState.ACTIVE and place.deleted_at is None
    return open_ and narrowest(place.audience, audience) == audience


class _Codes:
    """Everything that terms say of a service."""

    def __init__(
        self,
        service: Service,
        places: Sequence[ServiceAtLocation],
        tree: Tree,
        terms: _Terms,
    ) -> None:
        self.names: list[str] = []
        self.terms: dict[str, None] = {}
        self.categories: dict[str, None] = {}
        self.populations: dict[str, None] = {}
        self.fees: dict[str, None] = {}
        self.applications: dict[str, None] = {}
        self.accessibility: dict[str, None] = {}
        into = {
            LinkType.TARGET_POPULATION: self.populations,
            LinkType.FEE: self.fees,
            LinkType.APPLICATION: self.applications,
            LinkType.ACCESSIBILITY: self.accessibility,
        }
        for row in self._rows(service, places, tree):
            if row.term_id is None or row.polarity == Polarity.EXCLUDES:
                continue
            line = terms.lineage(row.term_id)
            if row.kind in into:
                into[LinkType(row.kind)][line[0].code] = None
            elif row.kind != LinkType.ELIGIBILITY:
                self._sort(line)
            if row.kind in {LinkType.SERVICE_TYPE, LinkType.TARGET_POPULATION, LinkType.OTHER}:
                self.names += [text for term in line for text in _texts(term, ("name",))]

    @staticmethod
    def _rows(service: Service, places: Sequence[ServiceAtLocation], tree: Tree) -> list[Attribute]:
        rows = list(tree.rows(Attribute, "service_id", service.pk))
        for place in places:
            rows += tree.rows(Attribute, "service_at_location_id", place.pk)
            if not place.location.protected:
                rows += tree.rows(Attribute, "location_id", place.location_id)
        return rows

    def _sort(self, line: list[TaxonomyTerm]) -> None:
        for term in line:
            if term.code:
                self.terms[term.code] = None
        if line and line[-1].code:
            self.categories[line[-1].code] = None


def _body(service: Service, places: Sequence[ServiceAtLocation], tree: Tree) -> list[str]:
    """Return the prose: what is offered, by whom, where; nothing of a protected location."""
    organization = service.organization
    texts = _texts(service, _PROSE) + _texts(organization, _NAMES)
    for place in places:
        location = place.location
        if location.area:
            texts.append(location.area.name)
            parents = (location.area.parent, getattr(location.area.parent, "parent", None))
            texts += [area.name for area in parents if area]
        if location.protected:
            continue
        texts += _texts(location, ("name", "alternate_name"))
        for address in tree.rows(Address, "location_id", location.pk):
            texts += [address.address_1, address.city, address.region, address.town]
        for row in tree.rows(Accessibility, "location_id", location.pk):
            texts += _texts(row, ("description",))
    return texts


Sites = Sequence[ServiceAtLocation | None]


def _availability(tree: Tree, service: Service, sites: Sites) -> str:
    """Return the best word of any site: somebody can still be helped there."""
    words = {str(availability(applied.capacity(tree, service, site))) for site in sites}
    return next((str(word) for word in _BEST if word in words), str(Availability.UNKNOWN))


def _languages(tree: Tree, service: Service, sites: Sites) -> dict[str, None]:
    rows = (row for site in sites for row in applied.languages(tree, service, site))
    return dict.fromkeys(row.code for row in rows if row.code)


def _lineage(path: str) -> list[str]:
    """Return the six-digit codes of an area and what it lies in, narrowest first."""
    codes = [code for code in path.strip("/").split("/") if code]
    return [c for c in reversed(codes) if len(c) <= _COUNTY_DIGITS]


def _covers(tree: Tree, service: Service, sites: Sites) -> dict[str, str]:
    """Return declared areas with their paths; remote help without any serves the nation."""
    covers: dict[str, str] = {}
    for site in sites:
        for area in applied.areas(tree, service, site):
            if area.nationwide:
                covers[NATION] = ""
            else:
                covers |= {served.area.code: served.area.path for served in area.served.all()}
    if not covers and not any(site and _is_physical(site) for site in sites):
        covers[NATION] = ""
    return covers


def _areas(places: Sequence[ServiceAtLocation], covers: dict[str, str]) -> dict[str, None]:
    found: dict[str, None] = {}
    for place in places:
        if place.location.area:
            found |= dict.fromkeys([*_lineage(place.location.area.path), NATION])
    for path in covers.values():
        found |= dict.fromkeys([*_lineage(path), NATION])
    if NATION in covers:
        found[NATION] = None
    return found


def _is_physical(place: ServiceAtLocation) -> bool:
    return place.location.location_type == LocationType.PHYSICAL or place.location.protected


def _modes(places: Sequence[ServiceAtLocation], codes: _Codes) -> list[str]:
    modes = []
    if any(_is_physical(place) for place in places):
        modes.append("in_person")
    if not places or any(p.location.location_type == LocationType.VIRTUAL for p in places):
        modes.append("remote")
    if "home_visit" in codes.applications or "home_service" in codes.accessibility:
        modes.append("home_visit")
    return modes


def _schedules(tree: Tree, service: Service, sites: Sites, intern: Intern) -> list[str]:
    specs = []
    for site in sites:
        rows, exceptions = applied.hours(tree, service, site)
        region = site.location.area.code if site and site.location.area else ""
        if found := timetables.spec(rows, exceptions, region=region):
            specs.append(found)
    return [str(id_) for id_ in dict.fromkeys(intern(specs).values())] if specs else []


def _points(places: Sequence[ServiceAtLocation]) -> dict[tuple[float, float], None]:
    points: dict[tuple[float, float], None] = {}
    for place in places:
        location = place.location
        measured = location.precision in _MEASURED and not location.protected
        if measured and location.latitude is not None and location.longitude is not None:
            points[round(float(location.latitude), 6), round(float(location.longitude), 6)] = None
    return points
