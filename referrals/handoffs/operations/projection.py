"""What a step changes in the referral's own row: status, instants, turn, reason."""

from typing import Any

from django.db.models import F, QuerySet

from core.safeguards import safeguard
from referrals.handoffs.models import Referral
from referrals.handoffs.operations.step import Step
from referrals.handoffs.states import (
    ANSWERERS,
    BASIS_LOST,
    DONE,
    TURNS,
    UNVERIFIED,
    Actor,
    Event,
    Status,
)

SENDINGS = frozenset({Event.SEND, Event.APPROVE})
DECISIONS = frozenset({Event.ACCEPT, Event.WAITLIST, Event.DECLINE})


def stands(referral: Referral) -> bool:
    """Say whether nobody has moved the referral since it was read."""
    return _as_read(referral).exists()


def win(step: Step) -> bool:
    """Move the row if it still stands where it was read: of two who act at once, one wins."""
    moved = _as_read(step.referral).update(
        status=step.row.target,
        version=F("version") + 1,
        last_seq=F("last_seq") + 1,
        updated_at=step.at,
        next_actor=TURNS[step.row.target],
        **instants(step),
        **_ending(step),
        **_people(step),
    )
    return bool(moved)


def _as_read(referral: Referral) -> QuerySet[Referral]:
    rows: QuerySet[Referral] = referral.client.referrals.filter(pk=referral.pk)
    if safeguard("cas"):
        rows = rows.filter(status=referral.status, version=referral.version)
    return rows


def instants(step: Step) -> dict[str, Any]:
    """Return the instants that this step sets; first answers are never overwritten."""
    referral, event = step.referral, step.row.event
    found: dict[str, Any] = {}
    if event in SENDINGS:
        found["sent_at"] = step.at
    if step.role in ANSWERERS and referral.acknowledged_at is None:
        found["acknowledged_at"] = step.occurred_at
    if event in DECISIONS and referral.decided_at is None:
        found["decided_at"] = step.occurred_at
    contact = step.facts.instant("first_contact_at")
    if contact is not None and referral.first_contact_at is None:
        found["first_contact_at"] = contact
    if event == Event.REPORT_OUTCOME:
        found["outcome_at"] = step.occurred_at
    return found


def _ending(step: Step) -> dict[str, Any]:
    if step.row.target in DONE:
        return {
            "ended_at": step.at,
            "end_reason": step.reason,
            "verification": _verification(step),
        }
    if step.row.event == Event.REOPEN:
        return {"ended_at": None, "end_reason": "", "verification": ""}
    return {}


def _verification(step: Step) -> str:
    if step.row.target != Status.CLOSED:
        return ""
    if step.row.event == Event.AUTO_CLOSE:
        return UNVERIFIED
    if step.row.event == Event.BASIS_LOST:
        return BASIS_LOST
    return str(step.facts.data["verification"])


def _people(step: Step) -> dict[str, Any]:
    if step.row.event == Event.SUBMIT:
        return {"submitted_by": step.by}
    if step.role == Actor.RCV and step.referral.assigned_to_id is None:
        return {"assigned_to": step.by}
    return {}
