"""What is kept for a while only, and for how long."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import (
    Channel,
    Delivery,
    IdempotencyRow,
    Message,
    RateBucket,
    Token,
    UsedCode,
)
from core.jobs import now

IDEMPOTENCY = timedelta(hours=24)
SENT_MESSAGES = timedelta(days=7)
READ_NOTICES = timedelta(days=90)
# A code of 30 seconds is accepted one step early and one late.
CODE_SECONDS = 30
CODES = timedelta(minutes=10)


def sweep() -> int:
    """Delete what is past its time; each kind in a transaction of its own, so that none waits."""
    at = now()
    done = Message.objects.filter(state__in=[Delivery.SENT, Delivery.FAILED])
    past = (
        IdempotencyRow.objects.filter(created_at__lt=at - IDEMPOTENCY),
        done.exclude(channel=Channel.PAGE).filter(created_at__lt=at - SENT_MESSAGES),
        done.filter(channel=Channel.PAGE, created_at__lt=at - READ_NOTICES),
        RateBucket.objects.filter(ends_at__lt=at),
        UsedCode.objects.filter(step__lt=(at - CODES).timestamp() // CODE_SECONDS),
        Token.objects.filter(expiry__lt=at),
        Session.objects.filter(expire_date__lt=at),
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")),
    )
    removed = 0
    for rows in past:
        with transaction.atomic():
            removed += rows.delete()[0]
    return removed
