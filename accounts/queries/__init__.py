"""Shared reads of accounts."""

from accounts.queries.audit import log, verify
from accounts.queries.messages import notices, outbox, unread
from accounts.queries.users import (
    actor,
    guest,
    has_second_factor,
    holding,
    invitation,
    invited,
    people,
    system,
)

__all__ = [
    "actor",
    "guest",
    "has_second_factor",
    "holding",
    "invitation",
    "invited",
    "log",
    "notices",
    "outbox",
    "people",
    "system",
    "unread",
    "verify",
]
