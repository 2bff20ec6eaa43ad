"""The wording of messages: a link and a reference, never a person's data."""

import re
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

# What a message may be filled with. Nothing about a client is on this list.
FACTS = frozenset({
    "link", "number", "organization", "service", "name", "phone", "date", "time", "count", "code",
})  # fmt: skip


class Wording(NamedTuple):
    """Subject and text as lazy translations with %(fact)s."""

    subject: object
    body: object


WORDINGS: dict[str, Wording] = {}


def template(key: str, *, subject: object, body: object) -> None:
    """Register the wording of a message; a placeholder outside FACTS is refused at start."""
    with translation.override(None):
        used = set(re.findall(r"%\((\w+)\)s", f"{subject} {body}"))
    if not used <= FACTS:
        raise ValueError(f"{key} names {sorted(used - FACTS)}")
    WORDINGS[key] = Wording(subject, body)


def render(key: str, *, language: str, link: str, facts: dict[str, object]) -> dict[str, str]:
    """Return subject, text and link in the reader's language."""
    if not set(facts) <= FACTS:
        raise ValueError(f"{key} was given {sorted(set(facts) - FACTS)}")
    wording = WORDINGS[key]
    address = f"{settings.SITE_URL}{link}" if link.startswith("/") else link
    values = {name: str(value) for name, value in facts.items()} | {"link": address}
    with translation.override(language or settings.LANGUAGE_CODE):
        subject, text = (str(part) % values for part in wording)
    return {"subject": " ".join(subject.split()), "text": text, "link": link, "address": address}


template(
    "account.invited",
    subject=_("Your account at Linkwell"),
    body=_(
        "An account was opened for you. Choose your password within 7 days:\n%(link)s\n\n"
        "If you did not expect this, nothing has to be done."
    ),
)
template(
    "account.password_reset",
    subject=_("A new password for Linkwell"),
    body=_(
        "Somebody asked for a new password for this address. Choose it within an hour:\n"
        "%(link)s\n\n"
        "If that was not you, nothing has to be done: your password stays as it is."
    ),
)
template(
    "account.changed",
    subject=_("The way you sign in to Linkwell was changed"),
    body=_(
        "Your password or your second factor was changed at %(time)s. If that was not you, tell "
        "your security administrator at once."
    ),
)
