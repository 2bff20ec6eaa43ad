"""Which public records the parameters of an HSDS request mean."""

from typing import ClassVar, Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from directory.catalogue import queries as catalogue
from directory.catalogue.models import (
    Organization,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from directory.catalogue.states import MEASURED
from directory.exchange.api.parameters import FARTHEST_M, Parameters, wrong
from directory.exchange.exports.shelf import ANYBODY
from directory.geography.coordinates import Point, box_around, meters_between
from directory.geography.models import Area, Postcode
from search import queries as search

COMMON: Final = ("page", "per_page", "perPage", "format", "search", "lang")
TERMS: Final = ("taxonomy_term_id", "taxonomy_id")
PLACES: Final = ("lat", "lon", "radius_m", "bbox", "postcode", "proximity", "admin_code")
SERVICES: Final = (
    *COMMON,
    *TERMS,
    *PLACES,
    *("organization_id", "modified_after", "minimal", "full"),
    *("language", "minimum_age", "maximum_age"),
)
ORGANIZATIONS: Final = (*COMMON, *TERMS, "full", "full_service", "modified_after")
SEVERAL: Final = (*TERMS, "organization_id", "language", "admin_code", "bbox")
DEFAULT_PROXIMITY_M: Final = 5_000


class PostcodeUnknown(DomainError):
    """Nobody knows where this postcode is."""

    code: ClassVar[str] = "postcode_unknown"
    status: ClassVar[int] = 422


def services(asked: Parameters) -> QuerySet[Service]:
    """Return public services, the least recently changed first: what changes moves behind."""
    rows: QuerySet[Service] = Service.objects.visible_to(ANYBODY)
    if words := asked.search():
        rows = rows.filter(pk__in=search.matching_ids(words, by=ANYBODY))
    if asked.has(*TERMS):
        rows = rows.filter(attributes__term__in=_terms(asked)).distinct()
    if ids := asked.uuids("organization_id"):
        rows = rows.filter(organization__uid__in=ids)
    if since := asked.instant("modified_after"):
        rows = rows.filter(last_modified__gte=since)
    rows = _by_age(rows, asked)
    if languages := asked.many("language"):
        rows = rows.filter(_speaking(languages)).distinct()
    rows = _by_area(rows, asked)
    rows = _by_place(rows, asked)
    joined = rows.select_related("organization__parent", "program")
    return joined.order_by("last_modified", "pk")


def organizations(asked: Parameters) -> QuerySet[Organization]:
    """Return public organizations, in the same order."""
    rows: QuerySet[Organization] = Organization.objects.visible_to(ANYBODY)
    if words := asked.search():
        found = search.matching_ids(words, by=ANYBODY)
        rows = rows.filter(Q(services__in=found) | Q(name__icontains=words)).distinct()
    if asked.has(*TERMS):
        terms = _terms(asked)
        held = Service.objects.visible_to(ANYBODY).filter(attributes__term__in=terms)
        rows = rows.filter(
            Q(attributes__term__in=terms) | Q(pk__in=held.values("organization"))
        ).distinct()
    if since := asked.instant("modified_after"):
        rows = rows.filter(last_modified__gte=since)
    return rows.select_related("parent").order_by("last_modified", "pk")


def _terms(asked: Parameters) -> QuerySet[TaxonomyTerm]:
    """Return the terms meant: those named with everything below, or a whole vocabulary."""
    found = TaxonomyTerm.objects.all()
    if ids := asked.uuids("taxonomy_term_id"):
        found = found.under(TaxonomyTerm.objects.filter(uid__in=ids))
    if ids := asked.uuids("taxonomy_id"):
        found = found.filter(taxonomy__uid__in=ids)
    return found


def _by_age(rows: QuerySet[Service], asked: Parameters) -> QuerySet[Service]:
    """Keep services whose ages overlap with those asked for; no limit overlaps with all."""
    low, high = asked.number("minimum_age", 0, 999), asked.number("maximum_age", 0, 999)
    if low is not None and high is not None and low > high:
        raise wrong("maximum_age", str(_("The highest age is below the lowest.")))
    if low is not None:
        rows = rows.filter(Q(maximum_age=None) | Q(maximum_age__gte=low))
    if high is not None:
        rows = rows.filter(Q(minimum_age=None) | Q(minimum_age__lte=high))
    return rows


def _speaking(languages: list[str]) -> Q:
    spoken = Q()
    for each in languages:
        for path in ("languages", "places__location__languages"):
            spoken |= Q(**{f"{path}__code__iexact": each}) | Q(**{f"{path}__name__iexact": each})
    return spoken


def _by_area(rows: QuerySet[Service], asked: Parameters) -> QuerySet[Service]:
    """Keep services that serve an area, or stand in it."""
    codes = asked.many("admin_code")
    if not codes:
        return rows
    held = Q(pk__in=[])
    for area in Area.objects.filter(code__in=codes):
        held |= Q(places__in=_standing(area)) | _serving(area)
    return rows.filter(held).distinct()


def _standing(area: Area) -> QuerySet[ServiceAtLocation]:
    return _open_places().filter(location__area__path__startswith=area.path)


def _serving(area: Area) -> Q:
    return (
        Q(service_areas__areas__path__startswith=area.path)
        | Q(service_areas__areas__code__in=area.codes)
        | Q(service_areas__nationwide=True)
    )


def _open_places() -> QuerySet[ServiceAtLocation]:
    """Return places that may be found by where they are: never protected ones."""
    places: QuerySet[ServiceAtLocation] = ServiceAtLocation.objects.active().visible_to(ANYBODY)
    return places.filter(location__protected=False)


def _by_place(rows: QuerySet[Service], asked: Parameters) -> QuerySet[Service]:
    """Keep services with a measured place in the window, or within the distance."""
    if box := asked.box():
        inside = _open_places().filter(
            location__precision__in=MEASURED,
            location__latitude__range=(box.south, box.north),
            location__longitude__range=(box.west, box.east),
        )
        rows = rows.filter(places__in=inside).distinct()
    point, radius = asked.point(), asked.number("radius_m", 1, FARTHEST_M)
    if (radius is not None) and point is None:
        raise wrong("radius_m", str(_("A distance needs lat and lon.")))
    if point is not None:
        rows = rows.filter(pk__in=_within(point, radius or DEFAULT_PROXIMITY_M))
    return _by_postcode(rows, asked)


def _within(point: Point, radius: float) -> set[int]:
    box = box_around(point, radius)
    near = _open_places().filter(
        location__precision__in=MEASURED,
        location__latitude__range=(box.south, box.north),
        location__longitude__range=(box.west, box.east),
    )
    found = near.values_list("service", "location__latitude", "location__longitude")
    return {
        service
        for service, lat, lon in found
        if lat is not None
        and lon is not None
        and meters_between(point, Point(float(lat), float(lon))) <= radius
    }


def _by_postcode(rows: QuerySet[Service], asked: Parameters) -> QuerySet[Service]:
    """Keep services near a postcode; one that says whom it serves must serve it."""
    code = asked.one("postcode")
    radius = asked.number("proximity", 1, FARTHEST_M)
    if not code:
        if radius is not None:
            raise wrong("proximity", str(_("A distance needs a postcode.")))
        return rows
    point = catalogue.postcode_point(settings.COUNTRY, code)
    if point is None:
        raise PostcodeUnknown(_("It is not known where this postcode is."))
    center = Point(float(point.lat), float(point.lon))
    rows = rows.filter(pk__in=_within(center, radius or DEFAULT_PROXIMITY_M))
    known = Postcode.objects.filter(country=settings.COUNTRY, code=code).select_related("area")
    row = known.first()
    if row is None or row.area is None:
        return rows
    return rows.filter(Q(service_areas=None) | _serving(row.area)).distinct()
