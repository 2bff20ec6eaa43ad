"""Every legal pair in every role: who may, may; everybody else is refused, nothing is written."""

import pytest
from django.db import transaction

from core.errors import Conflict
from referrals.handoffs import operations
from referrals.handoffs.errors import WrongActor
from referrals.handoffs.models import ReferralEvent
from tests.factories import handoffs
from tests.referrals.handoffs import oracle

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# The scheduler sends only members of a sequence, and withdraws only what is filled elsewhere.
SOMETIMES = {("draft", "send", "SYS"): False}


def cells(status):
    """Return the legal events of a status with every role and whether it may."""
    events = [event for event in oracle.EVENTS if (status, event) in oracle.TARGETS]
    return [
        (event, role, SOMETIMES.get((status, event, role), role in oracle.OWNERS[status, event]))
        for event in events
        for role in oracle.ACTORS
    ]


def arguments(referral, event, role, at):
    """Return a step in a role; what a row lets record for others is recorded for others."""
    data = handoffs.sample(event, referral)
    if (event, role) == ("cancel", "SYS"):
        data = {"reason": "FILLED_ELSEWHERE"}
    return {"data": data, **handoffs.as_role(role, referral, at)}


def attempt(referral, event, role, at):
    """Try a step and take it back; return what happened."""
    status, version = referral.status, referral.version
    try:
        with transaction.atomic():
            if event == "submit":
                handoffs.always_approve(at)
            operations.apply(
                referral,
                event=event,
                expected_version=version,
                idempotency_key=handoffs.key(),
                **arguments(referral, event, role, at),
            )
            transaction.set_rollback(True)
            return referral.status
    except (WrongActor, Conflict) as refused:
        return refused.code
    finally:
        referral.refresh_from_db()
        assert (referral.status, referral.version) == (status, version)


@pytest.mark.parametrize("status", oracle.STATUSES)
def test_a_step_is_taken_by_its_owners_and_by_nobody_else(world, status):
    at, referral = world.at, world.referral(status)
    before = ReferralEvent.objects.visible_to(handoffs.system()).count()

    outcomes = {
        (event, role): attempt(referral, event, role, at) for event, role, _may in cells(status)
    }

    for event, role, may in cells(status):
        expected = oracle.TARGETS[status, event] if may else "wrong_actor"
        assert outcomes[event, role] == expected, (status, event, role)
    assert ReferralEvent.objects.visible_to(handoffs.system()).count() == before


def test_nobody_approves_what_they_submitted():
    at = handoffs.scene()
    handoffs.always_approve(at)
    handoffs.join_case(at, at.supervisor)
    referral = handoffs.draft(at, by=at.supervisor)
    handoffs.take(referral, "submit", at, role="SUP")

    assert attempt(referral, "approve", "SUP", at) == "wrong_actor"


def test_after_the_second_dispute_only_the_coordinator_may_dispute():
    at = handoffs.scene()
    referral = handoffs.referral(at, "outcome_reported")
    for _turn in range(2):
        handoffs.take(referral, "dispute", at)
        handoffs.take(referral, "report_outcome", at)

    assert attempt(referral, "dispute", "SND", at) == "wrong_actor"
    assert attempt(referral, "dispute", "CRD", at) == "in_service"


def test_the_sender_records_answers_only_for_recipients_without_account():
    at = handoffs.scene()
    on_platform = handoffs.referral(at, "sent")
    by_phone = handoffs.referral(at, "sent", need=handoffs.another_need(at), channel="phone")
    reported = {"by": at.worker, "on_behalf_of": handoffs.PHONED}

    with pytest.raises(WrongActor):
        operations.apply(
            on_platform,
            event="acknowledge",
            expected_version=on_platform.version,
            idempotency_key=handoffs.key(),
            **reported,
        )
    entry = operations.apply(
        by_phone,
        event="acknowledge",
        expected_version=by_phone.version,
        idempotency_key=handoffs.key(),
        **reported,
    )

    assert (entry.actor_role, entry.reported_by, entry.channel) == ("PRX", "高怀英", "phone")


def test_a_link_opens_its_own_referral_only():
    at = handoffs.scene()
    mine = handoffs.referral(at, "sent")
    other = handoffs.referral(at, "sent", need=handoffs.another_need(at))
    link = handoffs.link(other)

    with pytest.raises(WrongActor):
        operations.apply(
            mine,
            event="acknowledge",
            by=handoffs.guest(),
            link=link,
            expected_version=mine.version,
            idempotency_key=handoffs.key(),
        )


def test_with_the_binding_switched_off_a_link_opens_another_referral(settings):
    settings.SAFEGUARDS_OFF = frozenset({"link_binding"})
    at = handoffs.scene()
    mine = handoffs.referral(at, "sent")
    other = handoffs.referral(at, "sent", need=handoffs.another_need(at))
    link = handoffs.link(other)

    operations.apply(
        mine,
        event="acknowledge",
        by=handoffs.guest(),
        link=link,
        expected_version=mine.version,
        idempotency_key=handoffs.key(),
    )

    assert mine.status == "acknowledged"
