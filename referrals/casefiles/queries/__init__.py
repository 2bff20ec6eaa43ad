"""Shared reads of casefiles."""

from referrals.casefiles.queries import casefile, packets, people, workload

__all__ = ["casefile", "packets", "people", "workload"]
