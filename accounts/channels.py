"""Where messages leave the house: mail by Django's back ends, text messages and group chats."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage

from accounts.models import Channel, Message
from core.outbound import fetch_public


class Undelivered(Exception):
    """The gateway took the message and said no."""


def send(message: Message) -> None:
    """Hand one message over, or raise; with delivery `outbox` it stays in the house."""
    if settings.MESSAGE_DELIVERY != "outbox":
        _SENDERS[Channel(message.channel)](message)


def _mail(message: Message) -> None:
    host = urlsplit(settings.SITE_URL).hostname
    EmailMessage(
        message.body["subject"],
        message.body["text"],
        settings.DEFAULT_FROM_EMAIL,
        [message.body["to"]],
        # The same on a second try, so that mail programs show one message.
        headers={"Message-ID": f"<{message.uid}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()


def _sms(message: Message) -> None:
    """Send subject and link, for which a text message has room; what has no link is short."""
    text = f"{message.body['subject']} {message.body['address'] or message.body['text']}"
    note = {"id": str(message.uid), "to": message.body["to"], "text": text}
    gateway = urlsplit(settings.SMS_URL)
    match gateway.scheme:
        case "console":
            print(json.dumps(note, ensure_ascii=False))  # noqa: T201  # what this back end is for
        case "file":
            with Path(gateway.path).open("a", encoding="utf-8") as file:
                file.write(json.dumps(note, ensure_ascii=False) + "\n")
        case "http" | "https":
            _post(settings.SMS_URL, note, operators_own=True)
        case _:
            raise ImproperlyConfigured("SMS_URL is not set")


def _robot(message: Message) -> None:
    """Post to a group chat's robot, in the form that WeCom and DingTalk share."""
    text = f"{message.body['subject']}\n{message.body['address']}".strip()
    _post(message.body["to"], {"msgtype": "text", "text": {"content": text}})


def _post(url: str, note: dict[str, Any], *, operators_own: bool = False) -> None:
    answer = fetch_public(url, post=note, operators_own=operators_own)
    if not 200 <= answer.status < 300:
        raise Undelivered(answer.status)


_SENDERS = {Channel.MAIL: _mail, Channel.SMS: _sms, Channel.ROBOT: _robot}
