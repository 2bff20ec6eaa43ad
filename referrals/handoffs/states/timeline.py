"""How steps of a referral stand in the client's timeline."""

from referrals.casefiles.states import timeline_kind
from referrals.handoffs.states.words import Event

PAGE = "handoffs:referral"
_ICONS = {
    Event.SEND: "arrow",
    Event.APPROVE: "arrow",
    Event.ACCEPT: "st-good",
    Event.START: "st-moving",
    Event.REPORT_OUTCOME: "doc",
    Event.VERIFY_CLOSE: "st-good",
}
# Code of the event → code of the entry.
KINDS = {
    event: timeline_kind(f"referral.{event.value}", event.label, _ICONS.get(event, "arrow"), PAGE)
    for event in Event
}
