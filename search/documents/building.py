"""Builds documents from the catalogue, with a constant number of statements per batch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from core.text import fold
from directory.catalogue.models import (
    Accessibility,
    Address,
    Attribute,
    Service,
    TaxonomyTerm,
)
from directory.catalogue.queries import availability
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
from search.documents.rows import Rows, Site
from search.models import IndexVersion
from search.timetables import Spec

NATION = "100000"
TAXONOMY = "shegong-cn"
EPOCH = date(2020, 1, 1)
OLDEST_MONTHS = 1800
LISTED = (State.ACTIVE, State.SUSPENDED)
_MEASURED = {Precision.EXACT, Precision.STREET, Precision.TOWN}
_NAMES = ("name", "alternate_name")
_PROSE = ("description", "eligibility_description", "application_process", "fees_description")
_COUNTY_DIGITS = 6
_DEEPEST = 8
# Terms that say who may not come, or how to get in, are no words to be found by.
_SILENT = {LinkType.ELIGIBILITY, LinkType.FEE, LinkType.APPLICATION, LinkType.ACCESSIBILITY}
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
    rows = Rows(services)
    terms = _Terms()
    made: list[tuple[Doc, list[Spec]]] = []
    failures: list[tuple[int, str]] = []
    for service in services:
        version = versions[service.pk].version if service.pk in versions else 1
        try:
            made.append(_document(service, version, rows, terms))
        except Exception as error:  # noqa: BLE001  # one bad row never blocks the batch
            failures.append((service.pk, f"{type(error).__name__}: {error}"[:200]))
    # Once for all of them: a statement for each would take longer than the documents.
    ids = intern({spec for _doc, specs in made for spec in specs})
    docs = [replace(doc, sched=_timetables(specs, ids)) for doc, specs in made]
    found = {service.pk for service in services}
    absent = [
        (id_, versions[id_].version if id_ in versions else 1)
        for id_ in service_ids
        if id_ not in found
    ]
    return Batch(docs, absent, failures)


_COLUMNS = (
    *("uid", "sort_key", "language", "translations", "state", "freshness", "audience"),
    *(*_NAMES, *_PROSE, "minimum_age", "maximum_age", "verified_on"),
    *(f"organization__{name}" for name in ("uid", "kind", "sector", "audience", "language")),
    *(f"organization__{name}" for name in (*_NAMES, "translations")),
)


def _listed(service_ids: Sequence[int]) -> Iterable[Service]:
    return (
        Service.objects.filter(
            pk__in=service_ids,
            state__in=LISTED,
            deleted_at__isnull=True,
            organization__state="listed",
            organization__deleted_at__isnull=True,
        )
        .select_related("organization")
        .only(*_COLUMNS)
    )


class _Term(NamedTuple):
    """What a document takes over of a term and of those above it."""

    vocabulary: str
    codes: tuple[str, ...]
    tokens: tuple[str, ...]


class _Terms:
    """All terms, read once per batch and turned into tokens once per term."""

    def __init__(self) -> None:
        columns = ("pk", "taxonomy__code", "code", "name", "translations", "parent_id")
        self._rows = {row[0]: row for row in TaxonomyTerm.objects.values_list(*columns)}
        self._made: dict[int, _Term] = {}

    def get(self, term_id: int) -> _Term:
        """Return a term, narrowest code first."""
        if term_id not in self._made:
            self._made[term_id] = self._make(term_id)
        return self._made[term_id]

    def _make(self, term_id: int) -> _Term:
        codes: list[str] = []
        tokens: dict[str, None] = {}
        vocabulary, at, depth = "", term_id, 0
        while at in self._rows and depth < _DEEPEST:
            _pk, own, code, name, translations, above = self._rows[at]
            vocabulary = vocabulary or own or ""
            codes.append(code)
            told = [name, *(texts.get("name", "") for texts in translations.values())]
            tokens |= _tokens(told, singles=True)
            at, depth = above or 0, depth + 1
        return _Term(vocabulary, tuple(codes), tuple(tokens))


def _texts(record: Any, fields: Iterable[str]) -> list[str]:
    """Return the texts of a record in all its languages."""
    texts = [getattr(record, name) for name in fields]
    for translated in record.translations.values():
        texts += [translated.get(name, "") for name in fields]
    return [text for text in texts if text]


def _tokens(texts: Iterable[str], *, singles: bool = False) -> dict[str, None]:
    return dict.fromkeys(t for text in texts for t in analysis.tokens(text, singles=singles))


def _document(service: Service, version: int, rows: Rows, terms: _Terms) -> tuple[Doc, list[Spec]]:
    """Return the document, and the opening hours that it is to name."""
    organization = service.organization
    audience = narrowest(service.audience, organization.audience)
    places = [p for p in rows.places_of(service) if _is_shown(p, audience)]
    sites: list[Site | None] = [*places] or [None]
    codes = _Codes(service, places, rows, terms)
    status = listing_status(service.state, service.freshness)
    trust = "unverified" if service.freshness == "unverified" else str(status)
    capacity = _availability(rows, service, sites)
    names = _texts(service, _NAMES)
    day = verified_day(service.verified_on)
    covers = _covers(rows, service, sites)
    doc = Doc(
        id=service.pk,
        version=version,
        name_t=" ".join(
            {**_tokens(names, singles=True), **dict.fromkeys(map(analysis.exact, names))}
        ),
        tax_t=" ".join(codes.tokens),
        body_t=" ".join(_tokens(_body(service, places, rows))),
        term=tuple(codes.terms),
        main_term=tuple(codes.terms),
        category=tuple(codes.categories),
        population=tuple(codes.populations),
        org=(str(organization.uid),),
        org_type=_one(organization.kind),
        sector=_one(organization.sector),
        area=tuple(_areas(places, covers)),
        covers=tuple(covers),
        language=tuple(_languages(rows, service, sites)),
        fee=tuple(codes.fees),
        application=tuple(codes.applications),
        accessibility=tuple(codes.accessibility),
        availability=(capacity,),
        status=(str(status),),
        audience=(str(audience),),
        modes=tuple(_modes(places, codes)),
        age_min=_months(service.minimum_age, 0),
        age_max=_months(service.maximum_age, OLDEST_MONTHS),
        verified_day=day,
        quality=quality(trust, capacity, day),
        points=tuple(_points(places)),
        name_key_zh=service.sort_key,
        name_key_en=fold(service.text("name", "en")[0])[:200],
    )
    return doc, _schedules(rows, service, sites)


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _months(years: Decimal | None, otherwise: int) -> int:
    return otherwise if years is None else int(years * 12)


def _is_shown(place: Site, audience: Audience) -> bool:
    """Index only sites that everybody who may find the service may also see."""
    open_ = place.state == PlaceState.ACTIVE
    return open_ and narrowest(place.audience, audience) == audience


class _Codes:
    """Everything that terms say of a service; only codes of our own vocabularies are filters."""

    def __init__(self, service: Service, places: Sequence[Site], rows: Rows, terms: _Terms) -> None:
        self.tokens: dict[str, None] = {}
        self.terms: dict[str, None] = {}
        self.categories: dict[str, None] = {}
        self.populations: dict[str, None] = {}
        self.fees: dict[str, None] = {}
        self.applications: dict[str, None] = {}
        self.accessibility: dict[str, None] = {}
        self._into = {
            "population": self.populations,
            "fee": self.fees,
            "application": self.applications,
            "accessibility": self.accessibility,
        }
        for row in _attributes(service, places, rows):
            if row.term_id is not None and row.polarity != Polarity.EXCLUDES:
                self._take(terms.get(row.term_id), row.link_type)

    def _take(self, term: _Term, link_type: str) -> None:
        if term.vocabulary == TAXONOMY:
            self.terms |= dict.fromkeys(term.codes)
            self.categories[term.codes[-1]] = None
        elif term.vocabulary in self._into:
            self._into[term.vocabulary][term.codes[0]] = None
        if link_type not in _SILENT:
            self.tokens |= dict.fromkeys(term.tokens)


def _attributes(service: Service, places: Sequence[Site], rows: Rows) -> Iterator[Any]:
    yield from rows.rows(Attribute, "service_id", service.pk)
    for place in places:
        yield from rows.rows(Attribute, "service_at_location_id", place.pk)
        if not place.location.protected:
            yield from rows.rows(Attribute, "location_id", place.location_id)


def _body(service: Service, places: Sequence[Site], rows: Rows) -> list[str]:
    """Return the prose: what is offered, by whom, where; nothing of a protected location."""
    organization = service.organization
    texts = _texts(service, _PROSE) + _texts(organization, _NAMES)
    for place in places:
        location = place.location
        texts += location.area_names
        if location.protected:
            continue
        texts += _texts(location, ("name", "alternate_name"))
        for address in rows.rows(Address, "location_id", place.location_id):
            texts += [address.address_1, address.city, address.region, address.town]
        for row in rows.rows(Accessibility, "location_id", place.location_id):
            texts += _texts(row, ("description",))
    return texts


Sites = Sequence[Site | None]


def _availability(rows: Rows, service: Service, sites: Sites) -> str:
    """Return the best word of any site: somebody can still be helped there."""
    words = {str(availability(applied.capacity(rows, service, site))) for site in sites}
    return next((str(word) for word in _BEST if word in words), str(Availability.UNKNOWN))


def _languages(rows: Rows, service: Service, sites: Sites) -> dict[str, None]:
    spoken = (row for site in sites for row in applied.languages(rows, service, site))
    return dict.fromkeys(row.code for row in spoken if row.code)


def _lineage(path: str) -> list[str]:
    """Return the six-digit codes of an area and what it lies in, narrowest first."""
    codes = [code for code in path.strip("/").split("/") if code]
    return [c for c in reversed(codes) if len(c) <= _COUNTY_DIGITS]


def _covers(rows: Rows, service: Service, sites: Sites) -> dict[str, str]:
    """Return declared areas with their paths; remote help without any serves the nation."""
    covers: dict[str, str] = {}
    for site in sites:
        for area in applied.areas(rows, service, site):
            if area.nationwide:
                covers[NATION] = ""
            else:
                covers |= dict(rows.served(area.id))
    if not covers and not any(site and _is_physical(site) for site in sites):
        covers[NATION] = ""
    return covers


def _areas(places: Sequence[Site], covers: dict[str, str]) -> dict[str, None]:
    found: dict[str, None] = {}
    for place in places:
        if place.location.area_path:
            found |= dict.fromkeys([*_lineage(place.location.area_path), NATION])
    for path in covers.values():
        found |= dict.fromkeys([*_lineage(path), NATION])
    if NATION in covers:
        found[NATION] = None
    return found


def _is_physical(place: Site) -> bool:
    return place.location.location_type == LocationType.PHYSICAL or place.location.protected


def _modes(places: Sequence[Site], codes: _Codes) -> list[str]:
    modes = []
    if any(_is_physical(place) for place in places):
        modes.append("in_person")
    if not places or any(p.location.location_type == LocationType.VIRTUAL for p in places):
        modes.append("remote")
    if "home_visit" in codes.applications or "home_service" in codes.accessibility:
        modes.append("home_visit")
    return modes


def _schedules(rows: Rows, service: Service, sites: Sites) -> list[Spec]:
    specs = []
    for site in sites:
        rules, exceptions = applied.hours(rows, service, site)
        region = (site.location.area_code if site else None) or ""
        if found := timetables.spec(rules, exceptions, region=region):
            specs.append(found)
    return specs


def _timetables(specs: Sequence[Spec], ids: dict[Spec, int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(ids[spec]) for spec in specs if spec in ids))


def _points(places: Sequence[Site]) -> dict[tuple[float, float], None]:
    points: dict[tuple[float, float], None] = {}
    for place in places:
        location = place.location
        measured = location.precision in _MEASURED and not location.protected
        if measured and location.latitude is not None and location.longitude is not None:
            points[round(float(location.latitude), 6), round(float(location.longitude), 6)] = None
    return points
