"""Outgoing messages: queued in the transaction of what they tell, sent by the worker."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from accounts.channels import send
from accounts.models import Channel, Delivery, Message, MessageQuerySet, User
from accounts.notifications import render, template
from accounts.signals import message_bounced
from core.crypto import hmac_ref
from core.jobs import now
from core.models import Record
from core.safeguards import checkpoint

__all__ = ["mark_read", "queue", "send_due", "template"]

LEASE = timedelta(minutes=5)
ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=1)
PREFIXES = {"mailto": Channel.MAIL, "sms": Channel.SMS, "robot": Channel.ROBOT}


def queue(
    key: str,
    *,
    to: User | str,
    template: str,
    link: str = "",
    client: object = None,
    language: str = "",
    **facts: object,
) -> None:
    """Queue a message about an event, once per recipient and channel however often it is called.

    A user gets a notice and a mail; a string is `mailto:…`, `sms:…` or `robot:…`. `link` is a path
    of ours; `client` is kept as a keyed hash, so that erasure finds the message.
    """
    recipient = to if isinstance(to, User) else None
    if recipient is not None:
        language = language or recipient.language
        targets = [(Channel.PAGE, ""), (Channel.MAIL, recipient.email)]
    else:
        scheme, _colon, address = str(to).partition(":")
        targets = [(PREFIXES[scheme], address)]
    body = render(template, language=language, link=link, facts=facts)
    uid = getattr(client, "uid", client)
    Message.objects.bulk_create(
        [
            Message(
                key=key,
                channel=channel,
                recipient=recipient,
                recipient_ref=hmac_ref("recipient", recipient.uid if recipient else address),
                template=template,
                client_ref=hmac_ref("client", uid) if uid else "",
                body=body | {"to": address},
                # A notice has arrived as soon as it is a row.
                state=Delivery.SENT if channel == Channel.PAGE else Delivery.QUEUED,
                sent_at=now() if channel == Channel.PAGE else None,
            )
            for channel, address in targets
        ],
        ignore_conflicts=True,
    )


def send_due(*, limit: int = 100) -> int:
    """Send what is due: lease, send outside any transaction, note the result (rule JB6)."""
    sent = 0
    for pk in list(Message.objects.to_send().values_list("pk", flat=True)[:limit]):
        message = _lease(pk)
        if message is None:
            continue
        checkpoint("message_leased")
        try:
            send(message)
        except Exception as error:  # noqa: BLE001  # any fault of a gateway is noted and tried again
            _note_failure(message, error)
        else:
            checkpoint("message_accepted")
            _held(message).update(state=Delivery.SENT, sent_at=now(), error="")
            sent += 1
    return sent


def forget(client: Record) -> None:
    """Delete what was written about somebody who is erased, sent or not."""
    Message.objects.filter(client_ref=hmac_ref("client", client.uid)).delete()


def mark_read(*, by: User) -> None:
    """Take the notices that a person has seen out of the count."""
    Message.objects.notices_of(by).filter(read_at=None).update(read_at=now())


def _lease(pk: int) -> Message | None:
    """Win the row for five minutes; a sender that dies gives it back by the clock."""
    won = (
        Message.objects.to_send()
        .filter(pk=pk)
        .update(state=Delivery.SENDING, next_try_at=now() + LEASE, attempts=F("attempts") + 1)
    )
    return Message.objects.get(pk=pk) if won else None


def _held(message: Message) -> MessageQuerySet:
    """Select the row only while the lease is ours: attempts grow with every lease."""
    return Message.objects.filter(pk=message.pk, state=Delivery.SENDING, attempts=message.attempts)


def _note_failure(message: Message, error: Exception) -> None:
    last = message.attempts >= ATTEMPTS
    wait = min(timedelta(minutes=2**message.attempts), LONGEST_WAIT)
    with transaction.atomic():
        noted = _held(message).update(
            state=Delivery.FAILED if last else Delivery.QUEUED,
            next_try_at=now() + wait,
            # The server's words may quote the address.
            error=type(error).__name__,
        )
        if last and noted:
            message_bounced.send(Message, message=message)
