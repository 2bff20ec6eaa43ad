"""Every write of handoffs."""

from referrals.handoffs.operations import drafts, ladder, links, log, packets
from referrals.handoffs.operations.events import apply

__all__ = ["apply", "drafts", "ladder", "links", "log", "packets"]
