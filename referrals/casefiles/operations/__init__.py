"""Every write of casefiles."""

from referrals.casefiles.operations import (
    case,
    client,
    consent,
    disclosure,
    erasure,
    need,
    privacy,
    timeline,
)

__all__ = ["case", "client", "consent", "disclosure", "erasure", "need", "privacy", "timeline"]
