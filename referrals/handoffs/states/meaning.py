"""What a status means to people: its bucket, whose turn it is, which clocks run."""

from referrals.handoffs.states.table import DONE, UNANSWERED
from referrals.handoffs.states.words import Bucket, Clock, Status, Turn

TURNS: dict[Status, Turn] = {
    Status.DRAFT: Turn.SENDER,
    Status.PENDING_APPROVAL: Turn.SUPERVISOR,
    Status.SENT: Turn.RECIPIENT,
    Status.ACKNOWLEDGED: Turn.RECIPIENT,
    Status.INFO_REQUESTED: Turn.SENDER,
    Status.ACCEPTED: Turn.RECIPIENT,
    Status.WAITLISTED: Turn.RECIPIENT,
    Status.IN_SERVICE: Turn.RECIPIENT,
    Status.ON_HOLD: Turn.RECIPIENT,
    Status.OUTCOME_REPORTED: Turn.SENDER,
    Status.CLOSED: Turn.NOBODY,
    Status.DECLINED: Turn.SENDER_FOLLOW_UP,
    Status.CANCELLED: Turn.NOBODY,
    Status.FAILED: Turn.SENDER_FOLLOW_UP,
    Status.EXPIRED: Turn.SENDER_FOLLOW_UP,
    Status.ENTERED_IN_ERROR: Turn.NOBODY,
}

# Which clocks stand open in a status; what is listed nowhere else is stopped on entering it.
CLOCKS: dict[Status, frozenset[Clock]] = {
    Status.DRAFT: frozenset({Clock.DRAFT}),
    Status.PENDING_APPROVAL: frozenset({Clock.APPROVAL}),
    Status.SENT: frozenset({Clock.ACKNOWLEDGE, Clock.DECIDE, Clock.CONTACT}),
    Status.ACKNOWLEDGED: frozenset({Clock.DECIDE, Clock.CONTACT}),
    Status.INFO_REQUESTED: frozenset({Clock.ANSWER, Clock.DECIDE, Clock.CONTACT}),
    Status.ACCEPTED: frozenset({Clock.CONTACT}),
    Status.WAITLISTED: frozenset({Clock.WAITLIST, Clock.CONTACT}),
    Status.IN_SERVICE: frozenset({Clock.PROGRESS}),
    Status.ON_HOLD: frozenset({Clock.RESUME}),
    Status.OUTCOME_REPORTED: frozenset({Clock.VERIFY}),
} | {status: frozenset() for status in DONE}

# While the sender owes an answer, and while the client waits in line, these stand still.
PAUSED: dict[Status, frozenset[Clock]] = {
    Status.INFO_REQUESTED: frozenset({Clock.DECIDE}),
    Status.WAITLISTED: frozenset({Clock.CONTACT}),
}

# The clock that colors the row, most telling first.
COLOR = (
    Clock.DRAFT,
    Clock.APPROVAL,
    Clock.ACKNOWLEDGE,
    Clock.ANSWER,
    Clock.DECIDE,
    Clock.WAITLIST,
    Clock.RESUME,
    Clock.VERIFY,
    Clock.PROGRESS,
    Clock.CONTACT,
)


def bucket(status: str, *, recipient: bool = False) -> Bucket:
    """Say the four words from one side: what waits for the other is theirs to act on."""
    word = Status(status)
    if word in DONE:
        return Bucket.ENDED
    if word in (Status.DRAFT, Status.PENDING_APPROVAL):
        return Bucket.DRAFT
    if word in UNANSWERED:
        return Bucket.YOURS if recipient else Bucket.WAITING
    if word in (Status.INFO_REQUESTED, Status.OUTCOME_REPORTED):
        return Bucket.WAITING if recipient else Bucket.YOURS
    return Bucket.MOVING


def statuses(word: str, *, recipient: bool = False) -> list[Status]:
    """Return the statuses that one side calls by this word."""
    return [status for status in Status if bucket(status, recipient=recipient) == word]
