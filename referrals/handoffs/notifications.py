"""Who hears what of a referral: a number and a link, never anything about the client."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.operations import message
from referrals.handoffs import clocks, queries
from referrals.handoffs.clocks import COORDINATOR, LATE, MANAGER, REMIND
from referrals.handoffs.models import AccessLink, Referral, ReferralClock, ReferralEvent
from referrals.handoffs.states import (
    ANSWERERS,
    Channel,
    Clock,
    ClockClass,
    Entry,
    Event,
)

WORDINGS = {
    "arrived": (
        _("Referral %(number)s has arrived"),
        _("A referral has arrived. Please confirm receipt and answer it: %(link)s"),
    ),
    "approve": (
        _("Referral %(number)s waits for your approval"),
        _("A referral of your team has to be approved before it is sent: %(link)s"),
    ),
    "moved": (
        _("Referral %(number)s has moved on"),
        _("The other side has answered. See where the referral stands: %(link)s"),
    ),
    "question": (
        _("Referral %(number)s was returned for more information"),
        _("The recipient has a question. Please answer it: %(link)s"),
    ),
    "stopped": (
        _("Referral %(number)s was withdrawn"),
        _(
            "This referral has ended. Please stop, delete what you received, and confirm it: "
            "%(link)s"
        ),
    ),
    "reminder": (
        _("Referral %(number)s waits for you"),
        _("A referral waits for your next step: %(link)s"),
    ),
    "late": (
        _("Referral %(number)s is overdue"),
        _("The time limit of a referral has passed. Please see what can be done: %(link)s"),
    ),
    "escalated": (
        _("Referral %(number)s needs a decision"),
        _("A referral has been silent for long. Alternatives are on its page: %(link)s"),
    ),
    "message": (
        _("A message about referral %(number)s"),
        _("The other side has written to you: %(link)s"),
    ),
    "listing": (
        _("A listing of one of your referrals has changed"),
        _("A service to which you have an open referral has changed: %(link)s"),
    ),
    "digest": (
        _("Referrals that wait for you: %(count)s"),
        _("%(count)s referrals wait for your next step. The list: %(link)s"),
    ),
    "link": (
        _("Please answer referral %(number)s"),
        _(
            "A partner asks for your answer. Open this address; no account is needed. "
            "Do not pass it on: %(link)s"
        ),
    ),
    "link_code": (
        _("Your code for referral %(number)s"),
        _("%(code)s is your code. It holds for 10 minutes. Tell it to nobody."),
    ),
    "link_asked": (
        _("A new link is asked for: referral %(number)s"),
        _("The recipient asks for a new link. Please decide: %(link)s"),
    ),
    "link_locked": (
        _("The link of referral %(number)s is locked"),
        _("A wrong code was entered five times. Call the recipient and send a new link: %(link)s"),
    ),
    "link_reminder": (
        _("Referral %(number)s waits for your answer"),
        _("Please answer with the link that was sent to you, or call %(phone)s."),
    ),
    "status": (
        _("How it goes on"),
        _("Here you can see how it goes on. Do not pass this address on: %(link)s"),
    ),
}
for _key, (_subject, _body) in WORDINGS.items():
    message.template(f"handoffs.{_key}", subject=_subject, body=_body)


# ---- Steps -----------------------------------------------------------------------------------
TO_RECIPIENT: dict[str, str] = {
    Event.SEND: "arrived",
    Event.APPROVE: "arrived",
    Event.PROVIDE_INFO: "moved",
    Event.VERIFY_CLOSE: "moved",
    Event.DISPUTE: "moved",
    Event.AUTO_CLOSE: "moved",
    Event.CANCEL: "stopped",
    Event.CLIENT_WITHDRAW: "stopped",
    Event.BASIS_LOST: "stopped",
    Event.EXPIRE: "moved",
    Event.LAPSE: "moved",
    Event.REOPEN: "moved",
    Entry.REMIND: "reminder",
    Entry.NOTE: "message",
}
TO_SENDER: dict[str, str] = {
    Event.APPROVE: "moved",
    Event.RETURN: "moved",
    Event.REQUEST_INFO: "question",
    Event.ACCEPT: "moved",
    Event.WAITLIST: "moved",
    Event.PROMOTE: "moved",
    Event.DECLINE: "moved",
    Event.START: "moved",
    Event.HOLD: "moved",
    Event.RESUME: "moved",
    Event.REPORT_OUTCOME: "moved",
    Event.FAIL: "moved",
    Event.AUTO_CLOSE: "moved",
    Event.CANCEL: "moved",
    Event.CLIENT_WITHDRAW: "moved",
    Event.BASIS_LOST: "moved",
    Event.EXPIRE: "moved",
    Event.LAPSE: "moved",
    Event.REOPEN: "moved",
    Entry.NOTE: "message",
    Entry.PROXY_CORRECTED: "message",
}


def tell(entry: ReferralEvent) -> None:
    """Tell the side that did not act; what others decide for both is told to both."""
    referral = entry.referral
    key = f"referral:{referral.uid}:{entry.seq}"
    if entry.event == Event.SUBMIT:
        _to_people(queries.approvers(referral), "approve", referral, key)
    if entry.data.get("internal"):
        return
    wording = TO_RECIPIENT.get(entry.event)
    if wording is not None and entry.actor_role not in ANSWERERS and referral.sent_at:
        _to_recipient(referral, wording, key)
    wording = TO_SENDER.get(entry.event)
    if wording is not None and entry.actor_id != referral.sender_id:
        _to_people([referral.sender], wording, referral, key)


def listing_changed(referral: Referral, *, key: str) -> None:
    """Tell the worker that the service of an open referral has changed."""
    _to_people([referral.sender], "listing", referral, key)


# ---- The ladder ------------------------------------------------------------------------------
def rung(clock: ReferralClock, level: int) -> None:
    """Tell whoever a rung concerns; below the second level only emergencies at once."""
    referral = clock.referral
    key = f"{referral.uid}:{clock.kind}:{clock.started_at.isoformat()}:{level}"
    if level in (REMIND, LATE):
        if referral.clock_class == ClockClass.EMERGENCY:
            _to_sides(clock, "reminder" if level == REMIND else "late", key)
    elif level == MANAGER:
        _to_recipient(referral, "escalated", key)
        _to_people(queries.approvers(referral), "escalated", referral, key)
    elif level == COORDINATOR:
        _to_people(queries.coordinators(), "escalated", referral, key)


def digest(user: User, *, count: int, on: date) -> None:
    """Tell a person once a day what waits, instead of once per referral."""
    message.queue(
        queries.digest_key(on),
        to=user,
        template="handoffs.digest",
        link=reverse("handoffs:inbox") if queries.answers(user) else reverse("handoffs:referrals"),
        count=count,
    )


def _to_sides(clock: ReferralClock, wording: str, key: str) -> None:
    referral, kind = clock.referral, Clock(clock.kind)
    both = wording == "late" and kind not in {*clocks.SENDERS, Clock.RESUME}
    if kind == Clock.APPROVAL:
        _to_people(queries.approvers(referral), wording, referral, key)
    elif both or kind in clocks.SENDERS:
        _to_people([referral.sender], wording, referral, key)
    if kind not in clocks.SENDERS:
        _to_recipient(referral, wording, key)


# ---- Addresses -------------------------------------------------------------------------------
def _to_people(
    people: Iterable[User] | QuerySet[User], wording: str, referral: Referral, key: str
) -> None:
    for person in people:
        if person.is_active:
            message.queue(
                key,
                to=person,
                template=f"handoffs.{wording}",
                link=reverse("handoffs:referral", args=[referral.uid]),
                client=referral.client,
                number=referral.ref_no,
            )


def _to_recipient(referral: Referral, wording: str, key: str) -> None:
    if referral.channel == Channel.SECURE_LINK:
        # The first message is the link itself; later ones only remind of it.
        if wording in {"reminder", "late", "escalated", "moved", "message"}:
            _to_link_holder(referral, key)
        return
    if referral.channel == Channel.PLATFORM:
        _to_people(queries.people_in_charge(referral), wording, referral, key)


def _to_link_holder(referral: Referral, key: str) -> None:
    link = queries.live_link(referral)
    if link is not None and link.address:
        message.queue(
            key,
            to=link.address,
            template="handoffs.link_reminder",
            client=referral.client,
            number=referral.ref_no,
            phone=queries.office_phone(referral.sender_org),
        )


def send_link(link: AccessLink, *, path: str, wording: str) -> None:
    """Send the secret address to the one mailbox or number it is bound to."""
    message.queue(
        f"link:{link.uid}",
        to=link.address,
        template=f"handoffs.{wording}",
        link=path,
        client=link.referral.client,
        number=link.referral.ref_no,
    )


def send_code(link: AccessLink, *, code: str, key: str) -> None:
    """Send the second factor by the other channel."""
    message.queue(
        key,
        to=link.code_address,
        template="handoffs.link_code",
        client=link.referral.client,
        number=link.referral.ref_no,
        code=code,
    )


def of_link(link: AccessLink, wording: str, *, key: str) -> None:
    """Tell the sender what happened with a link."""
    _to_people([link.referral.sender], wording, link.referral, key)
