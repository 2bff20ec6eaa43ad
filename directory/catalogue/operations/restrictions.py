"""The register: entering, lifting, and obeying it."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import Conflict
from directory.catalogue import guards, queries
from directory.catalogue.models import ListingRestriction, Service
from directory.catalogue.operations.batch import Batch
from directory.catalogue.states import (
    MatchKind,
    Reason,
    RestrictionKind,
    RestrictionState,
    State,
)


def enter(
    *,
    by: User,
    kind: str,
    match_kind: str,
    value: str,
    reason: str,
    requested_by: str,
    **details: Any,
) -> ListingRestriction:
    """Note that somebody does not want to be listed or contacted; it counts once it is active.

    Link holders and workers enter drafts, which a coordinator activates. `details` are label,
    area, channels, until.
    """
    kept = queries.match_value(match_kind, value)
    if not kept:
        raise guards.wrong("value", _("Say who is meant."), "missing_required")
    entry = ListingRestriction(
        kind=guards.cleaned(ListingRestriction, "kind", kind, "kind"),
        match_kind=guards.cleaned(ListingRestriction, "match_kind", match_kind, "match_kind"),
        match_value=kept,
        reason=reason,
        requested_by=requested_by,
        **details,
    )
    with audited(by=by, action="restriction.enter", on=entry, kind=kind):
        entry.save()
    return entry


def activate(entry: ListingRestriction, *, by: User) -> ListingRestriction:
    """Let an entry count; a listing that it bars is taken down at once."""
    by.must(Permission.RESTRICTION_EDIT)
    with audited(by=by, action="restriction.activate", on=entry):
        _move(entry, RestrictionState.DRAFT, RestrictionState.ACTIVE)
        if entry.kind == RestrictionKind.DO_NOT_LIST:
            for service in _barred(entry):
                _take_down(service, by=by)
    return entry


def lift(entry: ListingRestriction, *, by: User) -> ListingRestriction:
    """End an entry; what it took down is shown again by a moderator, not by itself."""
    by.must(Permission.RESTRICTION_EDIT)
    with audited(by=by, action="restriction.lift", on=entry):
        if entry.state == RestrictionState.LIFTED:
            raise Conflict(_("This entry was lifted already."))
        _move(entry, entry.state, RestrictionState.LIFTED)
    return entry


def _move(entry: ListingRestriction, old: str, new: str) -> None:
    moved = ListingRestriction.objects.filter(pk=entry.pk, state=old).update(state=new)
    if not moved:
        raise Conflict(_("Somebody was faster. Reload the register."))
    entry.state = new


def _barred(entry: ListingRestriction) -> list[Service]:
    """Return the active listings that an entry means."""
    listed = Service.objects.filter(state=State.ACTIVE).select_related("organization")
    if entry.match_kind == MatchKind.UID:
        listed = listed.filter(uid=entry.match_value) | listed.filter(
            organization__uid=entry.match_value
        )
    elif entry.match_kind == MatchKind.IDENTIFIER:
        listed = listed.filter(organization__identifiers__normalized=entry.match_value)
    found = []
    for service in listed.distinct():
        subject = queries.subject_of(service.organization, service)
        if any(row.pk == entry.pk for row in queries.restrictions_on(subject)):
            found.append(service)
    return found


def _take_down(service: Service, *, by: User) -> None:
    moved = Service.objects.filter(pk=service.pk, state=State.ACTIVE)
    if moved.update(state=State.SUSPENDED, state_reason=Reason.REFUSED):
        batch = Batch(by=by, event="suspend", reason="restriction:")
        batch.change(service, state=State.SUSPENDED, state_reason=Reason.REFUSED)
        batch.write()
