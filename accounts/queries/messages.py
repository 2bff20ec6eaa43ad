"""What was sent, and what somebody has not read yet."""

from django.db.models import QuerySet

from accounts.models import Channel, Message, User


def outbox() -> QuerySet[Message]:
    """Return what left the house or is about to, newest first."""
    sent = Message.objects.exclude(channel=Channel.PAGE).select_related("recipient")
    return sent.order_by("-created_at", "-pk")


def notices(user: User) -> QuerySet[Message]:
    """Return the notices of a person, newest first."""
    return Message.objects.notices_of(user)


def unread(user: User) -> int:
    """Count the notices that a person has not seen."""
    return Message.objects.notices_of(user).filter(read_at=None).count()
