"""Tables of revisits: policies, checks, requests, doubts, reports, proposals."""

from directory.upkeep.models.check import (
    ContactAttempt,
    FieldConfirmation,
    Verification,
    VerificationTask,
)
from directory.upkeep.models.doubt import Doubt, ListingReport
from directory.upkeep.models.policy import ApprovalRule, VerificationPolicy
from directory.upkeep.models.proposal import ListingProposal
from directory.upkeep.models.request import RequestLine, VerificationRequest

__all__ = [
    "ApprovalRule",
    "ContactAttempt",
    "Doubt",
    "FieldConfirmation",
    "ListingProposal",
    "ListingReport",
    "RequestLine",
    "Verification",
    "VerificationPolicy",
    "VerificationRequest",
    "VerificationTask",
]
