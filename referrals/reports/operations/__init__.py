"""Every write of reports."""

from referrals.reports.operations import alerts, erasure, evaluations, follow_ups, links

__all__ = ["alerts", "erasure", "evaluations", "follow_ups", "links"]
