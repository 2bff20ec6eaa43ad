"""Messages that ask a provider, each with a secret link."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record
from directory.upkeep.models.check import VerificationTask
from directory.upkeep.states import RequestState

# Posts per link; a link that is used more often is being tried, not answered.
OPENS = 50


class RequestQuerySet(models.QuerySet["VerificationRequest"]):
    """Requests, narrowed."""

    def usable(self, *, at: object) -> Self:
        """Keep links that may still be answered."""
        return self.filter(
            state__in=[RequestState.SENT, RequestState.QUEUED, RequestState.ANSWERED],
            expires_at__gt=at,
            posts__lt=OPENS,
        )


class VerificationRequest(Record):
    """One message to one address on one day, for all listings of that address."""

    organization = models.ForeignKey(
        "catalogue.Organization", on_delete=models.PROTECT, related_name="verification_requests"
    )
    contact = models.ForeignKey(
        "catalogue.Contact", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # An HMAC: one message per address and day, without a second copy of the address.
    address_hash = models.CharField(max_length=32)
    channel = models.CharField(max_length=10)
    day = models.DateField()
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState, default=RequestState.QUEUED
    )
    posts = models.PositiveSmallIntegerField(default=0)
    # The name and role that the answering person gave, asked once per link.
    answered_by = models.CharField(max_length=100, blank=True)
    answered_role = models.CharField(max_length=100, blank=True)
    # Whether the address was a verification contact for 30 days when the message was made.
    is_known = models.BooleanField(default=False)
    expires_at = models.DateTimeField()

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "channel", "day"], name="one_message_per_address_and_day"
            ),
            models.CheckConstraint(
                name="request_state_is_known", condition=models.Q(state__in=RequestState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.day}"


class RequestLine(models.Model):
    """One listing in a message; a step of a check is asked exactly once."""

    request = models.ForeignKey(VerificationRequest, on_delete=models.PROTECT, related_name="lines")
    task = models.ForeignKey(VerificationTask, on_delete=models.PROTECT, related_name="lines")
    step = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "step"], name="one_line_per_task_and_step")
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.step}"
