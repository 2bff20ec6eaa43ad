"""A listing that may help somebody whom nobody could help before."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referrals.casefiles.models import OfClientRecord
from referrals.reports.models.follow_up import OfNeed
from referrals.reports.states import Cause


class AlertQuerySet(OfNeed):
    def unseen(self) -> Self:
        """Keep chances that nobody has looked at."""
        return self.filter(seen_at__isnull=True)

    def untold(self) -> Self:
        """Keep unseen chances of which no worker has been told."""
        return self.unseen().filter(told_at__isnull=True)


class UnmetAlert(OfClientRecord):
    """One chance: this service may meet that need since an instant."""

    need = models.ForeignKey("casefiles.Need", models.PROTECT, related_name="alerts")
    service = models.ForeignKey("catalogue.Service", models.PROTECT, related_name="+")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause)
    at = models.DateTimeField(_("since"))
    # The service is listed under a wider kind than the need asks for.
    is_broad = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                name="unmetalert_unseen", fields=["need"], condition=Q(seen_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="unmetalert_cause_is_known", condition=Q(cause__in=Cause.values)
            ),
            models.UniqueConstraint(
                name="unmetalert_once_per_cause", fields=["need", "service", "at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.service_id}"

    @property
    def data_key_id(self) -> str:
        """Name the client's key."""
        return self.need.client.key_id
