"""Referrals, their links and candidates for programs."""

from referrals.handoffs.api.views import CandidateViewSet, LinkViewSet, ReferralViewSet

__all__ = ["CandidateViewSet", "LinkViewSet", "ReferralViewSet"]
