"""Who stands on either side of a referral."""

from collections.abc import Sequence

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import GRANTS, Permission
from directory.catalogue.models import Organization
from referrals.handoffs.models import Referral

INTAKE = sorted(role for role in GRANTS if Permission.REFERRAL_ANSWER in GRANTS[role])
SENDING = sorted(role for role in GRANTS if Permission.REFERRAL_SEND in GRANTS[role])
APPROVING = sorted(role for role in GRANTS if Permission.REFERRAL_APPROVE in GRANTS[role])
COORDINATING = sorted(role for role in GRANTS if Permission.REFERRAL_COORDINATE in GRANTS[role])


def holders(roles: Sequence[str], organization: int | None = None) -> QuerySet[User]:
    """Return active people who hold one of the roles, in one organization or in the network."""
    return User.objects.filter(
        is_active=True,
        memberships__role__in=roles,
        memberships__ended_at=None,
        memberships__organization=organization,
    ).distinct()


def approvers(referral: Referral) -> QuerySet[User]:
    """Return who may approve for the sender."""
    return holders(APPROVING, referral.sender_org_id)


def coordinators() -> QuerySet[User]:
    """Return the coordinators of the network."""
    return holders(COORDINATING)


def people(referral: Referral, *, sending: bool) -> QuerySet[User]:
    """Return the colleagues that a referral may be given to on one side."""
    if sending:
        return holders(SENDING, referral.sender_org_id)
    return holders(INTAKE, referral.recipient_org_id)


def people_in_charge(referral: Referral) -> QuerySet[User]:
    """Return whom the recipient's news go to: the person in charge, else the whole intake."""
    if referral.assigned_to_id is not None:
        return User.objects.filter(pk=referral.assigned_to_id, is_active=True)
    if referral.recipient_org_id is None:
        return User.objects.none()
    return holders(INTAKE, referral.recipient_org_id)


def is_on_platform(organization: Organization | None) -> bool:
    """Say whether somebody of the organization answers by account."""
    return organization is not None and holders(INTAKE, organization.pk).exists()


def answers(user: User) -> bool:
    """Say whether the user answers referrals anywhere."""
    return user.may(Permission.REFERRAL_ANSWER)


def office_phone(organization: Organization) -> str:
    """Return the number under which an organization is called."""
    # All of them: lists bring them along.
    phones = sorted(organization.phones.all(), key=lambda phone: phone.pk)
    return str(phones[0].number) if phones else ""
