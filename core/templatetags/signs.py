"""The tables behind every chip: each status is a word, a shape and a role, never two of three."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Sign(NamedTuple):
    """A symbol of the sprite, a color role of the stylesheet, and the word beside it."""

    shape: str
    role: str
    word: str | Promise


UNKNOWN = Sign("unknown", "neutral", _("Unknown"))

REFERRAL = {
    "draft": Sign("st-draft", "neutral", _("Draft")),
    "pending_approval": Sign("st-draft", "neutral", _("Awaiting supervisor approval")),
    "sent": Sign("st-wait", "info", _("Sent")),
    "acknowledged": Sign("st-wait", "info", _("Acknowledged")),
    "info_requested": Sign("st-you", "warn", _("Returned for more information")),
    "accepted": Sign("st-moving", "info", _("Accepted")),
    "waitlisted": Sign("st-moving", "info", _("Waitlisted")),
    "in_service": Sign("st-moving", "info", _("In service")),
    "on_hold": Sign("st-hold", "info", _("On hold")),
    "outcome_reported": Sign("st-you", "warn", _("Outcome reported, to be verified")),
    "closed": Sign("st-good", "ok", _("Loop closed")),
    "declined": Sign("st-end", "neutral", _("Declined")),
    "cancelled": Sign("st-end", "neutral", _("Withdrawn")),
    "failed": Sign("st-end", "danger", _("Referral failed")),
    "expired": Sign("st-end", "danger", _("Expired without an answer")),
    "entered_in_error": Sign("st-void", "neutral", _("Entered in error")),
}

WAITING = Sign("st-wait", "info", _("Waiting for the other side"))
YOURS = Sign("st-you", "warn", _("Needs your action"))
BUCKET = {
    "draft": Sign("st-draft", "neutral", _("Draft")),
    "waiting": WAITING,
    "yours": YOURS,
    "moving": Sign("st-moving", "info", _("In progress")),
    "ended": Sign("st-end", "neutral", _("Ended")),
}
# What waits for the recipient and what waits for the sender: the viewer's side turns the word.
RECIPIENT_ACTS = frozenset({"sent", "acknowledged"})
SENDER_ACTS = frozenset({"info_requested", "outcome_reported"})

LISTING = {
    "draft": Sign("st-draft", "neutral", _("Awaiting review")),
    "active": Sign("ls-active", "ok", _("Active")),
    "due": Sign("ls-due", "warn", _("Verification due")),
    "stale": Sign("ls-stale", "danger", _("Verification overdue")),
    "suspended": Sign("st-hold", "neutral", _("Service suspended")),
    "closed": Sign("ls-closed", "neutral", _("Closed down")),
    "rejected": Sign("st-end", "neutral", _("Did not pass review")),
    "merged": Sign("st-end", "neutral", _("Merged")),
}
AVAILABILITY = {
    "open": Sign("av-open", "ok", _("Has room")),
    "limited": Sign("av-limited", "warn", _("Few places left")),
    "waitlist": Sign("av-wait", "warn", _("Waiting list")),
    "full": Sign("av-full", "danger", _("Full")),
    "paused": Sign("st-hold", "neutral", _("Intake paused")),
    "unknown": Sign("unknown", "neutral", _("Capacity unknown")),
}
PRIORITY = {
    "p1": Sign("p1", "p1", _("Level 1")),
    "p2": Sign("p2", "p2", _("Level 2")),
    "p3": Sign("p3", "p3", _("Level 3")),
    "p4": Sign("p4", "p4", _("Level 4")),
}
ELIGIBILITY = {
    "meets": Sign("st-good", "ok", _("Meets the conditions")),
    "fails": Sign("cross", "danger", _("Does not meet the conditions")),
    "unknown": UNKNOWN,
}
NEED = {
    "open": Sign("st-you", "warn", _("To be addressed")),
    "in_progress": Sign("st-moving", "info", _("Being addressed")),
    "resolved": Sign("st-good", "ok", _("Resolved")),
    "partly_resolved": Sign("st-moving", "warn", _("Partly resolved")),
    "unmet": Sign("late", "danger", _("Unmet")),
    "no_longer_needed": Sign("st-end", "neutral", _("No longer needed")),
    "unknown": Sign("unknown", "neutral", _("Not clear")),
}
CONSENT = {
    "pending": Sign("st-draft", "neutral", _("Consent not yet given")),
    "active": Sign("st-good", "ok", _("Consent in force")),
    "refused": Sign("cross", "danger", _("Consent refused")),
    "withdrawn": Sign("st-end", "neutral", _("Consent withdrawn")),
    "expired": Sign("late", "danger", _("Consent expired")),
    "superseded": Sign("st-void", "neutral", _("Replaced by a newer consent")),
}
TABLES = {
    "referral": REFERRAL,
    "bucket": BUCKET,
    "listing": LISTING,
    "availability": AVAILABILITY,
    "priority": PRIORITY,
    "eligibility": ELIGIBILITY,
    "need": NEED,
    "consent": CONSENT,
}


def sign(kind: str, code: str, side: str = "") -> Sign:
    """Return the sign of a code; an unknown code shows a question mark instead of failing a page.

    For a referral, `side` is `sender` or `recipient`: what waits for the other is theirs to do.
    """
    found = TABLES[kind].get(code, UNKNOWN)
    if kind == "referral" and side:
        mine, theirs = (
            (SENDER_ACTS, RECIPIENT_ACTS) if side == "sender" else (RECIPIENT_ACTS, SENDER_ACTS)
        )
        if code in mine:
            return Sign(YOURS.shape, YOURS.role, found.word)
        if code in theirs:
            return Sign(WAITING.shape, WAITING.role, found.word)
    return found


def bucket(code: str, side: str) -> str:
    """Return the bucket of a referral status as seen from one side."""
    if code in {"draft", "pending_approval"}:
        return "draft"
    mine, theirs = (
        (SENDER_ACTS, RECIPIENT_ACTS) if side == "sender" else (RECIPIENT_ACTS, SENDER_ACTS)
    )
    if code in mine:
        return "yours"
    if code in theirs:
        return "waiting"
    if code in {"accepted", "waitlisted", "in_service", "on_hold"}:
        return "moving"
    return "ended"
