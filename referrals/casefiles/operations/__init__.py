"""Every write of casefiles."""

from referrals.casefiles.operations import (
    case,
    client,
    consent,
    disclosure,
    need,
    privacy,
    timeline,
)

__all__ = ["case", "client", "consent", "disclosure", "need", "privacy", "timeline"]
