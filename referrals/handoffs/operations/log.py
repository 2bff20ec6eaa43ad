"""What stands in the log without moving the referral: notes, reminders, attempts, meetings."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.operations import audited
from core.errors import NotPermitted
from core.jobs import now
from referrals.handoffs import guards, notifications, queries
from referrals.handoffs.errors import GuardFailed, RemindedToday
from referrals.handoffs.guards import Facts, Finding, Reported
from referrals.handoffs.models import (
    AccessLink,
    Appointment,
    ContactAttempt,
    Referral,
    ReferralEvent,
)
from referrals.handoffs.operations import clocks, events
from referrals.handoffs.signals import referral_moved
from referrals.handoffs.states import Actor, Clock, Entry, Event, Meeting, line

ONCE_A_DAY = timedelta(hours=24)
SENDERS = frozenset({Actor.SND, Actor.SUP, Actor.CRD})


def record(
    referral: Referral,
    *,
    event: str,
    by: User,
    data: Mapping[str, Any] | None = None,
    idempotency_key: str,
    occurred_at: datetime | None = None,
    on_behalf_of: Reported | None = None,
    link: AccessLink | None = None,
) -> ReferralEvent:
    """Write one entry; it never changes status or version, so that reading stays valid."""
    key = events.principal_key(by, link, idempotency_key)
    before = events.already(referral, event, key)
    if before is not None:
        return before
    with audited(by=by, action=f"referral.{event}", on=referral, client=referral.client) as audit:
        events.lock(referral)
        referral.refresh_from_db()
        found = line(event, referral.status)
        role = guards.actor(referral, found.actors, event, by=by, link=link, reported=on_behalf_of)
        audit.meta["role"] = role
        facts = guards.check(
            referral, found, by=by, role=role, data=data or {}, occurred_at=occurred_at
        )
        entry = write(
            referral,
            event=event,
            by=by,
            role=role,
            facts=facts,
            key=key,
            link=link,
            reported=on_behalf_of,
            occurred_at=occurred_at,
        )
        effect = EFFECTS.get(event)
        if effect is not None:
            effect(entry, facts)
        notifications.tell(entry)
        referral_moved.send(Referral, event=entry)
    return entry


def write(  # noqa: PLR0913  # the columns of a line
    referral: Referral,
    *,
    event: str,
    by: User,
    role: Actor,
    facts: Facts | None = None,
    key: str = "",
    link: AccessLink | None = None,
    reported: Reported | None = None,
    occurred_at: datetime | None = None,
) -> ReferralEvent:
    """Add a line with the next number; the row lock of the counter keeps the numbers whole."""
    told, at = facts or Facts(), now()
    with audited(by=by, action=f"referral.log.{event}", on=referral, client=referral.client):
        Referral.objects.filter(pk=referral.pk).update(last_seq=F("last_seq") + 1, updated_at=at)
        referral.refresh_from_db(fields=["last_seq", "updated_at"])
        return ReferralEvent.objects.create(
            referral=referral,
            seq=referral.last_seq,
            event=event,
            actor=by,
            actor_role=role,
            on_behalf_of="recipient" if reported else "",
            channel=reported.channel if reported else "",
            reported_by=reported.reported_by if reported else "",
            reported_at=(reported.reported_at or at) if reported else None,
            link=link,
            at=at,
            occurred_at=occurred_at or at,
            reason=told.reason,
            data=told.data,
            texts=told.texts,
            idempotency_key=key,
        )


# ---- What some entries do beside -------------------------------------------------------------
def _attempt(entry: ReferralEvent, facts: Facts) -> None:
    ContactAttempt.objects.create(
        referral=entry.referral,
        at=facts.instant("at") or entry.occurred_at,
        method=facts.data["method"],
        result=facts.data["result"],
        by=entry.actor,
    )


def _progress(entry: ReferralEvent, _facts: Facts) -> None:
    clocks.restart(entry.referral, Clock.PROGRESS, at=entry.at, days={})


def _waitlist_reviewed(entry: ReferralEvent, facts: Facts) -> None:
    days = {"review_on": facts.day("review_on")}
    clocks.restart(entry.referral, Clock.WAITLIST, at=entry.at, days=days)


def _remind(entry: ReferralEvent, _facts: Facts) -> None:
    """Let a sender remind once a day; the ladder reminds by itself besides."""
    recent = entry.referral.events.filter(event=Entry.REMIND, at__gt=entry.at - ONCE_A_DAY).exclude(
        actor_role=Actor.SYS
    )
    if recent.exclude(pk=entry.pk).exists():
        raise RemindedToday


def _reassign(entry: ReferralEvent, facts: Facts) -> None:
    """Name another person of the same organization; another organization is another referral."""
    referral = entry.referral
    sending = entry.actor_role in SENDERS
    people = queries.people(referral, sending=sending)
    person = people.filter(uid=facts.data["person"]).first()
    if person is None:
        finding = Finding("facts", "invalid", _("Choose somebody of your organization."), "person")
        raise GuardFailed(finding.detail, errors=[finding.to_json()])
    column = "sender" if sending else "assigned_to"
    Referral.objects.filter(pk=referral.pk).update(**{column: person})
    setattr(referral, column, person)


def _told_moment(facts: Facts) -> datetime:
    at = facts.instant("at")
    assert at is not None  # noqa: S101  # the line of the log demands it
    return at


def _set_meeting(entry: ReferralEvent, facts: Facts) -> None:
    Appointment.objects.create(
        referral=entry.referral,
        at=_told_moment(facts),
        place=facts.texts.get("place", ""),
        state=Meeting.SET,
    )


def _change_meeting(entry: ReferralEvent, facts: Facts) -> None:
    meeting = _meeting(entry.referral, facts)
    meeting.state = MEETINGS[entry.event]
    if entry.event == Entry.APPOINTMENT_MOVED:
        meeting.at = _told_moment(facts)
        meeting.place = facts.texts.get("place", meeting.place)
    meeting.save(update_fields=["state", "at", "place", "updated_at"])
    if entry.event == Entry.APPOINTMENT_ATTENDED:
        _begin(entry, meeting)


def _begin(entry: ReferralEvent, meeting: Appointment) -> None:
    """Take attendance for the first contact, where none was recorded yet."""
    referral = entry.referral
    if referral.first_contact_at is not None or referral.sent_at is None:
        return
    events.apply(
        referral,
        event=Event.START,
        by=entry.actor,
        data={"first_contact_at": min(max(meeting.at, referral.sent_at), entry.at)},
        expected_version=referral.version,
        idempotency_key=f"{entry.uid}:start",
        link=entry.link,
        on_behalf_of=_reported(entry),
    )


def _reported(entry: ReferralEvent) -> Reported | None:
    if not entry.on_behalf_of:
        return None
    return Reported(entry.reported_by, entry.channel, entry.reported_at)


def _meeting(referral: Referral, facts: Facts) -> Appointment:
    """Return the named appointment, or the next one that still stands."""
    rows = referral.appointments.filter(state__in=[Meeting.SET, Meeting.MOVED])
    uid = facts.data.get("appointment")
    found: Appointment | None = (rows.filter(uid=uid) if uid else rows).first()
    if found is None:
        detail = _("There is no appointment that still stands.")
        raise GuardFailed(
            detail, errors=[Finding("facts", "no_appointment", detail, "appointment").to_json()]
        )
    return found


def _correct(entry: ReferralEvent, facts: Facts) -> None:
    """Let recipients put right within a week what others recorded for them."""
    wrong = {one.seq for one in queries.correctable(entry.referral)}
    if facts.data["corrects"] not in wrong:
        raise NotPermitted(_("Only what others recorded for you in the last 7 days."))


MEETINGS: dict[str, Meeting] = {
    Entry.APPOINTMENT_MOVED: Meeting.MOVED,
    Entry.APPOINTMENT_ATTENDED: Meeting.ATTENDED,
    Entry.APPOINTMENT_NO_SHOW: Meeting.NO_SHOW,
    Entry.APPOINTMENT_CANCELLED: Meeting.CANCELLED,
}
Effect = Callable[[ReferralEvent, Facts], None]
EFFECTS: dict[str, Effect] = {
    Entry.CONTACT_ATTEMPT: _attempt,
    Entry.PROGRESS: _progress,
    Entry.WAITLIST_REVIEWED: _waitlist_reviewed,
    Entry.REMIND: _remind,
    Entry.REASSIGN: _reassign,
    Entry.APPOINTMENT_SET: _set_meeting,
    **dict.fromkeys(MEETINGS, _change_meeting),
    Entry.PROXY_CORRECTED: _correct,
}
