"""What a listing needs before readers may be sent to it."""

from django.db.models import Q

from directory.catalogue.models import Location, Phone, Service, ServiceAtLocation
from directory.catalogue.states import (
    Audience,
    LinkType,
    LocationType,
    OrganizationState,
    PlaceState,
    Trust,
)


def gaps(service: Service) -> list[str]:
    """Return the codes of what is missing; a trusted source may leave all but the names open."""
    organization = service.organization
    missing = []
    if organization.state != OrganizationState.LISTED:
        missing.append("organization_listed")
    if not service.name:
        missing.append("name")
    source = service.source
    if source is not None and source.trust != Trust.LOW:
        return missing
    return missing + _for_readers(service)


def _for_readers(service: Service) -> list[str]:
    missing = []
    terms = service.attributes.filter(link_type=LinkType.SERVICE_TYPE, term__isnull=False)
    leaves = terms.filter(term__children__isnull=True)
    if not (service.description or terms.exists()):
        missing.append("description_or_term")
    if not leaves.exists():
        missing.append("service_type")
    if not _is_reachable(service):
        missing.append("public_contact")
    if not _is_somewhere(service):
        missing.append("place_or_area")
    return missing


def _is_reachable(service: Service) -> bool:
    """Say whether the public has a phone, an address on the web, or a door to knock at."""
    organization = service.organization
    if service.email or service.url or organization.website or organization.email:
        return True
    places = ServiceAtLocation.objects.filter(service=service, state=PlaceState.ACTIVE)
    phones = Phone.objects.filter(audience=Audience.PUBLIC).filter(
        Q(service=service)
        | Q(organization=organization)
        | Q(service_at_location__in=places)
        | Q(location__in=places.values("location"))
    )
    return phones.exists() or (
        places.filter(location__protected=False, location__addresses__isnull=False).exists()
    )


def _is_somewhere(service: Service) -> bool:
    """Say whether the service has a place with point or area, or is remote."""
    here = Location.objects.filter(
        places__service=service, places__state=PlaceState.ACTIVE, places__deleted_at__isnull=True
    )
    known = Q(latitude__isnull=False) | Q(area__isnull=False)
    return (
        here.filter(known | Q(location_type=LocationType.VIRTUAL)).exists()
        or service.service_areas.exists()
    )
