"""In which capacity somebody acts on a listing: derived from who they are, never passed in."""

from accounts.models import User
from accounts.permissions import Permission
from directory.catalogue.models import Source
from directory.catalogue.states import Actor


def actors(by: User, organization_id: int, source: Source | None = None) -> frozenset[Actor]:
    """Return the capacities of a user at an organization's listing; imports name their source."""
    if by.is_guest:
        # Only code that has checked a secret link acts as the guest.
        return frozenset({Actor.LINK})
    found: set[Actor] = set()
    if source is not None and by.may(Permission.LISTING_IMPORT):
        found.add(Actor.IMPORT)
    if by.is_system:
        return frozenset({*found, Actor.SYSTEM})
    if by.may(Permission.LISTING_MODERATE):
        found.add(Actor.MODERATOR)
    if by.may(Permission.LISTING_EDIT, organization_id):
        found.add(Actor.OWNER)
    if by.may(Permission.LISTING_VERIFY):
        found.add(Actor.VERIFIER)
    return frozenset(found)
