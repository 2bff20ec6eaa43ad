"""Open checks, move them along the ladder, try to reach people, settle them."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.queries import system
from core import jobs
from core.errors import Conflict, DomainError
from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.operations import listing
from directory.catalogue.states import Reason
from directory.upkeep import notifications, queries
from directory.upkeep.intervals import Act, ladder, reached
from directory.upkeep.models import ContactAttempt, VerificationTask
from directory.upkeep.states import (
    STAGE_MOVES,
    TASK_MOVES,
    Kind,
    Stage,
    move,
)

UNREACHED = frozenset({"no_answer", "wrong_number", "absent"})


class TooEarly(DomainError):
    """A listing may be called unreachable only after enough was tried."""

    code = "too_few_attempts"


def start(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    by: User,
    kind: str,
    due_on: date,
    groups: Collection[str] = (),
    priority: int = 2,
    evidence: queries.Evidence | None = None,
) -> VerificationTask:
    """Ask whether a listing is still true; an open check is widened instead of doubled.

    `evidence` is what a job has read already of all the listings it goes through.
    """
    known = evidence or queries.Evidence([service])
    asked = sorted(set(groups) or known.applicable(service, place))
    task = VerificationTask.objects.open().filter(service=service, place=place).first()
    if task is not None:
        return _widen(task, by=by, groups=asked, due_on=due_on, priority=priority)
    policy = known.policy(service)
    stage = queries.first_stage(service, place, policy) if kind == Kind.PERIODIC else Stage.ASK
    today = jobs.today()
    with audited(by=by, action="check.start", on=service, kind=str(kind)):
        return VerificationTask.objects.create(
            service=service,
            place=place,
            kind=kind,
            groups=asked,
            stage=stage,
            opened_on=today,
            due_on=due_on,
            next_step_on=ladder(due_on, policy, opened_on=today)[0].on,
            priority=priority,
            area=queries.area(service, place),
        )


def _widen(
    task: VerificationTask, *, by: User, groups: list[str], due_on: date, priority: int
) -> VerificationTask:
    wider = sorted({*task.groups, *groups})
    sooner, higher = min(task.due_on, due_on), min(task.priority, priority)
    if (wider, sooner, higher) == (task.groups, task.due_on, task.priority):
        return task
    with audited(by=by, action="check.widen", on=task):
        moved = (
            VerificationTask.objects.open()
            .filter(pk=task.pk, version=task.version)
            .update(groups=wider, due_on=sooner, priority=higher, version=F("version") + 1)
        )
        if not moved:
            raise Conflict(_("Somebody was faster. Reload to see where the check stands."))
    task.refresh_from_db()
    return task


def next_act(task: VerificationTask) -> Act | None:
    """Return what the next rung of the ladder does; None where there is none left."""
    rungs = ladder(task.due_on, queries.policy(task.service), opened_on=task.opened_on)
    return rungs[task.step].act if task.step < len(rungs) else None


def advance(
    task: VerificationTask, *, by: User, today: date, evidence: queries.Evidence | None = None
) -> VerificationTask:
    """Take the rung of the ladder that today has reached; missed rungs collapse into it."""
    policy = (evidence or queries.Evidence([task.service])).policy(task.service)
    rungs = ladder(task.due_on, policy, opened_on=task.opened_on)
    step = reached(rungs, today)
    if step <= task.step:
        return task
    act = rungs[step - 1].act
    stage = _stage_after(task, act)
    skipped = task.skipped + step - task.step - 1
    with audited(by=by, action=f"check.{act}", on=task, step=step):
        moved = (
            VerificationTask.objects.open()
            .filter(pk=task.pk, step=task.step)
            .update(
                step=step,
                stage=stage,
                skipped=skipped,
                next_step_on=rungs[step].on if step < len(rungs) else None,
                version=F("version") + 1,
            )
        )
        if not moved:
            raise Conflict(_("Somebody was faster. Reload to see where the check stands."))
        if act == Act.HIDE:
            _hide(task, by=by, reason=Reason.UNCONFIRMED)
    task.refresh_from_db()
    return task


def _stage_after(task: VerificationTask, act: Act) -> str:
    """Return how to reach the provider next; nobody to write to means calling at once."""
    wanted = {Act.PHONE: Stage.PHONE, Act.VISIT: Stage.VISIT}.get(act)
    if act in (Act.STALE, Act.HIDE):
        wanted = Stage.PHONE if task.stage == Stage.ASK else None
    if act == Act.ASK and task.stage == Stage.ASK and not queries.addresses(task.service):
        wanted = Stage.PHONE
    if wanted is not None:
        wanted = _permitted(task, wanted)
    order = list(Stage)
    if wanted is None or order.index(wanted) <= order.index(Stage(task.stage)):
        return task.stage
    event = "to_visit" if wanted == Stage.VISIT else "to_phone"
    return move(STAGE_MOVES, event, task.stage).target


def _permitted(task: VerificationTask, wanted: Stage) -> Stage | None:
    """Return the way that was wanted, or the other one where the provider bars it."""
    barred = queries.barred(task.service)
    open_ways = {
        Stage.PHONE: "phone" not in barred,
        Stage.VISIT: task.place_id is not None and "visit" not in barred,
    }
    return wanted if open_ways[wanted] else next((way for way in open_ways if open_ways[way]), None)


def _hide(task: VerificationTask, *, by: User, reason: Reason) -> None:
    """Take a listing that nobody confirms out of public sight; it is never deleted."""
    target = task.place or task.service
    if target.state == "active":
        listing.lapse(target, by=by, reason=reason)
        if task.place is not None and not queries.active_places(task.service):
            service = Service.objects.get(pk=task.service_id)
            if service.state == "active":
                listing.lapse(service, by=by, reason=reason)


def skip_messages(task: VerificationTask, *, by: User) -> VerificationTask:
    """Go to the phone at once: the address is wrong, bounced, or not the provider's."""
    if task.stage != Stage.ASK:
        return task
    row = move(STAGE_MOVES, "to_phone", task.stage)
    with audited(by=by, action="check.to_phone", on=task):
        VerificationTask.objects.open().filter(pk=task.pk, stage=task.stage).update(
            stage=row.target, version=F("version") + 1
        )
    task.refresh_from_db()
    return task


def claim(
    task: VerificationTask, *, by: User, assignee: User | None, expected_version: int
) -> VerificationTask:
    """Put a check on somebody's list, or take it off again."""
    with audited(by=by, action="check.claim", on=task):
        moved = (
            VerificationTask.objects.open()
            .filter(pk=task.pk, version=expected_version)
            .update(assignee=assignee, version=F("version") + 1)
        )
        if not moved:
            raise Conflict(_("Somebody was faster. Reload to see where the check stands."))
    task.refresh_from_db()
    return task


def attempt(
    task: VerificationTask,
    *,
    by: User,
    method: str,
    disposition: str,
    person: str = "",
    minutes: int | None = None,
    at: datetime | None = None,
) -> ContactAttempt:
    """Note that somebody was called or visited, whatever came of it."""
    move(TASK_MOVES, "record", task.state)
    with audited(by=by, action="check.attempt", on=task, disposition=disposition):
        tried = ContactAttempt.objects.create(
            task=task,
            method=method,
            disposition=disposition,
            person=person,
            minutes=minutes,
            author=by,
            at=at or jobs.now(),
        )
        unreached = queries.unreached_attempts(task)
        if disposition in UNREACHED and task.stage != Stage.VISIT:
            _climb_after_calls(task, by=by, unreached=len(unreached))
    return tried


def _climb_after_calls(task: VerificationTask, *, by: User, unreached: int) -> None:
    """Two calls without an answer make it a coordinator's affair."""
    if unreached == queries.ATTEMPTS - 1:
        notifications.tell_coordinators(task)


def give_up(task: VerificationTask, *, by: User) -> None:
    """Hide a listing whose provider could not be reached; enough must have been tried."""
    tried = queries.unreached_attempts(task)
    if not queries.is_unreachable(task):
        raise TooEarly(
            _("A provider counts as unreachable after three attempts on two days; so far: %(n)d.")
            % {"n": len(tried)}
        )
    with audited(by=by, action="check.unreachable", on=task):
        _hide(task, by=system(), reason=Reason.UNREACHABLE)
        if task.place is not None:
            VerificationTask.objects.open().filter(pk=task.pk).update(
                stage=Stage.VISIT, version=F("version") + 1
            )


def settle(task: VerificationTask, *, by: User, result: str) -> None:
    """End a check with a result; of two answers one ends it, the other is told."""
    row = move(TASK_MOVES, "record", task.state)
    with audited(by=by, action="check.done", on=task, result=str(result)):
        moved = (
            VerificationTask.objects.open()
            .filter(pk=task.pk)
            .update(
                state=row.target,
                result=result,
                done_at=jobs.now(),
                next_step_on=None,
                version=F("version") + 1,
            )
        )
        if not moved:
            raise Conflict(_("A colleague has already settled this check."))


def drop(task: VerificationTask, *, by: User, reason: str) -> None:
    """End a check without a result: the listing is gone, or a coordinator says why."""
    row = move(TASK_MOVES, "drop", task.state)
    with audited(by=by, action="check.drop", on=task):
        moved = (
            VerificationTask.objects.open()
            .filter(pk=task.pk)
            .update(
                state=row.target,
                drop_reason=reason,
                done_at=jobs.now(),
                next_step_on=None,
                version=F("version") + 1,
            )
        )
        if not moved:
            raise Conflict(_("A colleague has already settled this check."))
