"""Shared reads of casefiles."""

from referrals.casefiles.queries import (
    casefile,
    frame,
    notices,
    packets,
    people,
    register,
    words,
    workload,
)

__all__ = [
    "casefile",
    "frame",
    "notices",
    "packets",
    "people",
    "register",
    "words",
    "workload",
]
