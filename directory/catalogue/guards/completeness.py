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
    """Return the codes of what a reader would miss, whoever listed the service."""
    return _for_the_record(service) + _for_readers(service)


def missing(service: Service) -> list[str]:
    """Return what stands against listing; a trusted source may leave all but the names open."""
    source = service.source
    if source is not None and source.trust != Trust.LOW:
        return _for_the_record(service)
    return gaps(service)


def _for_the_record(service: Service) -> list[str]:
    absent = []
    if service.organization.state != OrganizationState.LISTED:
        absent.append("organization_listed")
    if not service.name:
        absent.append("name")
    return absent


def _for_readers(service: Service) -> list[str]:
    absent = []
    terms = service.attributes.filter(link_type=LinkType.SERVICE_TYPE, term__isnull=False)
    leaves = terms.filter(term__children__isnull=True)
    if not (service.description or terms.exists()):
        absent.append("description_or_term")
    if not leaves.exists():
        absent.append("service_type")
    if not _is_reachable(service):
        absent.append("public_contact")
    if not _is_somewhere(service):
        absent.append("place_or_area")
    return absent


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
