"""Tables of casefiles."""

from referrals.casefiles.models.case import (
    CaseAssignment,
    CaseEvent,
    CaseFile,
    CaseRules,
    CaseTransfer,
    NumberSeries,
)
from referrals.casefiles.models.circle import ClientFact, Guardian, HouseholdMember, Supporter
from referrals.casefiles.models.client import (
    Client,
    ClientKey,
    ClientPhone,
    ContactSafety,
    OfClient,
    OfClientRecord,
    StaffConflict,
)
from referrals.casefiles.models.consent import Consent, ConsentScope, ConsentText, LegalBasis
from referrals.casefiles.models.disclosure import (
    DisclosureEvent,
    DisclosureGrant,
    RecipientPolicy,
)
from referrals.casefiles.models.need import Need, PriorityScheme
from referrals.casefiles.models.privacy import AccessApproval, BreakGlass
from referrals.casefiles.models.timeline import TimelineEntry

__all__ = [
    "AccessApproval",
    "BreakGlass",
    "CaseAssignment",
    "CaseEvent",
    "CaseFile",
    "CaseRules",
    "CaseTransfer",
    "Client",
    "ClientFact",
    "ClientKey",
    "ClientPhone",
    "Consent",
    "ConsentScope",
    "ConsentText",
    "ContactSafety",
    "DisclosureEvent",
    "DisclosureGrant",
    "Guardian",
    "HouseholdMember",
    "LegalBasis",
    "Need",
    "NumberSeries",
    "OfClient",
    "OfClientRecord",
    "PriorityScheme",
    "RecipientPolicy",
    "StaffConflict",
    "Supporter",
    "TimelineEntry",
]
