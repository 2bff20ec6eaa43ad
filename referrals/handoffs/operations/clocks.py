"""Clocks of a referral: started, paused and stopped with its status."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from referrals.handoffs import clocks
from referrals.handoffs.clocks import Limit
from referrals.handoffs.models import Referral, ReferralClock
from referrals.handoffs.states import CLOCKS, COLOR, PAUSED, Clock, Status

Frozen = dict[str, dict[str, str]]
SHIFTED = ("due_at", "remind_at", "l2_at", "l3_at", "l4_at", "next_at")


def wind(referral: Referral, *, at: datetime, days: Mapping[str, Any]) -> Frozen:
    """Set the clocks to the status: stop what is over, pause, go on, start; return what began.

    `days` are the civil days that the step named: they bound the clocks that wait for them.
    """
    status = Status(referral.status)
    wanted, paused = CLOCKS[status], PAUSED.get(status, frozenset())
    running = {Clock(clock.kind): clock for clock in referral.clocks.filter(stopped_at=None)}
    for kind, clock in running.items():
        if kind not in wanted:
            _stop(clock, at)
        elif kind in paused and clock.paused_since is None:
            ReferralClock.objects.filter(pk=clock.pk).update(paused_since=at)
        elif kind not in paused and clock.paused_since is not None:
            _go_on(clock, at)
    begun = {
        str(kind): _start(referral, kind, at, days) for kind in sorted(wanted - running.keys())
    }
    color(referral)
    return begun


def restart(referral: Referral, kind: Clock, *, at: datetime, days: Mapping[str, Any]) -> Frozen:
    """Begin a clock anew because what it waited for has happened."""
    for clock in referral.clocks.filter(stopped_at=None, kind=kind):
        _stop(clock, at)
    begun = {str(kind): _start(referral, kind, at, days)}
    color(referral)
    return begun


def color(referral: Referral) -> None:
    """Keep the due instant of the most telling running clock in the referral's own row."""
    running = referral.clocks.filter(stopped_at=None, paused_since=None)
    due = dict(running.values_list("kind", "due_at"))
    shown = next((due[kind] for kind in COLOR if kind in due), None)
    Referral.objects.filter(pk=referral.pk).update(due_at=shown)
    referral.due_at = shown


def _start(
    referral: Referral, kind: Clock, at: datetime, days: Mapping[str, Any]
) -> dict[str, str]:
    organization = referral.sender_org if kind in clocks.SENDERS else referral.recipient_org
    rules = clocks.rules(
        kind, referral.clock_class, category=referral.category, organization=organization
    )
    limit = _limit(referral, kind, days)
    moments = clocks.instants(kind, rules, at, organization, limit)
    ReferralClock.objects.create(
        referral=referral,
        kind=kind,
        next_at=clocks.following(kind, moments, after=-1),
        **moments._asdict(),
    )
    return {name: moment.isoformat() for name, moment in moments._asdict().items() if moment}


def _limit(referral: Referral, kind: Clock, days: Mapping[str, Any]) -> Limit:
    """Return the day that bounds a clock beside its policy."""
    if kind == Clock.CONTACT:
        if referral.expected_on is not None:
            # The client comes out that day: a missing contact a working day later is an alarm.
            return Limit(exactly=clocks.after(referral.expected_on, referral.recipient_org))
        return Limit(latest=clocks.end_of(referral.must_happen_before))
    if kind == Clock.WAITLIST:
        return Limit(latest=clocks.end_of(days.get("review_on")))
    if kind == Clock.RESUME:
        return Limit(exactly=clocks.end_of(days.get("resume_on")))
    return Limit()


def _stop(clock: ReferralClock, at: datetime) -> None:
    ReferralClock.objects.filter(pk=clock.pk, stopped_at=None).update(
        stopped_at=at, next_at=None, paused_since=None
    )


def _go_on(clock: ReferralClock, at: datetime) -> None:
    """Move every instant by the time the clock stood still; none ever moves earlier."""
    assert clock.paused_since is not None  # noqa: S101  # asked by the caller
    stood = max(at - clock.paused_since, at - at)
    moved = {
        name: getattr(clock, name) + stood for name in SHIFTED if getattr(clock, name) is not None
    }
    ReferralClock.objects.filter(pk=clock.pk).update(
        paused_since=None,
        paused_seconds=clock.paused_seconds + int(stood.total_seconds()),
        **moved,
    )
