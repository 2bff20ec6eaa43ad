"""Files, needs, cases, consents and disclosures for programs."""

from referrals.casefiles.api.cases import CaseViewSet
from referrals.casefiles.api.clients import ClientViewSet
from referrals.casefiles.api.consents import ConsentViewSet
from referrals.casefiles.api.needs import NeedViewSet
from referrals.casefiles.api.privacy import ApprovalViewSet, BreakGlassViewSet

__all__ = [
    "ApprovalViewSet",
    "BreakGlassViewSet",
    "CaseViewSet",
    "ClientViewSet",
    "ConsentViewSet",
    "NeedViewSet",
]
