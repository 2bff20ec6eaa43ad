"""Two listings of one service become one; the old address leads to the survivor."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import Conflict
from directory.catalogue import guards
from directory.catalogue.models import Redirect, Service
from directory.catalogue.operations.batch import Batch
from directory.catalogue.states import SERVICE_TABLE, Event, State, transition


def merge(loser: Service, survivor: Service, *, by: User) -> Service:
    """Fold a duplicate into the listing that stays; every old address ends at the survivor."""
    by.must(Permission.LISTING_MERGE)
    row = transition(
        SERVICE_TABLE, Event.MERGE, loser.state, guards.actors(by, loser.organization_id)
    )
    if loser.pk == survivor.pk or survivor.state == State.MERGED:
        raise Conflict(_("The listing that stays has been merged itself."))
    with audited(by=by, action="listing.merge", on=loser, survivor=str(survivor.uid)):
        # In the order of their keys, so that A into B and B into A cannot both win.
        for one in sorted((loser, survivor), key=lambda service: service.pk):
            Service.objects.select_for_update(of=("self",)).get(pk=one.pk)
        _still(survivor)
        moved = Service.objects.filter(pk=loser.pk, state=loser.state)
        if not moved.update(state=row.target, merged_into=survivor, state_reason=""):
            raise Conflict(_("Somebody was faster. Reload to see where the listing stands."))
        Redirect.objects.filter(table="service", new_uid=loser.uid).update(new_uid=survivor.uid)
        Redirect.objects.create(table="service", old_uid=loser.uid, new_uid=survivor.uid)
        batch = Batch(by=by, event=Event.MERGE, reason=f"merge:{survivor.uid}")
        batch.merged(loser, survivor)
        batch.change(loser, state=row.target, merged_into=survivor, state_reason="", back_on=None)
        batch.write()
    loser.refresh_from_db()
    return survivor


def unmerge(loser: Service, *, by: User, state: str, reason: str = "") -> Service:
    """Take a merge back: the listing gets its own page and the state it had."""
    by.must(Permission.LISTING_MERGE)
    transition(SERVICE_TABLE, Event.UNMERGE, loser.state, guards.actors(by, loser.organization_id))
    with audited(by=by, action="listing.unmerge", on=loser):
        moved = Service.objects.filter(pk=loser.pk, state=State.MERGED)
        if not moved.update(state=state, merged_into=None, state_reason=reason):
            raise Conflict(_("Somebody was faster. Reload to see where the listing stands."))
        Redirect.objects.filter(table="service", old_uid=loser.uid).delete()
        batch = Batch(by=by, event=Event.UNMERGE, reason="unmerge:")
        batch.change(loser, state=state, merged_into=None, state_reason=reason)
        batch.write()
    loser.refresh_from_db()
    return loser


def _still(survivor: Service) -> None:
    if Service.objects.filter(pk=survivor.pk, state=State.MERGED).exists():
        raise Conflict(_("The listing that stays has been merged itself."))
