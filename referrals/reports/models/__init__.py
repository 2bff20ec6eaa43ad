"""Tables of reports."""

from referrals.reports.models.evaluation import Evaluation
from referrals.reports.models.follow_up import FollowUp
from referrals.reports.models.resource import ResourceLink
from referrals.reports.models.unmet import UnmetAlert

__all__ = ["Evaluation", "FollowUp", "ResourceLink", "UnmetAlert"]
