"""What must hold before a step: whose it is, what was told, G1 to G5."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.jobs import now
from referrals.handoffs.errors import GuardFailed
from referrals.handoffs.guards import rules
from referrals.handoffs.guards.actors import (
    Reported,
    actor,
    hats,
    is_on_the_case,
    on_the_cases,
    proxies,
)
from referrals.handoffs.guards.conditions import (
    GUARDS,
    approval_reasons,
    examine,
    failing,
    missing_classes,
)
from referrals.handoffs.guards.facts import Facts, Finding, read
from referrals.handoffs.guards.rules import cannot_reopen
from referrals.handoffs.models import Referral
from referrals.handoffs.states import Actor, Event, Line, Transition

__all__ = [
    "GUARDS",
    "Facts",
    "Finding",
    "Reported",
    "actor",
    "approval_reasons",
    "cannot_reopen",
    "check",
    "examine",
    "hats",
    "is_on_the_case",
    "missing_classes",
    "on_the_cases",
    "proxies",
    "refuse",
]


def check(
    referral: Referral,
    row: Transition | Line,
    *,
    by: User,
    role: Actor,
    data: Mapping[str, Any],
    occurred_at: datetime | None = None,
) -> Facts:
    """Return the clean facts of a step, or refuse it with everything that stands against it."""
    facts = read(row.needs, data, referral=referral, role=role)
    rules.check(referral, row.event, facts, occurred_at=occurred_at)
    found = facts.findings
    if isinstance(row, Transition):
        found = found + _guarded(referral, row, facts, by=by)
    refuse(found)
    return facts


def refuse(findings: list[Finding]) -> None:
    """Raise one error that names all that blocks."""
    blocking = [finding for finding in findings if finding.blocks]
    if blocking:
        raise GuardFailed(
            _("Something still stands in the way."),
            errors=[finding.to_json() for finding in blocking],
        )


def _guarded(referral: Referral, row: Transition, facts: Facts, *, by: User) -> list[Finding]:
    at = now()
    if row.event == Event.PROVIDE_INFO:
        # Only what is new needs a new look at the consent.
        return _additions(referral, facts, at)
    found = failing(referral, row.guards, by=by, at=at)
    if row.event == Event.SUBMIT and not approval_reasons(referral, at=at):
        found.append(
            Finding("G5", "approval_not_needed", _("Nobody has to approve this; send it."))
        )
    return found


def _additions(referral: Referral, facts: Facts, at: datetime) -> list[Finding]:
    added = [name for name in facts.data.get("classes", []) if name not in referral.data_classes]
    return [
        Finding(
            "G2", "basis_missing", _("No consent covers what you want to add."), f"classes.{name}"
        )
        for name in missing_classes(referral, added, at=at)
    ]
