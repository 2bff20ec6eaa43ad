"""Shared reads of reports."""

from referrals.reports.queries import board, follow_ups, matching, outcomes, things, unmet, work

__all__ = ["board", "follow_ups", "matching", "outcomes", "things", "unmet", "work"]
