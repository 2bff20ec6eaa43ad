"""What else happens with a step: clocks, log, packet, grants, needs, links, listing, timeline."""

from collections.abc import Callable
from decimal import Decimal

from django.db import IntegrityError, transaction

from referrals.casefiles.models import Need
from referrals.casefiles.operations import need as needs
from referrals.casefiles.operations import timeline
from referrals.casefiles.states import NeedStatus, need_move
from referrals.handoffs import packet
from referrals.handoffs.errors import DuplicateOpen
from referrals.handoffs.models import Referral, ReferralEvent, ReferralNeed
from referrals.handoffs.operations import clocks, links, listings, packets
from referrals.handoffs.operations.step import Step
from referrals.handoffs.states import DONE, Event, Status
from referrals.handoffs.states.timeline import KINDS

NAMED_DAYS = ("review_on", "resume_on")
# What the client confirmed → what becomes of the need; everything else stays to be followed up.
SETTLED = {
    "RECEIVED_FULL": NeedStatus.RESOLVED,
    "RECEIVED_PART": NeedStatus.PARTLY_RESOLVED,
}


def follow(step: Step) -> ReferralEvent:
    """Write the step into the log and let happen what hangs on it."""
    referral = step.referral
    referral.refresh_from_db()
    days = {name: step.facts.day(name) for name in NAMED_DAYS}
    begun = clocks.wind(referral, at=step.at, days=days)
    entry = _enter(step, begun)
    for effect in EFFECTS.get(step.row.event, ()):
        effect(step)
    if step.row.target in DONE:
        _end(step)
    timeline.add(
        referral.client,
        by=step.by,
        at=step.occurred_at,
        kind=KINDS[step.row.event],
        thing=referral,
        organization=referral.recipient_org or referral.sender_org,
    )
    return entry


def _enter(step: Step, begun: clocks.Frozen) -> ReferralEvent:
    reported = step.reported
    return ReferralEvent.objects.create(
        referral=step.referral,
        seq=step.referral.last_seq,
        event=step.row.event,
        from_status=step.source,
        to_status=step.row.target,
        actor=step.by,
        actor_role=step.role,
        on_behalf_of="" if reported is None else step.party,
        channel=reported.channel if reported else "",
        reported_by=reported.reported_by if reported else "",
        reported_at=(reported.reported_at or step.at) if reported else None,
        link=step.link,
        at=step.at,
        occurred_at=step.occurred_at,
        reason=step.reason,
        data=step.facts.data,
        texts=step.facts.texts,
        idempotency_key=step.key,
        due_frozen=begun,
    )


# ---- Packet and grants -----------------------------------------------------------------------
def _hand_over(step: Step) -> None:
    packets.freeze(step.referral, at=step.at)
    packets.open_preview(step.referral, by=step.by, at=step.at)


def _add_to_packet(step: Step) -> None:
    packets.add(
        step.referral,
        by=step.by,
        classes=step.facts.data.get("classes", []),
        details=step.facts.texts.get("details", {}),
        at=step.at,
    )


def _open_packet(step: Step) -> None:
    packets.open_full(step.referral, by=step.by, at=step.at)


# ---- Needs -----------------------------------------------------------------------------------
def _take_up(step: Step) -> None:
    for row in step.referral.needs.select_related("need"):
        needs.take_up(row.need, by=step.case_worker)


def _note_outcomes(step: Step) -> None:
    """Keep the provider's account of each need; the words stay sealed."""
    missing = step.facts.texts.get("missing", {})
    told = {entry["need"]: entry for entry in step.facts.data["outcomes"]}
    for row in step.referral.needs.select_related("need"):
        entry = told[str(row.need.uid)]
        row.outcome = entry["outcome"]
        row.missing = missing.get(entry["need"], "")
        row.quantity = Decimal(entry["quantity"]) if "quantity" in entry else None
        row.amount = Decimal(entry["amount"]) if "amount" in entry else None
        row.unit = entry.get("unit", "")
        row.save(update_fields=["outcome", "missing", "quantity", "amount", "unit", "updated_at"])


def _settle_needs(step: Step) -> None:
    """Store what the client confirmed; what is not met stays open for the follow-up."""
    results = {entry["need"]: entry["result"] for entry in step.facts.data["results"]}
    for row in step.referral.needs.select_related("need"):
        row.result = results[str(row.need.uid)]
        row.save(update_fields=["result", "updated_at"])
        status = SETTLED.get(row.result)
        if status is not None and need_move(row.need.status, status):
            needs.settle(row.need, by=step.case_worker, status=status)


def _unknown(step: Step) -> None:
    """Nobody asked the client: where no other referral goes on, the need's state is unknown."""
    if step.row.target != Status.CLOSED:
        return
    for row in step.referral.needs.select_related("need"):
        if row.need.status == NeedStatus.IN_PROGRESS and not _goes_on(row.need, step.referral):
            needs.settle(row.need, by=step.case_worker, status=NeedStatus.UNKNOWN)


def _goes_on(need: Need, referral: Referral) -> bool:
    others = referral.client.referrals.exclude(pk=referral.pk)
    return bool(others.filter(needs__need=need, needs__open_key__isnull=False).exists())


def _take_places(step: Step) -> None:
    """Give the needs their open keys back; a referral that took one meanwhile keeps it."""
    for row in step.referral.needs.all():
        key = packet.open_key(step.referral, row.need_id)
        try:
            with transaction.atomic():
                ReferralNeed.objects.filter(pk=row.pk).update(open_key=key)
        except IntegrityError as error:
            raise DuplicateOpen from error


# ---- Listing ---------------------------------------------------------------------------------
def _doubt(step: Step) -> None:
    listings.doubt(step.referral, event=step.row.event, reason=step.reason, by=step.by)


def _vouch(step: Step) -> None:
    listings.vouch(step.referral, by=step.by, at=step.occurred_at)
    listings.note_room(step.referral, left=step.facts.data.get("capacity_left"))


# ---- Links -----------------------------------------------------------------------------------
def _send_link(step: Step) -> None:
    links.send_first(step.referral, by=step.by)


def _end(step: Step) -> None:
    """Free the needs for others, close the packet, end the recipient's link."""
    ReferralNeed.objects.filter(referral=step.referral).update(open_key=None)
    packets.close(step.referral, by=step.by, at=step.at)
    links.end(step.referral, at=step.at)


Effect = Callable[[Step], None]
EFFECTS: dict[str, tuple[Effect, ...]] = {
    Event.SEND: (_hand_over, _take_up, _send_link),
    Event.APPROVE: (_hand_over, _take_up, _send_link),
    Event.PROVIDE_INFO: (_add_to_packet,),
    Event.ACCEPT: (_open_packet, _vouch),
    Event.WAITLIST: (_open_packet,),
    Event.START: (_vouch,),
    Event.REPORT_OUTCOME: (_note_outcomes,),
    Event.DECLINE: (_doubt,),
    Event.FAIL: (_doubt,),
    Event.EXPIRE: (_doubt,),
    Event.VERIFY_CLOSE: (_settle_needs,),
    Event.AUTO_CLOSE: (_unknown,),
    Event.BASIS_LOST: (_unknown,),
    Event.REOPEN: (_take_places, _open_packet, _take_up),
}
