"""What one step demands beside the fields themselves: days, order, proof."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.jobs import now, today
from referrals.handoffs.guards.facts import Facts
from referrals.handoffs.models import Referral
from referrals.handoffs.states import ANSWERERS, Event, Status

LONGEST_WAIT = timedelta(days=30)
LONGEST_HOLD = timedelta(days=60)
REOPEN_WITHIN = timedelta(days=30)
ATTEMPTS, ATTEMPT_DAYS = 3, 2

Rule = Callable[[Referral, Facts], None]


def check(referral: Referral, event: str, facts: Facts, *, occurred_at: datetime | None) -> None:
    """Apply the rule of this step, if it has one, and hold its moment to the order of things."""
    rule = RULES.get(event)
    if rule is not None:
        rule(referral, facts)
    if occurred_at is not None:
        _moment(referral, facts, occurred_at)


def _moment(referral: Referral, facts: Facts, occurred_at: datetime) -> None:
    if occurred_at > now():
        facts.refuse("invalid", _("This lies in the future."), "occurred_at")
    earlier = referral.events.filter(actor_role__in=ANSWERERS)
    last = earlier.order_by("-seq").values_list("occurred_at", flat=True).first()
    floor = max(filter(None, (referral.sent_at, last)), default=None)
    if floor is not None and occurred_at < floor:
        facts.refuse("invalid", _("This lies before the last step."), "occurred_at")
    contact = facts.instant("first_contact_at")
    if contact is not None and contact > occurred_at:
        facts.refuse("invalid", _("The first contact lies after this step."), "first_contact_at")


def _expected_contact(_referral: Referral, facts: Facts) -> None:
    day = facts.day("expected_contact_on")
    if day is not None and day < today():
        facts.refuse("invalid", _("This day has passed."), "expected_contact_on")


def _review(_referral: Referral, facts: Facts) -> None:
    day = facts.day("review_on")
    if day is not None and not today() <= day <= today() + LONGEST_WAIT:
        facts.refuse("invalid", _("Choose a day within the next 30 days."), "review_on")


def _decline(referral: Referral, facts: Facts) -> None:
    if facts.reason == "REDIRECT" and not (
        facts.data.get("suggested_service") or facts.texts.get("note")
    ):
        facts.refuse("note_required", _("Name the service, or describe it."), "note")
    if referral.status == Status.ACCEPTED and _was_contacted(referral):
        facts.refuse(
            "contact_recorded",
            _("The client has been contacted; report that it failed instead."),
        )


def _was_contacted(referral: Referral) -> bool:
    reached = referral.contact_attempts.filter(result="reached")
    return referral.first_contact_at is not None or reached.exists()


def _start(referral: Referral, facts: Facts) -> None:
    at = facts.instant("first_contact_at")
    if at is not None and not (referral.sent_at or at) <= at <= now():
        facts.refuse(
            "invalid",
            _("The first contact lies between the sending and now."),
            "first_contact_at",
        )


def _hold(_referral: Referral, facts: Facts) -> None:
    day = facts.day("resume_on")
    if day is not None and not today() < day <= today() + LONGEST_HOLD:
        facts.refuse("invalid", _("Choose a day within the next 60 days."), "resume_on")


def _outcome(referral: Referral, facts: Facts) -> None:
    ended = facts.day("service_ended_on")
    if ended is None and not facts.data.get("ongoing"):
        facts.refuse(
            "required", _("Say when the service ended, or that it goes on."), "service_ended_on"
        )
    if ended is not None and ended > today():
        facts.refuse("invalid", _("This lies in the future."), "service_ended_on")
    if referral.status == Status.ACCEPTED and not facts.data.get("first_contact_at"):
        facts.refuse("required", _("Say when the client was first contacted."), "first_contact_at")
    _start(referral, facts)


def _fail(referral: Referral, facts: Facts) -> None:
    if facts.reason != "UNREACHABLE":
        return
    instants = referral.contact_attempts.exclude(result="reached").values_list("at", flat=True)
    days = {timezone.localdate(at) for at in instants}
    if len(instants) < ATTEMPTS or len(days) < ATTEMPT_DAYS:
        facts.refuse(
            "too_few_attempts",
            _("Unreachable means three attempts on two days at least; record them first."),
            "reason",
        )


def _verify(_referral: Referral, facts: Facts) -> None:
    if facts.data.get("verification") == "not_possible" and not facts.texts.get("note"):
        facts.refuse("note_required", _("Say why it cannot be verified."), "note")


def cannot_reopen(referral: Referral) -> bool:
    """Say whether it is too late, or nothing had begun: both cannot be cured."""
    ended, begun = referral.ended_at, referral.first_contact_at
    return ended is None or begun is None or now() > ended + REOPEN_WITHIN


def _reopen(referral: Referral, facts: Facts) -> None:
    if referral.ended_at is None or now() > referral.ended_at + REOPEN_WITHIN:
        facts.refuse("too_late", _("This ended more than 30 days ago; refer onward instead."))
    if referral.first_contact_at is None:
        facts.refuse("never_started", _("The service never began; refer onward instead."))


RULES: dict[str, Rule] = {
    Event.ACCEPT: _expected_contact,
    Event.PROMOTE: _expected_contact,
    Event.WAITLIST: _review,
    "waitlist_reviewed": _review,
    Event.DECLINE: _decline,
    Event.START: _start,
    Event.HOLD: _hold,
    Event.REPORT_OUTCOME: _outcome,
    Event.FAIL: _fail,
    Event.VERIFY_CLOSE: _verify,
    Event.REOPEN: _reopen,
}
