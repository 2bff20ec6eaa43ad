"""One round of each race; the tests run twenty, the bench a thousand."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from rest_framework.test import APIClient

from accounts.queries import system
from core.errors import Conflict
from core.jobs import now, shifted
from referrals.casefiles.operations import consent as consents
from referrals.handoffs import jobs
from referrals.handoffs.models import Referral
from referrals.handoffs.states import Clock
from tests.factories import casefiles, handoffs
from tests.referrals.handoffs import replay
from tests.support.threads import together


def fresh(referral: Referral) -> Referral:
    """Read a referral as it stands."""
    return Referral.objects.visible_to(system()).get(pk=referral.pk)


def attempt(
    referral: Referral, event: str, at: handoffs.Scene, role: str = "RCV"
) -> Callable[[], Any]:
    """Prepare a step on a copy that was read before the race began."""
    return partial(handoffs.take, fresh(referral), event, at, role=role)


def accept_and_accept(at: handoffs.Scene) -> int:
    """Let the two people at the intake accept one referral; return how many won."""
    referral = handoffs.referral(at, "sent")

    together(attempt(referral, "accept", at), attempt(referral, "accept", at))

    won = fresh(referral).events.filter(event="accept").count()
    _clear(referral, at)
    return won


def accept_and_cancel(at: handoffs.Scene) -> list[str]:
    """Let the recipient accept while the sender cancels; return the steps in the log."""
    referral = handoffs.referral(at, "sent")

    together(attempt(referral, "accept", at), attempt(referral, "cancel", at, "SND"))

    story = _story(referral)
    _clear(referral, at)
    return story


def accept_and_withdraw(at: handoffs.Scene) -> list[str]:
    """Let the recipient accept while the client takes the consent back.

    The withdrawal is never refused.
    """
    referral = handoffs.referral(at, "sent")
    consent = at.client.consents.in_force(now()).get()

    _accepted, withdrawn = together(
        attempt(referral, "accept", at),
        partial(consents.withdraw, consent, by=at.worker, via="phone"),
    )

    assert not isinstance(withdrawn, Conflict), withdrawn
    at.consent = casefiles.consent(at.client, at.service, handoffs.CLASSES)
    return _story(referral)


def accept_and_expire(at: handoffs.Scene) -> list[str]:
    """Let the recipient accept in the minute in which silence ends the referral."""
    referral = handoffs.referral(at, "sent")
    clock = referral.clocks.get(kind=Clock.DECIDE)

    with shifted(clock.l4_at - now() + timedelta(seconds=1)):
        together(attempt(referral, "accept", at), jobs.climb_ladders)

    story = _story(referral)
    _clear(referral, at)
    return story


def _story(referral: Referral) -> list[str]:
    """Return the steps that moved the referral; the log must tell the row."""
    stored = fresh(referral)
    told = replay.of(stored.events.order_by("seq"))
    assert {name: getattr(stored, name) for name in told} == told
    return list(stored.events.exclude(to_status="").order_by("seq").values_list("event", flat=True))


def _clear(referral: Referral, at: handoffs.Scene) -> None:
    """End what still goes on, so that the need can be referred again."""
    stored = fresh(referral)
    if stored.ended_at is None:
        handoffs.take(stored, "cancel", at)


def same_key(at: handoffs.Scene, *, senders: int) -> tuple[list[int], int]:
    """Post one draft many times at once under one key; return answers and referrals made."""
    body = {
        "client": str(at.client.uid),
        "needs": [str(at.need.uid)],
        "service": str(at.service.uid),
        "referral_reason": "SPECIALIST",
        "packet": {"classes": list(handoffs.CLASSES)},
    }
    key = handoffs.key()

    def post() -> int:
        caller = APIClient()
        caller.force_authenticate(at.worker)
        answer = caller.post("/api/v1/referrals", body, "json", HTTP_IDEMPOTENCY_KEY=key)
        return int(answer.status_code)

    answers = together(*[post] * senders)
    return answers, at.client.referrals.count()
