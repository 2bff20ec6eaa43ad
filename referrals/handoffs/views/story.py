"""How a referral is told on its page: whose turn, the path, time limits, the chain, the thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.signs import sign
from core.templatetags.words import day, moment
from referrals.handoffs import queries
from referrals.handoffs.models import Referral, ReferralClock, ReferralEvent
from referrals.handoffs.queries import Allowed
from referrals.handoffs.states import Clock, Entry, Event, Status, Turn

# What the side whose turn it is has to do.
TO_DO: dict[str, str | Promise] = {
    Status.DRAFT: gettext_lazy("Complete the draft and send it."),
    Status.PENDING_APPROVAL: gettext_lazy("A supervisor looks at it before it is sent."),
    Status.SENT: gettext_lazy("Confirm receipt, then accept, put on the waiting list or decline."),
    Status.ACKNOWLEDGED: gettext_lazy("Accept, put on the waiting list or decline."),
    Status.INFO_REQUESTED: gettext_lazy("Answer the recipient's question."),
    Status.ACCEPTED: gettext_lazy("Contact the client for the first time."),
    Status.WAITLISTED: gettext_lazy("Look at the waiting list again."),
    Status.IN_SERVICE: gettext_lazy("Report progress, at the end the outcome."),
    Status.ON_HOLD: gettext_lazy("Resume the service."),
    Status.OUTCOME_REPORTED: gettext_lazy("Ask the client whether the help arrived, then close."),
    Status.DECLINED: gettext_lazy("Turn to the next provider."),
    Status.FAILED: gettext_lazy("Turn to the next provider."),
    Status.EXPIRED: gettext_lazy("Turn to the next provider."),
}
PATH = (
    (Status.SENT, "sent_at"),
    (Status.ACKNOWLEDGED, "acknowledged_at"),
    (Status.ACCEPTED, "decided_at"),
    (Status.IN_SERVICE, "first_contact_at"),
    (Status.OUTCOME_REPORTED, "outcome_at"),
    (Status.CLOSED, "ended_at"),
)
ON_PATH = {
    Status.INFO_REQUESTED: Status.ACKNOWLEDGED,
    Status.WAITLISTED: Status.ACCEPTED,
    Status.ON_HOLD: Status.IN_SERVICE,
}
# What is done most often from where it stands comes first; the rest hides under "more".
FIRST: dict[str, tuple[str, ...]] = {
    Status.PENDING_APPROVAL: (Event.APPROVE, Event.RETURN),
    Status.SENT: (Event.ACKNOWLEDGE, Entry.REMIND),
    Status.ACKNOWLEDGED: (Event.ACCEPT, Event.DECLINE, Entry.REMIND),
    Status.INFO_REQUESTED: (Event.PROVIDE_INFO,),
    Status.ACCEPTED: (Event.START, Entry.CONTACT_ATTEMPT, Entry.REMIND),
    Status.WAITLISTED: (Event.PROMOTE, Entry.WAITLIST_REVIEWED, Entry.REMIND),
    Status.IN_SERVICE: (Event.REPORT_OUTCOME, Entry.PROGRESS, Entry.REMIND),
    Status.ON_HOLD: (Event.RESUME, Entry.REMIND),
    Status.OUTCOME_REPORTED: (Event.VERIFY_CLOSE, Event.DISPUTE),
    Status.CLOSED: (Event.REOPEN,),
    Status.FAILED: (Event.REOPEN,),
}
MOST_BUTTONS = 3


@dataclass(frozen=True)
class Buttons:
    """The steps of a page: at most three at once, what others said apart, the rest below."""

    shown: list[Allowed]
    proxy: list[Allowed]
    more: list[Allowed]


def in_order(referral: Referral, steps: Sequence[Allowed]) -> list[Allowed]:
    """Sort steps so that what is done most often from here comes first."""
    order = FIRST.get(referral.status, ())
    return sorted(steps, key=lambda s: order.index(s.event) if s.event in order else len(order))


def buttons(referral: Referral, steps: Sequence[Allowed]) -> Buttons:
    """Sort the allowed steps; notes have a form of their own, drafts a page."""
    usable = [
        step
        for step in steps
        if step.event not in {Entry.NOTE, Event.SEND, Event.SUBMIT} or step.on_behalf_of
    ]
    proxy = [step for step in usable if step.on_behalf_of == "recipient"]
    own = [step for step in usable if step.on_behalf_of != "recipient"]
    order = FIRST.get(referral.status, ())
    shown = [step for step in in_order(referral, own) if step.event in order][:MOST_BUTTONS]
    return Buttons(shown, proxy, [step for step in own if step not in shown])


def turn(referral: Referral, *, recipient: bool) -> dict[str, Any]:
    """Return whose turn it is, until when, and what they have to do."""
    side = Turn.RECIPIENT if recipient else Turn.SENDER
    mine = referral.next_actor == side or (
        referral.next_actor == Turn.SENDER_FOLLOW_UP and not recipient
    )
    clock = queries.clock(referral)
    return {
        "mine": mine,
        "who": who(referral),
        "due": referral.due_at,
        "start": clock.started_at if clock else None,
        "text": TO_DO.get(referral.status, ""),
        **({} if recipient else contact(referral)),
    }


def who(referral: Referral) -> str:
    """Name who has to act next."""
    if referral.next_actor == Turn.RECIPIENT:
        return recipient_name(referral)
    if referral.next_actor == Turn.SUPERVISOR:
        return _("a supervisor")
    return str(referral.sender.name)


def recipient_name(referral: Referral) -> str:
    """Name the recipient."""
    if referral.recipient_org is not None:
        return str(referral.recipient_org.text("name")[0])
    return str(referral.off_platform_contact)


def title(referral: Referral) -> str:
    """Name what is asked for."""
    if referral.service is not None:
        return str(referral.service.text("name")[0])
    first = referral.served[:1]
    return str(first[0].category.text("name")[0]) if first else referral.ref_no


def contact(referral: Referral) -> dict[str, str]:
    """Return whom to call on the other side."""
    outside = referral.off_platform_contact
    if outside is not None:
        return {"contact": outside.person, "phone": outside.phone}
    if referral.recipient_org is None:
        return {}
    person = referral.assigned_to.name if referral.assigned_to else ""
    return {"contact": person, "phone": queries.office_phone(referral.recipient_org)}


def path(referral: Referral) -> list[dict[str, Any]]:
    """Return the way of a referral with its dates: done, now, to come."""
    here = ON_PATH.get(Status(referral.status), Status(referral.status))
    order = [status for status, _name in PATH]
    place = order.index(here) if here in order else -1
    found = []
    for number, (status, name) in enumerate(PATH):
        at: datetime | None = getattr(referral, name)
        if status == Status.CLOSED and referral.status != Status.CLOSED:
            at = None
        if status == Status.ACCEPTED and referral.status == Status.DECLINED:
            at = None
        now_here = number == place
        passed = at is not None and (place < 0 or number < place)
        shown = referral.status if now_here else status
        found.append(
            {
                "word": Status(shown).label,
                "detail": moment(at) if at else "",
                "place": "now" if now_here else "done" if passed else "next",
                "icon": "" if passed else sign("referral", shown).shape,
            }
        )
    if place < 0 and referral.ended_at is not None:
        ended: dict[str, object] = {
            "word": referral.get_status_display(),
            "detail": moment(referral.ended_at),
        }
        found = [step for step in found if step["place"] == "done"]
        found.append(ended | {"place": "now", "icon": "st-end"})
    return found


def _was_kept(clock: ReferralClock) -> bool:
    return clock.stopped_at is not None and clock.stopped_at <= clock.due_at


def limits(referral: Referral) -> list[dict[str, Any]]:
    """Return every clock with what is left of it, or whether it was kept."""
    shown: dict[str, ReferralClock] = {}
    for clock in referral.clocks.order_by("started_at", "pk"):
        shown[clock.kind] = clock
    order = [kind for kind in Clock if kind in shown]
    return [
        {
            "label": Clock(kind).label,
            "clock": shown[kind],
            "kept": _was_kept(shown[kind]),
        }
        for kind in order
    ]


def attempts(referral: Referral) -> list[dict[str, Any]]:
    """Return the whole chain as one story."""
    rows = queries.chain(referral)
    return [
        {
            "name": recipient_name(one),
            "url": reverse("handoffs:referral", args=[one.uid]),
            "note": _told(one),
            "status": one.status,
            "side": "sender",
            "current": one.pk == referral.pk,
        }
        for one in rows
    ]


def _told(referral: Referral) -> str:
    parts = []
    if referral.sent_at:
        parts.append(_("sent %(day)s") % {"day": day(referral.sent_at)})
    if referral.ended_at:
        parts.append(_("ended %(day)s") % {"day": day(referral.ended_at)})
    if referral.end_reason:
        parts.append(queries.reason_label(referral))
    return " · ".join(parts)


def messages(log: Sequence[ReferralEvent], *, sending: bool) -> list[dict[str, Any]]:
    """Return what was said, newest first, as the thread shows it."""
    found = []
    for entry in queries.thread(log, sending=sending):
        reported = entry.reported_by if entry.on_behalf_of else ""
        found.append(
            {
                "who": reported or speaker(entry),
                "from_": entry.get_actor_role_display(),
                "at": entry.occurred_at,
                "text": queries.words(entry),
                "internal": bool(entry.data.get("internal")),
                "note": _("told by phone or in person, recorded by %(name)s")
                % {"name": entry.actor.name}
                if reported
                else "",
            }
        )
    return found


def speaker(entry: ReferralEvent) -> str:
    """Name who stands behind an entry; a link's holder has no name of ours."""
    if entry.actor.is_guest or entry.actor.is_system:
        return str(entry.get_actor_role_display())
    return entry.actor.name


def log_lines(log: Sequence[ReferralEvent]) -> list[dict[str, Any]]:
    """Return the log in words, oldest first."""
    labels = {**dict(Event.choices), **dict(Entry.choices)}
    return [
        {
            "title": labels.get(entry.event, entry.event),
            "at": entry.occurred_at,
            "who": speaker(entry),
            "icon": "arrow" if entry.to_status else "note",
        }
        for entry in log
    ]
