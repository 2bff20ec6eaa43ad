"""Tables of handoffs."""

from referrals.handoffs.models.clock import ClockPolicy, ReferralClock, SenderRules
from referrals.handoffs.models.codes import ReasonCode
from referrals.handoffs.models.link import AccessLink, OffPlatformContact
from referrals.handoffs.models.packet import PacketSnapshot
from referrals.handoffs.models.referral import (
    Appointment,
    ContactAttempt,
    Referral,
    ReferralEvent,
    ReferralNeed,
    ReferralQuerySet,
    ReferralSeries,
)

__all__ = [
    "AccessLink",
    "Appointment",
    "ClockPolicy",
    "ContactAttempt",
    "OffPlatformContact",
    "PacketSnapshot",
    "ReasonCode",
    "Referral",
    "ReferralClock",
    "ReferralEvent",
    "ReferralNeed",
    "ReferralQuerySet",
    "ReferralSeries",
    "SenderRules",
]
