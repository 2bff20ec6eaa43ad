"""What a person may do with a referral now: the pages draw their buttons from nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from accounts.models import User
from core.jobs import now
from directory.catalogue.models import Code
from referrals.handoffs import guards
from referrals.handoffs.errors import WrongActor
from referrals.handoffs.guards import Finding, Reported
from referrals.handoffs.models import AccessLink, ReasonCode, Referral, ReferralEvent
from referrals.handoffs.states import (
    LOG,
    Actor,
    Entry,
    Event,
    Fact,
    Line,
    Selectable,
    Transition,
    legal,
)

# Written by the product itself, or by a page of its own.
SILENT = frozenset({Entry.CREATED, Entry.EDITED, Entry.PAYLOAD_VIEWED, Entry.NUDGE_CLIENT})
CHOOSERS = {
    Actor.CLI: [Selectable.WORKER_OR_CLIENT],
    Actor.SYS: [Selectable.SYSTEM],
}
PEOPLE = [Selectable.RECIPIENT, Selectable.WORKER, Selectable.WORKER_OR_CLIENT]
CORRECT_WITHIN = timedelta(days=7)
HEAR_SAY = Reported("", "")


@dataclass(frozen=True)
class Field:
    """One value that a step asks for."""

    fact: Fact
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Allowed:
    """One step that this person may take now."""

    event: str
    label: str
    to: str
    role: str
    fields: tuple[Field, ...]
    warnings: tuple[Finding, ...] = ()
    # `recipient` or `client`: the step records what somebody else said.
    on_behalf_of: str = ""

    @property
    def moves(self) -> bool:
        """Say whether the step changes the status."""
        return bool(self.to)


def allowed(referral: Referral, *, by: User, link: AccessLink | None = None) -> list[Allowed]:
    """Return every step that this person may take from where the referral stands."""
    rows: list[Transition | Line] = [
        *legal(referral.status),
        *(one for one in LOG if referral.status in one.statuses and one.event not in SILENT),
    ]
    own = guards.hats(referral, by=by, link=link)
    found = []
    for row in rows:
        step = _step(referral, row, own, by=by, link=link)
        if step is not None:
            found.append(step)
    return found


def _step(
    referral: Referral,
    row: Transition | Line,
    own: frozenset[Actor],
    *,
    by: User,
    link: AccessLink | None,
) -> Allowed | None:
    for reported in (None, HEAR_SAY):
        if reported is not None and not guards.proxies(referral, own) & set(row.actors):
            continue
        try:
            role = guards.actor(
                referral, row.actors, row.event, by=by, link=link, reported=reported
            )
        except WrongActor:
            continue
        if _is_idle(referral, row):
            return None
        return _allowed(referral, row, role, by=by, reported=reported is not None)
    return None


def _is_idle(referral: Referral, row: Transition | Line) -> bool:
    """Leave out what the guards would refuse for reasons that no filling in can change."""
    if row.event == Event.SUBMIT:
        return not guards.approval_reasons(referral, at=now())
    if row.event == Event.SEND:
        return bool(guards.approval_reasons(referral, at=now()))
    if row.event == Event.REOPEN:
        return guards.cannot_reopen(referral)
    if row.event in APPOINTMENTS:
        return not referral.appointments.filter(state__in=["set", "moved"]).exists()
    if row.event == Entry.PROXY_CORRECTED:
        return not correctable(referral)
    return False


def correctable(referral: Referral) -> list[ReferralEvent]:
    """Return what others recorded for the recipient within a week."""
    rows = referral.events.filter(actor_role=Actor.PRX, at__gt=now() - CORRECT_WITHIN)
    return list(rows.order_by("-seq"))


def _allowed(
    referral: Referral, row: Transition | Line, role: Actor, *, by: User, reported: bool
) -> Allowed:
    party = ("client" if role == Actor.CLI else "recipient") if reported else ""
    target = row.target if isinstance(row, Transition) else ""
    names = row.guards if isinstance(row, Transition) else ()
    warnings = [
        finding
        for name in names
        for finding in guards.GUARDS[name](referral, by, now())
        if not finding.blocks
    ]
    return Allowed(
        event=str(row.event),
        label=str(row.event.label),
        to=str(target),
        role=str(role),
        fields=tuple(Field(fact, _choices(fact, role)) for fact in row.needs),
        warnings=tuple(warnings),
        on_behalf_of=party,
    )


def _choices(fact: Fact, role: Actor) -> tuple[tuple[str, str], ...]:
    if fact.kind in {"outcomes", "results"}:
        return _labels(Code.objects.of("referral_outcome"))
    if fact.kind != "code":
        return ()
    rows = Code.objects.of(fact.codes)
    if fact.name == "reason":
        mine = CHOOSERS.get(role, PEOPLE)
        rows = rows.filter(Q(reason=None) | Q(reason__selectable_by__in=mine))
    return _labels(rows)


def _labels(rows: Iterable[Code]) -> tuple[tuple[str, str], ...]:
    return tuple((row.code, row.label) for row in rows)


def code_choices(name: str) -> tuple[tuple[str, str], ...]:
    """Return the codes of a set that may be chosen, with their words."""
    return _labels(Code.objects.of(name))


def reasons(name: str) -> dict[str, ReasonCode]:
    """Return what is known about each reason of a set."""
    rows = ReasonCode.objects.filter(code__set=name).select_related("code")
    return {row.code.code: row for row in rows}


APPOINTMENTS = frozenset(
    {
        Entry.APPOINTMENT_MOVED,
        Entry.APPOINTMENT_ATTENDED,
        Entry.APPOINTMENT_NO_SHOW,
        Entry.APPOINTMENT_CANCELLED,
    }
)
