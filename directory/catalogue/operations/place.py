"""Where a service is given, and whether it takes people there now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import NotPermitted
from core.jobs import now
from directory.catalogue import guards, signals
from directory.catalogue.models import Location, Service, ServiceAtLocation, ServiceCapacity
from directory.catalogue.operations.batch import Batch
from directory.catalogue.operations.writing import fill
from directory.catalogue.states import Availability, CoordSource, Group, Precision
from directory.geography.models import Area

# How long a word on free places is believed where no revisit policy says otherwise.
BELIEVED: Final = timedelta(days=30)
PRECISIONS: Final = list(Precision)


def add(
    service: Service, *, by: User, values: Mapping[str, Any], key: str = ""
) -> ServiceAtLocation:
    """Give a service a place: `location` is a Location, its uid, or the values of a new one."""
    _must_edit(service, by=by)
    given = dict(values)
    place = ServiceAtLocation(service=service)
    with audited(by=by, action="place.add", on=service) as record:
        batch = Batch(by=by, event="create", reason=f"place:{key}")
        place.location = _location(batch, service, given.pop("location", None), by=by)
        fill(batch, place, given, by=by)
        batch.write()
        record.meta["place"] = str(place.uid)
    place.refresh_from_db()
    return place


def _location(batch: Batch, service: Service, given: Any, *, by: User) -> Location:
    if isinstance(given, Location):
        return given
    if isinstance(given, Mapping):
        location = Location(organization=service.organization)
        fill(batch, location, dict(given), by=by)
        return location
    found: Location | None = guards.referred(Location, given, "location")
    if found is None:
        raise guards.wrong("location", _("Say where the service is given."), "missing_required")
    return found


def set_availability(
    place: ServiceAtLocation | Service,
    *,
    by: User,
    state: str,
    wait_days: int | None = None,
    expires_at: datetime | None = None,
    description: str = "",
) -> ServiceCapacity:
    """Record the provider's word on free places; the last word counts until it expires."""
    service = place if isinstance(place, Service) else place.service
    _must_edit(service, by=by, verifying=True)
    site = None if isinstance(place, Service) else place
    values = {
        "availability": guards.cleaned(ServiceCapacity, "availability", state, "availability"),
        "wait_days": wait_days,
        "expires_at": _until(state, expires_at),
        "description": description,
        "updated": now(),
    }
    with audited(by=by, action="place.availability", on=place, state=str(state)):
        row = ServiceCapacity.objects.filter(service=service, place=site, unit=None).first()
        batch = Batch(by=by, event="availability", reason="availability:")
        if row is None:
            row = ServiceCapacity(service=service, place=site, **values)
            batch.add(row)
        else:
            batch.change(row, **values)
        batch.write()
    return row


def _until(state: str, expires_at: datetime | None) -> datetime | None:
    if state == Availability.UNKNOWN:
        return None
    return expires_at or now() + BELIEVED


def expire_availability(row: ServiceCapacity, *, by: User) -> bool:
    """Forget a word on free places whose time is over, unless it was renewed meanwhile."""
    with audited(by=by, action="place.availability_expired", on=row.place or row.service):
        current = ServiceCapacity.objects.filter(pk=row.pk, expires_at=row.expires_at)
        if not current.update(expires_at=None):
            return False
        row.expires_at = None
        batch = Batch(by=by, event="availability", reason="availability:expired")
        batch.change(row, availability=Availability.UNKNOWN, wait_days=None)
        batch.write()
        _doubt_if_again(row)
    return True


def _doubt_if_again(row: ServiceCapacity) -> None:
    """Doubt a provider's word that ran out once before: nobody keeps it up to date."""
    expired = row.history.filter(history_change_reason="availability:expired").count()
    if expired > 1:
        signals.listing_doubted.send(
            ServiceCapacity,
            service=row.service,
            place=row.place,
            groups=[Group.AVAILABILITY],
            reason="capacity_expired",
            origin="system",
            weight=1,
            key=f"capacity:{row.uid}:{expired}",
        )


def locate(
    location: Location,
    *,
    by: User,
    latitude: Any,
    longitude: Any,
    precision: str,
    area: Area | None,
    coord_source: str,
) -> bool:
    """Keep what a geocoder found; never over a pin, never less precise than before."""
    with audited(by=by, action="place.locate", on=location, precision=precision):
        location.refresh_from_db()
        batch = Batch(by=by, event="locate", reason=f"locate:{coord_source}")
        values: dict[str, Any] = {"geocoded_at": now()}
        if _improves(location, precision):
            values |= {"precision": precision, "coord_source": coord_source}
            if latitude is not None:
                values |= {"latitude": latitude, "longitude": longitude, "coord_datum": "wgs84"}
        if location.area_id is None and area is not None:
            values["area"] = area
        moved = batch.change(location, **values)
        batch.write()
    return moved != {"geocoded_at"}


def _improves(location: Location, precision: str) -> bool:
    if location.protected or location.coord_source == CoordSource.PIN:
        return False
    return PRECISIONS.index(Precision(precision)) < PRECISIONS.index(Precision(location.precision))


def _must_edit(service: Service, *, by: User, verifying: bool = False) -> None:
    """Refuse whoever is neither the provider, nor of the directory, nor behind a checked link."""
    allowed = (
        by.is_system
        or by.is_guest
        or by.may(Permission.LISTING_MODERATE)
        or by.may(Permission.LISTING_IMPORT)
        or by.may(Permission.LISTING_EDIT, service.organization_id)
        or (verifying and by.may(Permission.LISTING_VERIFY))
    )
    if not allowed:
        raise NotPermitted
