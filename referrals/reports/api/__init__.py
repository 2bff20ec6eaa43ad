"""Reports for programs: looks at needs, links, answers, unmet needs."""

from referrals.reports.api.follow_ups import FollowUpViewSet
from referrals.reports.api.outcomes import EvaluationViewSet, ResourceLinkViewSet
from referrals.reports.api.unmet import UnmetViewSet

__all__ = ["EvaluationViewSet", "FollowUpViewSet", "ResourceLinkViewSet", "UnmetViewSet"]
