"""The words of what came of it, and what each answer does to a need; no database."""

from referrals.reports.states.follow_up import OFFERED, SETTLINGS, Kind, Result, Settling
from referrals.reports.states.outcome import (
    CAUSES,
    RATINGS,
    Cause,
    Channel,
    Difficulty,
    Mode,
    WaitBand,
)
from referrals.reports.states.timeline import FEEDBACK, FOLLOWED_UP, LINKED
from referrals.reports.states.work import When, Work, patience, when

__all__ = [
    "CAUSES",
    "FEEDBACK",
    "FOLLOWED_UP",
    "LINKED",
    "OFFERED",
    "RATINGS",
    "SETTLINGS",
    "Cause",
    "Channel",
    "Difficulty",
    "Kind",
    "Mode",
    "Result",
    "Settling",
    "WaitBand",
    "When",
    "Work",
    "patience",
    "when",
]
