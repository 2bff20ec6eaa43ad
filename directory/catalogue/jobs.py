"""What the catalogue does unattended."""

from datetime import timedelta

from accounts import queries as accounts
from accounts.operations import schedule
from core.jobs import job, now, today
from directory.catalogue import queries
from directory.catalogue.models import Location, Service, ServiceAtLocation, ServiceCapacity
from directory.catalogue.operations import feed, listing, place
from directory.catalogue.states import CoordSource, PlaceState, Reason, State
from directory.geography import operations as geography
from directory.geography.states import AnswerStatus, ProviderKind, Purpose

# Asked in one run; a provider's own limit a day may end it sooner.
LOOKED_UP = 50


@job(every=timedelta(minutes=10))
def expire_availability() -> int:
    """Let words on free places end at their time."""
    due = ServiceCapacity.objects.filter(expires_at__lte=now()).order_by("expires_at", "pk")
    return schedule.each(
        "catalogue.expire_availability",
        due,
        lambda row: place.expire_availability(row, by=accounts.system()),
    )


@job(every=timedelta(days=1))
def resume_pauses() -> int:
    """Show listings again whose provider planned to be back."""
    services = Service.objects.filter(
        state=State.SUSPENDED, state_reason=Reason.PROVIDER_BREAK, back_on__lte=today()
    )
    places = ServiceAtLocation.objects.filter(
        state=PlaceState.SUSPENDED, state_reason=Reason.PROVIDER_BREAK, back_on__lte=today()
    )
    done = schedule.each("catalogue.resume_pauses", services.order_by("pk"), _resume)
    return done + schedule.each("catalogue.resume_places", places.order_by("pk"), _resume)


def _resume(row: Service | ServiceAtLocation) -> None:
    listing.resume(row, by=accounts.system())


@job(every=timedelta(seconds=10))
def seal_changes() -> int:
    """Give numbers to what was written since, so that readers of the feed see it."""
    return feed.seal(by=accounts.system())


@job(every=timedelta(days=1))
def drop_old_changes() -> int:
    """Forget lines of the feed that are older than it promises."""
    return feed.drop_old(by=accounts.system())


@job(every=timedelta(minutes=5))
def geocode_pending() -> int:
    """Look up addresses without a point; no transaction is open while a geocoder is asked."""
    found = 0
    for location in queries.to_geocode(LOOKED_UP):
        status = _look_up(location)
        if status == AnswerStatus.UNAVAILABLE:
            break
        found += status == AnswerStatus.FOUND
    return found


def _look_up(location: Location) -> str:
    address = next(iter(location.addresses.all()))
    answer = geography.locate(
        queries.geocoding_text(address), area=location.area, purpose=Purpose.LISTING
    )
    if answer.status != AnswerStatus.UNAVAILABLE:
        place.locate(
            location,
            by=accounts.system(),
            latitude=answer.lat,
            longitude=answer.lon,
            precision=answer.precision,
            area=answer.area,
            coord_source=_origin(answer.source),
        )
    return answer.status


def _origin(source: str) -> str:
    if source in ProviderKind.values:
        return CoordSource.PROVIDER
    return source if source in CoordSource.values else CoordSource.AREA
