"""Shared reads of accounts."""

from accounts.queries.audit import log, verify
from accounts.queries.messages import notices, outbox, unread
from accounts.queries.users import actor, guest, people, system

__all__ = ["actor", "guest", "log", "notices", "outbox", "people", "system", "unread", "verify"]
