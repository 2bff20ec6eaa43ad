"""What stands in the log without moving the referral: who may write it, and when."""

from typing import NamedTuple

from referrals.handoffs.errors import IllegalTransition
from referrals.handoffs.states.facts import ATTEMPT, MEETING, MEETING_REF, Fact
from referrals.handoffs.states.table import ANSWERERS, OPEN, SERVED, TAKEN, UNDER_WAY
from referrals.handoffs.states.words import Actor, Entry, Status

WORKERS = (Actor.SND, Actor.SUP, Actor.CRD)
EITHER_SIDE = (*ANSWERERS, Actor.SND)
WITH_RECIPIENT = UNDER_WAY - {Status.INFO_REQUESTED, Status.OUTCOME_REPORTED}
SENT_ONCE = frozenset(Status) - {*(Status.DRAFT, Status.PENDING_APPROVAL, Status.ENTERED_IN_ERROR)}


class Line(NamedTuple):
    """One kind of entry: where it may be written, whose it is, what it says."""

    event: Entry
    statuses: frozenset[Status]
    actors: tuple[Actor, ...]
    needs: tuple[Fact, ...] = ()


LOG: tuple[Line, ...] = (
    Line(Entry.CREATED, frozenset({Status.DRAFT}), (Actor.SND,)),
    Line(Entry.EDITED, frozenset({Status.DRAFT}), (Actor.SND,)),
    Line(Entry.CONTACT_ATTEMPT, TAKEN | SERVED, EITHER_SIDE, ATTEMPT),
    Line(Entry.APPOINTMENT_SET, TAKEN | SERVED, EITHER_SIDE, MEETING),
    Line(Entry.APPOINTMENT_MOVED, TAKEN | SERVED, EITHER_SIDE, (*MEETING_REF, *MEETING)),
    Line(Entry.APPOINTMENT_ATTENDED, TAKEN | SERVED, ANSWERERS, MEETING_REF),
    Line(Entry.APPOINTMENT_NO_SHOW, TAKEN | SERVED, ANSWERERS, MEETING_REF),
    Line(Entry.APPOINTMENT_CANCELLED, TAKEN | SERVED, EITHER_SIDE, MEETING_REF),
    Line(Entry.PROGRESS, frozenset({Status.IN_SERVICE}), ANSWERERS, (Fact.text("text"),)),
    Line(
        Entry.WAITLIST_REVIEWED,
        frozenset({Status.WAITLISTED}),
        ANSWERERS,
        (Fact.date("review_on"), Fact.number("position")),
    ),
    Line(Entry.REMIND, WITH_RECIPIENT, WORKERS),
    Line(
        Entry.ESCALATE,
        UNDER_WAY,
        (Actor.SND, Actor.SUP, Actor.SYS),
        (Fact.note(),),
    ),
    Line(Entry.NUDGE_CLIENT, UNDER_WAY, (Actor.SND,)),
    Line(Entry.REASSIGN, OPEN, (Actor.SND, Actor.SUP, Actor.RCV), (Fact("person", "uid"),)),
    Line(
        Entry.NOTE,
        frozenset(Status) - {Status.ENTERED_IN_ERROR},
        (Actor.SND, Actor.RCV, Actor.LNK, Actor.SUP, Actor.CRD, Actor.PRX),
        (Fact.text("text"), Fact.flag("internal")),
    ),
    Line(Entry.PAYLOAD_VIEWED, SENT_ONCE, (Actor.LNK,)),
    Line(
        Entry.PROXY_CORRECTED,
        SENT_ONCE,
        (Actor.RCV, Actor.LNK),
        (Fact("corrects", "number"), Fact.text("text")),
    ),
)
_LINES = {line.event: line for line in LOG}


def line(event: str, status: str) -> Line:
    """Return the entry if it may be written at this status."""
    found = _LINES.get(Entry(event)) if event in Entry.values else None
    if found is None or status not in found.statuses:
        raise IllegalTransition
    return found
