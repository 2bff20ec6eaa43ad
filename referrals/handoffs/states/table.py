"""The 27 arrows of a referral: who may take which step from where, and what must be told."""

from typing import NamedTuple

from referrals.handoffs.errors import IllegalTransition
from referrals.handoffs.states.facts import (
    ACCEPTANCE,
    CANCELLATION,
    FAILURE,
    HOLD,
    INFORMATION,
    OUTCOME,
    QUESTION,
    REFUSAL,
    REOPENING,
    START,
    VERIFICATION,
    VOIDING,
    WAITING,
    Fact,
)
from referrals.handoffs.states.words import Actor, Event, Status

# The order says which hat counts when one person wears several.
SENDER = (Actor.SND,)
ANSWERERS = (Actor.RCV, Actor.LNK, Actor.PRX)
VERIFIERS = (Actor.SND, Actor.CRD)
SCHEDULER = (Actor.SYS,)

PREPARED = frozenset({Status.DRAFT, Status.PENDING_APPROVAL})
UNANSWERED = frozenset({Status.SENT, Status.ACKNOWLEDGED})
UNDECIDED = UNANSWERED | {Status.INFO_REQUESTED}
TAKEN = frozenset({Status.ACCEPTED, Status.WAITLISTED})
SERVED = frozenset({Status.IN_SERVICE, Status.ON_HOLD})
DONE = frozenset(
    {
        Status.CLOSED,
        Status.DECLINED,
        Status.CANCELLED,
        Status.FAILED,
        Status.EXPIRED,
        Status.ENTERED_IN_ERROR,
    }
)
OPEN = frozenset(Status) - DONE
# Open, and the recipient has been told of it.
UNDER_WAY = OPEN - PREPARED


class Transition(NamedTuple):
    """One row: the step, where it starts, where it ends, whose it is."""

    id: str
    event: Event
    sources: frozenset[Status]
    target: Status
    actors: tuple[Actor, ...]
    needs: tuple[Fact, ...] = ()
    guards: tuple[str, ...] = ()


def _row(
    number: int,
    event: Event,
    sources: frozenset[Status] | Status,
    target: Status,
    actors: tuple[Actor, ...],
    *,
    needs: tuple[Fact, ...] = (),
    guards: str = "",
) -> Transition:
    """Write a row; a single source needs no braces."""
    start = frozenset({sources}) if isinstance(sources, Status) else sources
    return Transition(f"T{number:02}", event, start, target, actors, needs, tuple(guards.split()))


TABLE: tuple[Transition, ...] = (
    _row(1, Event.SUBMIT, Status.DRAFT, Status.PENDING_APPROVAL, SENDER, guards="G1 G2"),
    _row(
        2,
        Event.APPROVE,
        Status.PENDING_APPROVAL,
        Status.SENT,
        (Actor.SUP,),
        guards="G1 G2 G3 G4",
    ),
    _row(
        3,
        Event.RETURN,
        Status.PENDING_APPROVAL,
        Status.DRAFT,
        (Actor.SUP,),
        needs=(Fact.note(required=True),),
    ),
    # The scheduler sends only the next member of a sequence that the client approved.
    _row(
        4,
        Event.SEND,
        Status.DRAFT,
        Status.SENT,
        (Actor.SND, Actor.SYS),
        guards="G1 G2 G3 G4 G5",
    ),
    _row(5, Event.ACKNOWLEDGE, Status.SENT, Status.ACKNOWLEDGED, ANSWERERS),
    _row(6, Event.REQUEST_INFO, UNANSWERED, Status.INFO_REQUESTED, ANSWERERS, needs=QUESTION),
    _row(
        7,
        Event.PROVIDE_INFO,
        Status.INFO_REQUESTED,
        Status.ACKNOWLEDGED,
        SENDER,
        needs=INFORMATION,
        guards="G2",
    ),
    _row(8, Event.ACCEPT, UNDECIDED, Status.ACCEPTED, ANSWERERS, needs=ACCEPTANCE, guards="G2"),
    _row(
        9,
        Event.WAITLIST,
        UNANSWERED | {Status.ACCEPTED},
        Status.WAITLISTED,
        ANSWERERS,
        needs=WAITING,
        guards="G2",
    ),
    _row(
        10,
        Event.PROMOTE,
        Status.WAITLISTED,
        Status.ACCEPTED,
        ANSWERERS,
        needs=(Fact.date("expected_contact_on"),),
    ),
    _row(11, Event.DECLINE, UNDECIDED | TAKEN, Status.DECLINED, ANSWERERS, needs=REFUSAL),
    _row(12, Event.START, TAKEN, Status.IN_SERVICE, ANSWERERS, needs=START),
    _row(13, Event.HOLD, Status.IN_SERVICE, Status.ON_HOLD, ANSWERERS, needs=HOLD),
    _row(14, Event.RESUME, Status.ON_HOLD, Status.IN_SERVICE, ANSWERERS),
    _row(
        15,
        Event.REPORT_OUTCOME,
        SERVED | {Status.ACCEPTED},
        Status.OUTCOME_REPORTED,
        ANSWERERS,
        needs=OUTCOME,
    ),
    _row(16, Event.FAIL, TAKEN | SERVED, Status.FAILED, (*ANSWERERS, Actor.CRD), needs=FAILURE),
    _row(
        17,
        Event.VERIFY_CLOSE,
        Status.OUTCOME_REPORTED,
        Status.CLOSED,
        VERIFIERS,
        needs=VERIFICATION,
    ),
    _row(
        18,
        Event.DISPUTE,
        Status.OUTCOME_REPORTED,
        Status.IN_SERVICE,
        VERIFIERS,
        needs=(Fact.note(required=True),),
    ),
    _row(19, Event.AUTO_CLOSE, Status.OUTCOME_REPORTED, Status.CLOSED, SCHEDULER),
    # The scheduler withdraws only what another member of a bundle has filled.
    _row(
        20,
        Event.CANCEL,
        PREPARED | UNDECIDED | TAKEN,
        Status.CANCELLED,
        (Actor.SND, Actor.CRD, Actor.CLI, Actor.SYS),
        needs=CANCELLATION,
    ),
    _row(
        21,
        Event.CLIENT_WITHDRAW,
        SERVED,
        Status.CANCELLED,
        (Actor.CLI,),
        needs=(Fact.code("reason", "cancel_reason", required=False), Fact.note()),
    ),
    _row(
        22,
        Event.BASIS_LOST,
        UNDECIDED | TAKEN | SERVED,
        Status.CANCELLED,
        SCHEDULER,
        needs=(Fact.code("reason", "cancel_reason"),),
    ),
    _row(
        23,
        Event.BASIS_LOST,
        Status.OUTCOME_REPORTED,
        Status.CLOSED,
        SCHEDULER,
        needs=(Fact.code("reason", "cancel_reason", required=False),),
    ),
    _row(24, Event.EXPIRE, UNANSWERED, Status.EXPIRED, SCHEDULER),
    _row(25, Event.LAPSE, Status.INFO_REQUESTED, Status.CANCELLED, SCHEDULER),
    _row(
        26,
        Event.REOPEN,
        frozenset({Status.CLOSED, Status.FAILED}),
        Status.IN_SERVICE,
        (Actor.SND, Actor.RCV, Actor.CRD),
        needs=REOPENING,
        guards="G2",
    ),
    _row(
        27,
        Event.VOID,
        PREPARED | UNANSWERED,
        Status.ENTERED_IN_ERROR,
        (Actor.SND, Actor.CRD),
        needs=VOIDING,
    ),
)
# Members are strings, so a plain pair finds its arrow.
_ARROWS: dict[tuple[str, str], Transition] = {
    (source, row.event): row for row in TABLE for source in row.sources
}


def transition(event: str, status: str) -> Transition:
    """Return the one arrow that this event has from this status."""
    row = _ARROWS.get((status, event))
    if row is None:
        raise IllegalTransition
    return row


def legal(status: str) -> list[Transition]:
    """Return the arrows that leave a status, in the order of the table."""
    return [row for row in TABLE if status in row.sources]
