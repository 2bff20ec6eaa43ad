"""What the product tells people outside the page they are looking at."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core.crypto import EncryptedJSONField
from core.jobs import now
from core.models import Record


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")
    SMS = "sms", _("Text message")
    PAGE = "page", _("Notice on the page")
    ROBOT = "robot", _("Group chat")


class Delivery(models.TextChoices):
    QUEUED = "queued", _("waits to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class MessageQuerySet(models.QuerySet["Message"]):
    def to_send(self) -> Self:
        """Keep what is due, and what a killed sender left behind, oldest first."""
        waiting = Q(state=Delivery.QUEUED, next_try_at__lte=now())
        left_behind = Q(state=Delivery.SENDING, next_try_at__lte=now())
        return self.filter(waiting | left_behind).order_by("next_try_at", "pk")

    def notices_of(self, user: User) -> Self:
        """Keep what a person finds on the page 通知, newest first."""
        return self.filter(channel=Channel.PAGE, recipient=user).order_by("-created_at", "-pk")


class Message(Record):
    """One message to one recipient by one channel; its body is sealed and names no client."""

    key = models.CharField(max_length=200)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    recipient = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    # Of the address, or of the user: what makes a second message about the same event impossible.
    recipient_ref = models.CharField(max_length=32)
    template = models.CharField(_("template"), max_length=60)
    client_ref = models.CharField(max_length=32, blank=True, db_index=True)
    # to, subject, text, link
    body = EncryptedJSONField()

    state = models.CharField(_("state"), max_length=7, choices=Delivery, default=Delivery.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # While it is being sent this is the end of the sender's lease.
    next_try_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    error = models.CharField(_("error"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        constraints = [
            models.CheckConstraint(
                name="message_channel_is_known", condition=Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(
                name="message_state_is_known", condition=Q(state__in=Delivery.values)
            ),
            models.UniqueConstraint(
                name="message_is_sent_once", fields=["key", "channel", "recipient_ref"]
            ),
        ]
        indexes = [
            models.Index(
                name="message_to_send",
                fields=["next_try_at"],
                condition=Q(state__in=[Delivery.QUEUED, Delivery.SENDING]),
            ),
            models.Index(name="message_notices", fields=["recipient", "channel", "read_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.channel})"
