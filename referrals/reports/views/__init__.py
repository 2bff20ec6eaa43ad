"""Pages of reports."""

from referrals.reports.views import board, feedback, follow_ups, handouts, unmet, work

__all__ = ["board", "feedback", "follow_ups", "handouts", "unmet", "work"]
