"""Every write of accounts, and what the operations of other applications stand on."""

from accounts.operations import audit, idempotency, limits, message, schedule
from accounts.operations.audit import audited

__all__ = ["audit", "audited", "idempotency", "limits", "message", "schedule"]
