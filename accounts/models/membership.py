"""What a person is, and where."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from accounts.permissions import NETWORK_ROLES, Role
from core.models import Record


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Keep what is held today."""
        return self.filter(ended_at__isnull=True)


class Membership(Record):
    """One role of one user in one organization, or in the whole network."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(
        "catalogue.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("organization"),
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    # Ended, not deleted: cases and referrals keep pointing at who held them.
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_role_is_known", condition=Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="membership_reaches_as_its_role_says",
                condition=Q(organization__isnull=True, role__in=sorted(NETWORK_ROLES))
                | Q(organization__isnull=False) & ~Q(role__in=sorted(NETWORK_ROLES)),
            ),
            models.UniqueConstraint(
                name="membership_is_held_once",
                fields=["user", "organization", "role"],
                condition=Q(ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="membership_of_the_network_is_held_once",
                fields=["user", "role"],
                condition=Q(ended_at__isnull=True, organization__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
