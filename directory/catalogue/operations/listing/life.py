"""The arrows of a service and of a place; nothing else writes their state."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from core.errors import Conflict
from core.jobs import today
from directory.catalogue import guards, queries
from directory.catalogue.errors import IncompleteListing, Restricted
from directory.catalogue.models import Organization, Service, ServiceAtLocation, Source
from directory.catalogue.operations import place
from directory.catalogue.operations.batch import Batch
from directory.catalogue.operations.writing import fill
from directory.catalogue.states import (
    PLACE_TABLE,
    SERVICE_TABLE,
    Event,
    Reason,
    Transition,
    transition,
)

Listing = Service | ServiceAtLocation
# Columns that a state brings along; a move clears those it does not set.
COMPANIONS: Final = ("state_reason", "state_note", "back_on", "closed_on")


def submit(
    organization: Organization,
    *,
    by: User,
    values: Mapping[str, Any],
    places: Iterable[Mapping[str, Any]] = (),
    source: Source | None = None,
    key: str = "",
) -> Service:
    """Make a draft that a moderator will look at; the provider's register of refusals is asked."""
    service = Service(organization=organization, source=source)
    transition(SERVICE_TABLE, Event.SUBMIT, None, guards.actors(by, organization.pk, source))
    if not values.get("name"):
        raise guards.wrong("name", _("Give the service a name."), "missing_required")
    with audited(by=by, action="listing.submit", on=service):
        _must_not_be_barred(organization)
        batch = Batch(by=by, event=Event.SUBMIT, reason=f"submit:{key}")
        fill(batch, service, dict(values), by=by)
        batch.write()
        for values_of_place in places:
            place.add(service, by=by, values=values_of_place, key=key)
    service.refresh_from_db()
    return service


def publish(
    service: Service,
    *,
    by: User,
    source: Source | None = None,
    expected_version: int | None = None,
) -> Service:
    """Show a draft to its audience, once it says what readers need to know."""
    row = _arrow(service, Event.LIST, by=by, source=source)
    with audited(by=by, action="listing.list", on=service):
        _must_be_complete(service)
        _must_not_be_barred(service.organization, service)
        _move(service, row, by=by, expected=expected_version, listed_on=today())
    return service


def reject(
    service: Service, *, by: User, note: str, expected_version: int | None = None
) -> Service:
    """Turn a draft down; the note tells its author what to mend."""
    row = _arrow(service, Event.REJECT, by=by)
    with audited(by=by, action="listing.reject", on=service):
        _move(service, row, by=by, expected=expected_version, state_note=_said(note))
    return service


def revise(service: Service, *, by: User, expected_version: int | None = None) -> Service:
    """Take a rejected draft up again."""
    row = _arrow(service, Event.REVISE, by=by)
    with audited(by=by, action="listing.revise", on=service):
        _move(service, row, by=by, expected=expected_version)
    return service


def pause(
    listing: Listing,
    *,
    by: User,
    back_on: date | None,
    source: Source | None = None,
    expected_version: int | None = None,
) -> Listing:
    """Take a listing out of the search for as long as its provider is away."""
    row = _arrow(listing, Event.PAUSE, Reason.PROVIDER_BREAK, by=by, source=source)
    if back_on is not None and back_on <= today():
        raise guards.wrong("back_on", _("The day of return has to be in the future."), "bad_date")
    with audited(by=by, action="listing.pause", on=listing):
        _move(
            listing, row, by=by, expected=expected_version,
            state_reason=Reason.PROVIDER_BREAK, back_on=back_on,
        )  # fmt: skip
    return listing


def suspend(
    listing: Listing,
    *,
    by: User,
    reason: str,
    note: str = "",
    source: Source | None = None,
    expected_version: int | None = None,
) -> Listing:
    """Hide a listing that should not be relied on; it stays on file for workers."""
    row = _arrow(listing, Event.SUSPEND, reason, by=by, source=source)
    with audited(by=by, action="listing.suspend", on=listing, reason=str(reason)):
        _move(listing, row, by=by, expected=expected_version, state_reason=reason, state_note=note)
    return listing


def lapse(
    listing: Listing, *, by: User, reason: str, expected_version: int | None = None
) -> Listing:
    """Hide a listing that nobody confirmed in time; it is never deleted for that."""
    row = _arrow(listing, Event.LAPSE, reason, by=by)
    with audited(by=by, action="listing.lapse", on=listing, reason=str(reason)):
        _move(listing, row, by=by, expected=expected_version, state_reason=reason)
    return listing


def resume(
    listing: Listing,
    *,
    by: User,
    source: Source | None = None,
    expected_version: int | None = None,
) -> Listing:
    """Show a listing again; who may do so depends on why it was hidden."""
    row = _arrow(listing, Event.RESUME, listing.state_reason, by=by, source=source)
    with audited(by=by, action="listing.resume", on=listing):
        if isinstance(listing, Service):
            _must_be_complete(listing)
        _move(listing, row, by=by, expected=expected_version)
    return listing


def close(
    listing: Listing,
    *,
    by: User,
    note: str,
    closed_on: date | None = None,
    source: Source | None = None,
    expected_version: int | None = None,
) -> Listing:
    """End a listing; its page stays and names alternatives, its contact data go."""
    row = _arrow(listing, Event.CLOSE, by=by, source=source)
    with audited(by=by, action="listing.close", on=listing):
        _move(
            listing, row, by=by, expected=expected_version,
            state_note=_said(note), closed_on=closed_on or today(),
        )  # fmt: skip
    return listing


def reopen(
    listing: Listing,
    *,
    by: User,
    source: Source | None = None,
    expected_version: int | None = None,
) -> Listing:
    """Begin again: a service as a draft to be checked, a place as it was."""
    row = _arrow(listing, Event.REOPEN, by=by, source=source)
    with audited(by=by, action="listing.reopen", on=listing):
        _move(listing, row, by=by, expected=expected_version)
    return listing


def _arrow(
    listing: Listing, event: Event, reason: str = "", *, by: User, source: Source | None = None
) -> Transition:
    service = listing if isinstance(listing, Service) else listing.service
    table = SERVICE_TABLE if isinstance(listing, Service) else PLACE_TABLE
    capacities = guards.actors(by, service.organization_id, source)
    return transition(table, event, listing.state, capacities, reason)


def _move(
    listing: Listing, row: Transition, *, by: User, expected: int | None, **values: Any
) -> None:
    """Take an arrow in one statement: of two people who act at once, one wins."""
    columns = {"state_reason": "", "state_note": "", "back_on": None, "closed_on": None}
    columns |= {"state": row.target} | values
    rows = type(listing).objects.filter(pk=listing.pk, state=listing.state)
    if expected is not None:
        rows = rows.filter(version=expected)
    if not rows.update(**columns):
        raise Conflict(_("Somebody was faster. Reload to see where the listing stands."))
    batch = Batch(by=by, event=row.event, reason=f"{row.event}:{values.get('state_reason', '')}")
    batch.change(listing, **columns)
    batch.write()
    listing.refresh_from_db()


def _must_be_complete(service: Service) -> None:
    absent = guards.missing(service)
    if absent:
        raise IncompleteListing(
            _("The listing is not complete yet."),
            errors=[{"field": code, "code": code, "message": code} for code in absent],
        )


def _must_not_be_barred(organization: Organization, service: Service | None = None) -> None:
    """Refuse whoever asked not to be listed, also under a new record of the same body."""
    if not queries.may_list(queries.subject_of(organization, service)):
        raise Restricted(_("This provider asked not to be listed. See the register."))


def _said(note: str) -> str:
    if not note.strip():
        raise guards.wrong("note", _("Say why."), "missing_required")
    return note.strip()
