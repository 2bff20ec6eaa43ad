"""Tables of accounts."""

from accounts.models.audit import AuditEntry, AuditHead, Result
from accounts.models.idempotency import IdempotencyRow
from accounts.models.limits import RateBucket, UsedCode
from accounts.models.membership import Membership, MembershipQuerySet
from accounts.models.message import Channel, Delivery, Message, MessageQuerySet
from accounts.models.schedule import JobState, StuckRow
from accounts.models.token import Token
from accounts.models.user import GUEST, SYSTEM, Held, OldPassword, TextSize, Theme, User

__all__ = [
    "GUEST",
    "SYSTEM",
    "AuditEntry",
    "AuditHead",
    "Channel",
    "Delivery",
    "Held",
    "IdempotencyRow",
    "JobState",
    "Membership",
    "MembershipQuerySet",
    "Message",
    "MessageQuerySet",
    "OldPassword",
    "RateBucket",
    "Result",
    "StuckRow",
    "TextSize",
    "Theme",
    "Token",
    "UsedCode",
    "User",
]
