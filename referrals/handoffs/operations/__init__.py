"""Every write of handoffs."""

from referrals.handoffs.operations import (
    digests,
    drafts,
    endings,
    erasure,
    ladder,
    links,
    log,
    packets,
)
from referrals.handoffs.operations.events import apply

__all__ = ["apply", "digests", "drafts", "endings", "erasure", "ladder", "links", "log", "packets"]
