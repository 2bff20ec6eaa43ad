"""A second way from the log to the referral's row, written without looking at the first."""

from datetime import datetime
from typing import Any

from referrals.handoffs.models import ReferralEvent
from tests.referrals.handoffs import oracle

TURN = {
    "draft": "sender",
    "pending_approval": "supervisor",
    "sent": "recipient",
    "acknowledged": "recipient",
    "info_requested": "sender",
    "accepted": "recipient",
    "waitlisted": "recipient",
    "in_service": "recipient",
    "on_hold": "recipient",
    "outcome_reported": "sender",
    "declined": "sender_follow_up",
    "failed": "sender_follow_up",
    "expired": "sender_follow_up",
}
RECIPIENTS = {"RCV", "LNK", "PRX"}


def of(log: Any) -> dict[str, Any]:
    """Tell from the events alone where the referral stands."""
    told: dict[str, Any] = {
        "status": "draft",
        "version": 1,
        "ended_at": None,
        "end_reason": "",
        **dict.fromkeys(
            ("sent_at", "acknowledged_at", "decided_at", "first_contact_at", "outcome_at")
        ),
    }
    for entry in log:
        if entry.event == "edited":
            told["version"] += 1
        elif entry.to_status:
            _step(told, entry)
    return told | {"next_actor": TURN.get(told["status"], "")}


def _step(told: dict[str, Any], entry: ReferralEvent) -> None:
    assert entry.from_status == told["status"]
    assert oracle.TARGETS[entry.from_status, entry.event] == entry.to_status
    told["status"] = entry.to_status
    told["version"] += 1
    if entry.event in {"send", "approve"}:
        told["sent_at"] = entry.at
    if entry.actor_role in RECIPIENTS:
        told["acknowledged_at"] = told["acknowledged_at"] or entry.occurred_at
    if entry.event in {"accept", "waitlist", "decline"}:
        told["decided_at"] = told["decided_at"] or entry.occurred_at
    if entry.data.get("first_contact_at"):
        told["first_contact_at"] = told["first_contact_at"] or datetime.fromisoformat(
            entry.data["first_contact_at"]
        )
    if entry.event == "report_outcome":
        told["outcome_at"] = entry.occurred_at
    if entry.to_status in oracle.DONE:
        told |= {"ended_at": entry.at, "end_reason": entry.reason}
    elif entry.event == "reopen":
        told |= {"ended_at": None, "end_reason": ""}
