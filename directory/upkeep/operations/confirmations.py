"""Take somebody's word that a listing is right, wrong, moved or gone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.queries import system
from core import jobs
from core.errors import Conflict
from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.operations import listing, restrictions
from directory.catalogue.states import (
    PLACE_GROUPS,
    MatchKind,
    Reason,
    RestrictionKind,
    group_of,
)
from directory.upkeep import queries
from directory.upkeep.models import (
    Doubt,
    FieldConfirmation,
    Verification,
    VerificationRequest,
    VerificationTask,
)
from directory.upkeep.operations import checks, freshness, proposals
from directory.upkeep.states import (
    DOUBT_MOVES,
    DoubtState,
    Kind,
    Method,
    ProposalKind,
    Result,
    Source,
    TaskState,
    move,
)

LIFTED = frozenset({Reason.UNCONFIRMED, Reason.UNREACHABLE})


@dataclass(frozen=True)
class Word:
    """Whose word it is, how it reached us, and on which version of the listing it was given."""

    method: str
    seen_version: int
    contact_name: str = ""
    contact_role: str = ""
    request: VerificationRequest | None = None
    source: str = Source.VERIFIER
    note: str = ""
    at: datetime = field(default_factory=jobs.now)


def confirm(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    by: User,
    word: Word,
    groups: Collection[str] = (),
    corrected: Collection[str] = (),
    task: VerificationTask | None = None,
) -> Verification:
    """Record that the facts are right as shown; what changed since they were shown is refused."""
    asked = set(groups) or queries.applicable_groups(service, place)
    task = task or _open_task(service, place)
    result = Result.UPDATED if corrected else Result.CONFIRMED
    with audited(by=by, action="listing.confirm", on=service, method=word.method):
        _same_version(service, word.seen_version)
        said = _record(service, place, by=by, word=word, task=task,
                       result=result, groups=asked, corrected=corrected)  # fmt: skip
        _confirm_fields(service, place, said=said, groups=asked)
        _settle_doubts(service, place, groups=asked, corrected=set(corrected))
        if task is not None:
            _settle_task(task, by=by, groups=asked, result=result)
        # First: which facts a service needs for itself depends on whether a place is active.
        _lift(service, place)
        _refresh_all(service, place, by=by, at=word.at, role=word.contact_role)
    return said


def correct(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    by: User,
    word: Word,
    changes: Mapping[str, Any],
    key: str,
    groups: Collection[str] = (),
    task: VerificationTask | None = None,
) -> Verification:
    """Take corrections through the one door for changes, then confirm the rest.

    A group whose change waits for review is not confirmed: nobody has said the old text is right.
    """
    asked = set(groups) or queries.applicable_groups(service, place)
    with audited(by=by, action="listing.correct", on=service, method=word.method):
        _same_version(service, word.seen_version)
        outcome = listing.change(
            service,
            by=by,
            changes=changes,
            base_version=word.seen_version,
            source=word.source,
            key=key,
        )
        waiting = {str(group_of(path)) for path in outcome.review}
        corrected = {str(group_of(path)) for path in changes}
        service.refresh_from_db()
        return confirm(
            service,
            place,
            by=by,
            word=replace(word, seen_version=service.version),
            groups=asked - waiting,
            corrected=corrected - waiting,
            task=task,
        )


def report_closed(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    by: User,
    word: Word,
    task: VerificationTask | None = None,
) -> Verification:
    """Stop sending people to a closed door at once; a moderator decides whether it stays closed.

    A crisis service is not hidden on one word: it is doubted and called the same day.
    """
    task = task or _open_task(service, place)
    target = place or service
    with audited(by=by, action="listing.closed", on=service, method=word.method):
        said = _record(service, place, by=by, word=word, task=task,
                       result=Result.CLOSED, groups=(), corrected=())  # fmt: skip
        if queries.policy(service).code == "crisis" and word.method == Method.EMAIL:
            _call_today(service, place, by=by)
        else:
            _take_down(service, place)
            if task is not None:
                checks.settle(task, by=by, result=Result.CLOSED)
        proposals.propose(target, by=by, kind=ProposalKind.CLOSE, source=word.source)
    return said


def refuse(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    by: User,
    word: Word,
    task: VerificationTask | None = None,
) -> Verification:
    """Take down a listing whose provider does not want it; a coordinator decides for how long."""
    task = task or _open_task(service, place)
    with audited(by=by, action="listing.refused", on=service, method=word.method):
        said = _record(service, place, by=by, word=word, task=task,
                       result=Result.REFUSED, groups=(), corrected=())  # fmt: skip
        if service.state == "active":
            listing.suspend(service, by=system(), reason=Reason.REFUSED)
        if task is not None:
            checks.settle(task, by=by, result=Result.REFUSED)
        restrictions.enter(
            by=by,
            kind=RestrictionKind.DO_NOT_LIST,
            match_kind=MatchKind.UID,
            value=str(service.uid),
            label=service.name[:200],
            reason=_("Said when the listing was checked that it does not want to be listed."),
            requested_by=word.contact_name or word.contact_role or _("Provider"),
        )
    return said


def referred(service: Service, place: ServiceAtLocation | None, *, by: User, at: datetime) -> None:
    """Stamp that a real referral was accepted; it settles doubts, it never moves `verified_on`."""
    with audited(by=by, action="listing.referred", on=service):
        listing.record_freshness(
            place or service, by=system(), referral_confirmed_on=jobs.local_date(at)
        )
        _settle_doubts(service, place, groups={"phone", "availability"}, corrected=set())
        _refresh_all(service, place, by=system(), at=at, role="")


def _same_version(service: Service, seen: int) -> None:
    if Service.objects.filter(pk=service.pk).values_list("version", flat=True)[0] != seen:
        raise Conflict(_("The listing was changed since you opened it. Please look again."))


def _open_task(service: Service, place: ServiceAtLocation | None) -> VerificationTask | None:
    return VerificationTask.objects.open().filter(service=service, place=place).first()


def _record(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    by: User,
    word: Word,
    task: VerificationTask | None,
    result: str,
    groups: Collection[str],
    corrected: Collection[str],
) -> Verification:
    return Verification.objects.create(
        task=task,
        service=service,
        place=place,
        method=word.method,
        result=result,
        groups=sorted(groups),
        contact_name=word.contact_name,
        contact_role=word.contact_role,
        author=by,
        request=word.request,
        seen_version=word.seen_version,
        corrected=sorted(corrected),
        note=word.note,
        at=word.at,
    )


def _confirm_fields(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    said: Verification,
    groups: Collection[str],
) -> None:
    """Write the latest confirmation of each group: one row per group, moved or made."""
    local = {str(group) for group in PLACE_GROUPS} if place else set()
    facts = {
        "confirmed_on": jobs.local_date(said.at),
        "method": said.method,
        "verification": said,
    }
    own = Q(place__isnull=True, group__in=set(groups) - local)
    there = FieldConfirmation.objects.filter(
        own | Q(place=place, group__in=set(groups) & local), service=service
    )
    known = set(there.values_list("group", flat=True))
    there.update(**facts)
    FieldConfirmation.objects.bulk_create(
        FieldConfirmation(
            service=service, place=place if group in local else None, group=group, **facts
        )
        for group in sorted(set(groups) - known)
    )


def _settle_doubts(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    groups: Collection[str],
    corrected: Collection[str],
) -> None:
    for doubt in Doubt.objects.filter(service=service, place=place, state=DoubtState.OPEN):
        if set(doubt.groups) <= set(groups):
            event = "uphold" if set(doubt.groups) & set(corrected) else "dismiss"
            row = move(DOUBT_MOVES, event, doubt.state)
            Doubt.objects.filter(pk=doubt.pk, state=doubt.state).update(
                state=row.target, settled_at=jobs.now()
            )


def _settle_task(task: VerificationTask, *, by: User, groups: Collection[str], result: str) -> None:
    """End the check when all it asked was answered; else it goes on for the rest."""
    if task.state != TaskState.OPEN:
        return
    if set(task.groups) <= set(groups):
        checks.settle(task, by=by, result=result)
    else:
        VerificationTask.objects.open().filter(pk=task.pk).update(
            groups=sorted(set(task.groups) - set(groups))
        )


def _refresh_all(
    service: Service, place: ServiceAtLocation | None, *, by: User, at: datetime, role: str
) -> None:
    """Facts of the service count at each of its places, so their dates move together."""
    ones = [None, *queries.active_places(service)] if place is None else [None, place]
    freshness.refresh_all(
        [(service, one) for one in ones], by=by, today=jobs.local_date(at), role=role
    )


def _lift(service: Service, place: ServiceAtLocation | None) -> None:
    """Bring back what was hidden for silence only, once all critical facts are confirmed."""
    targets: list[Service | ServiceAtLocation] = [place, service] if place else [service]
    for target in targets:
        target.refresh_from_db()
        hidden = target.state == "suspended" and target.state_reason in LIFTED
        if hidden and queries.is_verified(service, place):
            listing.resume(target, by=system())


def _take_down(service: Service, place: ServiceAtLocation | None) -> None:
    """Hide the place, and the service with it where it is offered nowhere else."""
    if place is not None and place.state == "active":
        listing.suspend(place, by=system(), reason=Reason.REPORTED_CLOSED)
    if service.state == "active" and not (place and queries.active_places(service)):
        listing.suspend(service, by=system(), reason=Reason.REPORTED_CLOSED)


def _call_today(service: Service, place: ServiceAtLocation | None, *, by: User) -> None:
    task = checks.start(service, place, by=by, kind=Kind.INTERIM, due_on=jobs.today(), priority=0)
    checks.skip_messages(task, by=by)
