"""Taking a step: the only writer of a referral's status."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import IdempotencyMismatch
from accounts.models import User
from accounts.operations import audited
from core.errors import Conflict
from core.jobs import now
from core.safeguards import checkpoint
from referrals.casefiles.models import Client
from referrals.handoffs import guards, notifications
from referrals.handoffs.guards import Reported
from referrals.handoffs.models import AccessLink, Referral, ReferralEvent
from referrals.handoffs.operations import effects, projection
from referrals.handoffs.operations.step import Step
from referrals.handoffs.signals import referral_moved
from referrals.handoffs.states import ANSWERERS, transition

LOST = _("Somebody was faster. Reload to see where the referral stands.")


def apply(  # noqa: PLR0913  # each is something else that a step may be told
    referral: Referral,
    *,
    event: str,
    by: User,
    data: Mapping[str, Any] | None = None,
    expected_version: int,
    idempotency_key: str,
    occurred_at: datetime | None = None,
    on_behalf_of: Reported | None = None,
    link: AccessLink | None = None,
) -> ReferralEvent:
    """Take one arrow of the diagram; nothing else in the product writes a referral's status."""
    key = principal_key(by, link, idempotency_key)
    before = already(referral, event, key)
    if before is not None:
        return before
    with audited(by=by, action=f"referral.{event}", on=referral, client=referral.client) as record:
        lock(referral)
        # Before the guards: what has ended meanwhile is lost, not lacking a consent.
        if expected_version != referral.version or not projection.stands(referral):
            raise Conflict(LOST)
        row = transition(event, referral.status)
        role = guards.actor(referral, row.actors, event, by=by, link=link, reported=on_behalf_of)
        record.meta["role"] = role
        facts = guards.check(
            referral, row, by=by, role=role, data=data or {}, occurred_at=occurred_at
        )
        at = now()
        step = Step(
            referral=referral,
            row=row,
            by=by,
            role=role,
            facts=facts,
            at=at,
            occurred_at=occurred_at if occurred_at and role in ANSWERERS else at,
            reported=on_behalf_of,
            link=link,
            key=key,
            source=referral.status,
        )
        checkpoint("referral_cas")
        if not projection.win(step):
            raise Conflict(LOST)
        entry = effects.follow(step)
        notifications.tell(entry)
        referral_moved.send(Referral, event=entry)
    return entry


def lock(referral: Referral) -> None:
    """Take the client first, as everything does that moves a person's data (rule WR4).

    Consent is read behind this lock, so that a withdrawal is either seen or sees the step.
    """
    clients = Client._base_manager.select_for_update(no_key=True)
    clients.get(pk=referral.client_id)


def principal_key(by: User, link: AccessLink | None, key: str) -> str:
    """Bind a key to whoever uses it: another person's key never replays."""
    if not key:
        return ""
    return f"link:{link.pk}:{key}" if link is not None else f"{by.uid}:{key}"


def already(referral: Referral, event: str, key: str) -> ReferralEvent | None:
    """Return what this key has done to the referral before; with another step it is refused."""
    found = referral.events.filter(idempotency_key=key).first() if key else None
    if found is not None and found.event != event:
        raise IdempotencyMismatch
    return found
