"""Pages of upkeep: confirm by link, call list, moderation, a provider's listings, reports."""

from directory.upkeep.views.checks import CheckPage, ChecksPage, claim
from directory.upkeep.views.confirm import ConfirmPage, enter, renew
from directory.upkeep.views.listings import (
    EditPage,
    ListingsPage,
    availability,
    confirm_all,
    intake,
    pause,
    resume,
)
from directory.upkeep.views.moderation import ModerationPage, ProposalPage, withdraw
from directory.upkeep.views.reports import ReportPage, SuggestPage

__all__ = [
    "CheckPage",
    "ChecksPage",
    "ConfirmPage",
    "EditPage",
    "ListingsPage",
    "ModerationPage",
    "ProposalPage",
    "ReportPage",
    "SuggestPage",
    "availability",
    "claim",
    "confirm_all",
    "enter",
    "intake",
    "pause",
    "renew",
    "resume",
    "withdraw",
]
