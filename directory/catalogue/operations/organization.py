"""Organizations and programs: entered, admitted, suspended, excluded."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import Conflict, NotPermitted
from directory.catalogue import guards
from directory.catalogue.models import Location, Organization, Program, Source
from directory.catalogue.operations.batch import Batch
from directory.catalogue.operations.writing import fill
from directory.catalogue.states import ORGANIZATION_TABLE, OrganizationEvent, transition

DEEPEST: Final = 10


def enter(
    *, by: User, values: Mapping[str, Any], source: Source | None = None, key: str = ""
) -> Organization:
    """Enter an organization as a candidate; its services are shown once it is admitted."""
    if not (by.is_system or by.is_guest or _is_of_the_directory(by)):
        raise NotPermitted
    organization = Organization(source=source)
    if not values.get("name"):
        raise guards.wrong("name", _("Give the organization a name."), "missing_required")
    with audited(by=by, action="organization.enter", on=organization):
        batch = Batch(by=by, event="create", reason=f"create:{key}")
        fill(batch, organization, dict(values), by=by)
        _must_not_circle(organization)
        batch.write()
    organization.refresh_from_db()
    return organization


def add_program(
    organization: Organization, *, by: User, values: Mapping[str, Any], key: str = ""
) -> Program:
    """Give an organization a program, under whose name it runs services."""
    if not (by.is_system or by.may(Permission.LISTING_MODERATE)):
        by.must(Permission.LISTING_EDIT, organization)
    program = Program(organization=organization)
    with audited(by=by, action="organization.program", on=organization):
        batch = Batch(by=by, event="create", reason=f"program:{key}")
        fill(batch, program, dict(values), by=by)
        batch.write()
    program.refresh_from_db()
    return program


def add_location(
    organization: Organization, *, by: User, values: Mapping[str, Any], key: str = ""
) -> Location:
    """Give an organization a location, at which its services can be placed."""
    if not (by.is_system or by.may(Permission.LISTING_MODERATE)):
        by.must(Permission.LISTING_EDIT, organization)
    location = Location(organization=organization)
    with audited(by=by, action="organization.location", on=organization):
        batch = Batch(by=by, event="create", reason=f"location:{key}")
        fill(batch, location, dict(values), by=by)
        batch.write()
    location.refresh_from_db()
    return location


def admit(organization: Organization, *, by: User, source: Source | None = None) -> Organization:
    """List a candidate: from now on its services may be shown."""
    return _move(organization, OrganizationEvent.ADMIT, by=by, source=source)


def suspend(organization: Organization, *, by: User, note: str) -> Organization:
    """Hide an organization with all its services for a time."""
    return _move(organization, OrganizationEvent.SUSPEND, by=by, note=note)


def resume(organization: Organization, *, by: User) -> Organization:
    """Show a suspended organization again."""
    return _move(organization, OrganizationEvent.RESUME, by=by)


def exclude(organization: Organization, *, by: User, note: str) -> Organization:
    """Keep an organization out of the directory for good; its records stay on file."""
    return _move(organization, OrganizationEvent.EXCLUDE, by=by, note=note)


def _move(
    organization: Organization,
    event: str,
    *,
    by: User,
    note: str = "",
    source: Source | None = None,
) -> Organization:
    capacities = guards.actors(by, organization.pk, source)
    row = transition(ORGANIZATION_TABLE, event, organization.state, capacities)
    if "note" in row.needs and not note.strip():
        raise guards.wrong("note", _("Say why."), "missing_required")
    with audited(by=by, action=f"organization.{event}", on=organization):
        moved = Organization.objects.filter(pk=organization.pk, state=organization.state)
        if not moved.update(state=row.target, state_reason=note.strip()):
            raise Conflict(_("Somebody was faster. Reload to see where the organization stands."))
        batch = Batch(by=by, event=event, reason=f"{event}:")
        batch.change(organization, state=row.target, state_reason=note.strip())
        batch.write()
    organization.refresh_from_db()
    return organization


def _is_of_the_directory(by: User) -> bool:
    return (
        by.may(Permission.LISTING_MODERATE)
        or by.may(Permission.LISTING_VERIFY)
        or by.may(Permission.LISTING_IMPORT)
    )


def _must_not_circle(organization: Organization) -> None:
    """Refuse a parent that hangs on the organization itself, or a tree that is too deep."""
    above, steps = organization.parent, 0
    while above is not None:
        steps += 1
        if steps > DEEPEST or (organization.pk and above.pk == organization.pk):
            raise guards.wrong("parent", _("An organization cannot stand above itself."))
        above = above.parent
