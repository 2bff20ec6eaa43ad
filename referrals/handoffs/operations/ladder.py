"""What silence does, rung by rung; the scheduler climbs, the last rung ends the referral."""

from datetime import datetime

from accounts.models import User
from accounts.operations import audited
from referrals.casefiles.models import Client
from referrals.handoffs import clocks, notifications
from referrals.handoffs.clocks import END, LADDER, REMIND, Instants
from referrals.handoffs.guards import Facts
from referrals.handoffs.models import ReferralClock
from referrals.handoffs.operations import events, log
from referrals.handoffs.states import Actor, Clock, Entry, Event

ENDINGS: dict[str, Event] = {
    Clock.ACKNOWLEDGE: Event.EXPIRE,
    Clock.DECIDE: Event.EXPIRE,
    Clock.VERIFY: Event.AUTO_CLOSE,
    Clock.ANSWER: Event.LAPSE,
}


def climb(client: Client, *, by: User, at: datetime) -> int:
    """Take every rung that silence has reached on the client's referrals, lowest first.

    Client by client, because locks are taken in that order everywhere (rule WR4).
    """
    taken = 0
    with audited(by=by, action="referral.ladder", client=client):
        while (clock := _next(client, by=by, at=at)) is not None:
            _take(clock, by=by)
            taken += 1
    return taken


def _next(client: Client, *, by: User, at: datetime) -> ReferralClock | None:
    due = ReferralClock.objects.visible_to(by).filter(
        referral__client=client, stopped_at=None, paused_since=None, next_at__lte=at
    )
    found: ReferralClock | None = (
        due.select_related("referral__client", "referral__recipient_org", "referral__sender_org")
        .order_by("next_at", "pk")
        .first()
    )
    return found


def _take(clock: ReferralClock, *, by: User) -> None:
    rung = next(
        rung
        for rung in LADDER[Clock(clock.kind)]
        if getattr(clock, clocks.COLUMN[rung]) == clock.next_at
    )
    moments = Instants(*(getattr(clock, name) for name in Instants._fields))
    ReferralClock.objects.filter(pk=clock.pk).update(
        level=max(rung, clock.level),
        next_at=clocks.following(clock.kind, moments, after=rung),
    )
    if rung == END:
        events.apply(
            clock.referral,
            event=ENDINGS[clock.kind],
            by=by,
            expected_version=clock.referral.version,
            idempotency_key=f"clock:{clock.uid}:{rung}",
        )
        return
    facts = Facts(data={"clock": clock.kind, "level": rung})
    log.write(
        clock.referral,
        event=Entry.REMIND if rung == REMIND else Entry.ESCALATE,
        by=by,
        role=Actor.SYS,
        facts=facts,
        key=f"clock:{clock.uid}:{rung}",
    )
    notifications.rung(clock, rung)
