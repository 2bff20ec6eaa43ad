"""Who holds which role, where."""

from django.conf import settings
from django.db import models

from accounts.errors import PartnerBlocked, RoleReach, SeparationOfRoles
from accounts.models import Membership, User
from accounts.operations.audit import audited
from accounts.permissions import NETWORK_ROLES, SEPARATE_ROLES, Permission, Role
from accounts.signals import partner_activating
from core.jobs import now

PARTNER_ROLES = frozenset({Role.PARTNER_INTAKE, Role.PARTNER_EDITOR})


def grant(
    user: User, *, by: User, role: str, organization: models.Model | None = None
) -> Membership:
    """Give a role; it counts from the person's next request on."""
    by.must(Permission.USER_MANAGE)
    role = Role(role)
    if (role in NETWORK_ROLES) != (organization is None):
        raise RoleReach
    with audited(by=by, action="role.grant", on=user, role=role, organization=organization):
        # Locked, so that two administrators cannot give two separate roles at once.
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        _check_separation(user, role)
        membership = Membership.objects.create(
            user=user, role=role, organization_id=organization.pk if organization else None
        )
        if role in PARTNER_ROLES:
            _check_agreement(membership)
    user.__dict__.pop("held", None)
    return membership


def end(membership: Membership, *, by: User) -> None:
    """Take a role away; it stops counting with the person's next request."""
    by.must(Permission.USER_MANAGE)
    with audited(
        by=by,
        action="role.end",
        on=membership.user,
        role=membership.role,
        membership=membership,
    ):
        Membership.objects.current().filter(pk=membership.pk).update(ended_at=now())
    membership.user.__dict__.pop("held", None)


def _check_separation(user: User, role: Role) -> None:
    if settings.COMBINED_ADMIN_OK or role not in SEPARATE_ROLES:
        return
    if user.memberships.current().filter(role__in=SEPARATE_ROLES - {role}).exists():
        raise SeparationOfRoles


def _check_agreement(membership: Membership) -> None:
    """Ask above whether the partner may be let in: without an agreement no account goes live."""
    blockers: list[object] = []
    partner_activating.send(Membership, membership=membership, blockers=blockers)
    if blockers:
        raise PartnerBlocked(blockers)
