"""Every write of accounts, and what the operations of other applications stand on."""

from accounts.operations import (
    audit,
    codes,
    idempotency,
    limits,
    membership,
    message,
    schedule,
    session,
    sweep,
    token,
    user,
)
from accounts.operations.audit import audited

__all__ = [
    "audit",
    "audited",
    "codes",
    "idempotency",
    "limits",
    "membership",
    "message",
    "schedule",
    "session",
    "sweep",
    "token",
    "user",
]
