"""Which audiences a reader belongs to; the querysets of all tables ask here."""

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.permissions import Permission, Role
from directory.catalogue.states import Audience

Reader: TypeAlias = User | AnonymousUser

PARTNERS = frozenset({Role.PARTNER_INTAKE, Role.PARTNER_EDITOR})


def audiences(user: Reader) -> list[Audience]:
    """Return what the reader is let into: partners see less than staff, visitors least."""
    if not isinstance(user, User):
        return [Audience.PUBLIC]
    roles = {held.role for held in user.held}
    if user.is_system or roles - PARTNERS:
        return [Audience.PUBLIC, Audience.PARTNER, Audience.STAFF]
    return [Audience.PUBLIC, Audience.PARTNER] if roles else [Audience.PUBLIC]


def is_moderator(user: Reader) -> bool:
    """Say whether the reader decides on listings and so sees them in every state."""
    return isinstance(user, User) and user.may(Permission.LISTING_MODERATE)


def own_organizations(user: Reader) -> set[int]:
    """Return the organizations the reader belongs to: their listings are seen in every state."""
    if not isinstance(user, User):
        return set()
    return {held.organization_id for held in user.held if held.organization_id is not None}


def edited_organizations(user: Reader) -> set[int]:
    """Return the organizations whose listings the reader may edit."""
    if not isinstance(user, User):
        return set()
    return user.organization_ids(Permission.LISTING_EDIT) or set()
