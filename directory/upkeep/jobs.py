"""What upkeep does unattended: open checks, climb the ladder, send messages, age listings."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from accounts.operations import schedule
from accounts.queries import system
from core import jobs
from core.jobs import job
from directory.catalogue.models import Service, ServiceAtLocation
from directory.upkeep import queries
from directory.upkeep.intervals import Act
from directory.upkeep.models import (
    RequestLine,
    VerificationPolicy,
    VerificationRequest,
    VerificationTask,
)
from directory.upkeep.operations import checks, freshness, requests
from directory.upkeep.states import Kind, RequestState, Stage, TaskState

# After an outage a wave of first messages is spread over hours.
ASKS_PER_HOUR = 500
# Listings of the same address that would be asked within two weeks come along.
TOGETHER = timedelta(days=14)
# Listings aged in one transaction: on SQLite everybody else waits for its end.
AT_ONCE = 200


@job(every=timedelta(hours=1))
def open_checks() -> None:
    """Open one check for every listing whose first question is due."""
    _open_those_due(jobs.today(), "upkeep.open_checks")


def _open_those_due(day: date, job: str, owners: Collection[int] = ()) -> None:
    """Open the checks whose first question is due on a day, of all providers or of some."""
    horizon = day + timedelta(days=_longest_notice())
    mine = Q(service__organization__in=owners) if owners else Q()
    waiting = VerificationTask.objects.open().filter(service=OuterRef("service_id"))
    places = (
        ServiceAtLocation.objects.active()
        .filter(mine, verify_by__lte=horizon, service__in=Service.objects.listed())
        .filter(~Exists(waiting.filter(place=OuterRef("pk"))))
        .order_by("verify_by", "pk")
        .select_related("service__organization", "location__area")
    )
    _open_each(job, places, [(place.service, place) for place in places], day)
    here = VerificationTask.objects.open().filter(service=OuterRef("pk"))
    services = (
        Service.objects.verification_due(on=horizon)
        .filter(Q(organization__in=owners) if owners else Q(), ~Exists(here))
        .select_related("organization")
    )
    _open_each(job, services, [(service, None) for service in services], day)


def _open_each(
    job: str, rows: "QuerySet[Any]", listings: list[freshness.Listing], day: date
) -> None:
    """Open the checks whose time has come by the policy of each listing."""
    evidence = queries.Evidence([service for service, _place in listings])
    due = [
        (place or service).pk
        for service, place in listings
        if _is_due(place or service, evidence.policy(service), day)
    ]

    def act(row: Service | ServiceAtLocation) -> None:
        if isinstance(row, Service):
            _open(row, None, day, evidence)
        else:
            _open(row.service, row, day, evidence)

    # Those that failed before stand aside, so that more than one batch is handed over.
    schedule.each(job, rows.filter(pk__in=due[: 4 * schedule.BATCH]), act)


def _is_due(target: Service | ServiceAtLocation, rule: VerificationPolicy, day: date) -> bool:
    notice = timedelta(days=rule.ask_before)
    return target.verify_by is not None and target.verify_by <= day + notice


def _longest_notice() -> int:
    return VerificationPolicy.objects.aggregate(most=Max("ask_before"))["most"] or 0


def _open(
    service: Service, place: ServiceAtLocation | None, day: date, evidence: queries.Evidence
) -> None:
    """Open the check when the policy's first question is due; a service asks at one place."""
    target = place or service
    if target.verify_by is None or not _is_due(target, evidence.policy(service), day):
        return
    if place is None:
        place = next(iter(queries.active_places(service)), None)
    checks.start(
        service,
        place,
        by=system(),
        kind=Kind.PERIODIC if target.verified_on else Kind.FIRST,
        due_on=target.verify_by,
        evidence=evidence,
    )


@job(every=timedelta(hours=1))
def advance_checks() -> None:
    """Take the rung of the ladder that each open check has reached."""
    today = jobs.today()
    due = VerificationTask.objects.step_due(on=today).select_related("service__organization")
    evidence = queries.Evidence([task.service for task in due[: 4 * schedule.BATCH]])
    by = system()
    schedule.each(
        "upkeep.advance_checks",
        due,
        lambda task: checks.advance(task, by=by, today=today, evidence=evidence),
    )


@job(every=timedelta(minutes=1))
def send_requests() -> None:
    """Write to each address once a day, for all its listings that are to be asked."""
    recent = VerificationRequest.objects.filter(created_at__gt=jobs.now() - timedelta(hours=1))
    room = max(0, ASKS_PER_HOUR - recent.count())
    written = RequestLine.objects.filter(task=OuterRef("pk"), step=OuterRef("step"))
    waiting = (
        VerificationTask.objects.open()
        .filter(~Exists(written), stage=Stage.ASK, step__gte=1)
        .select_related("service__organization", "place__location")
        .order_by("due_on", "pk")[:ASKS_PER_HOUR]
    )
    groups: dict[str, list[VerificationTask]] = defaultdict(list)
    found: dict[str, queries.Address] = {}
    for task in waiting:
        address = _address(task, task.step)
        if address is None:
            checks.skip_messages(task, by=system())
        else:
            found.setdefault(address.hash, address)
            groups[address.hash].append(task)
    for key in _not_written_today(groups)[:room]:
        ahead = _ahead(groups[key], found[key])
        requests.ask(groups[key], by=system(), address=found[key], ahead=ahead)


def _address(task: VerificationTask, step: int) -> queries.Address | None:
    """Return where the question of this step goes: each reminder to the next address on file."""
    known = queries.addresses(task.service)
    return known[min(step, len(known)) - 1] if known else None


def _not_written_today(hashes: Iterable[str]) -> list[str]:
    today = VerificationRequest.objects.filter(day=jobs.today())
    written = set(today.values_list("address_hash", flat=True))
    return [one for one in hashes if one not in written]


def _ahead(asked: list[VerificationTask], address: queries.Address) -> list[VerificationTask]:
    """Return the checks of an address that would be asked soon, so that one message is enough."""
    soon = jobs.today() + TOGETHER
    owners = {task.service.organization_id for task in asked}
    _open_those_due(soon, "upkeep.send_requests", owners)
    next_line = RequestLine.objects.filter(task=OuterRef("pk"), step=F("task__step") + 1)
    coming = (
        VerificationTask.objects.step_due(on=soon)
        .filter(~Exists(next_line), stage=Stage.ASK, service__organization__in=owners)
        .exclude(pk__in=[task.pk for task in asked])
        .select_related("service__organization")
    )
    return [
        task
        for task in coming
        if checks.next_act(task) == Act.ASK
        and (where := _address(task, task.step + 1))
        and where.hash == address.hash
    ]


@job(every=timedelta(days=1))
def age_listings() -> None:
    """Write what a day has done to the freshness of listings."""
    today, by = jobs.today(), system()
    late = Q(verify_by__lte=today) | Q(verify_by__isnull=True)
    places = ServiceAtLocation.objects.active().filter(late)
    services = Service.objects.listed().filter(late)
    rows: list[freshness.Listing] = [
        (place.service, place) for place in places.select_related("service__organization")
    ]
    rows += [(service, None) for service in services.select_related("organization")]
    for start in range(0, len(rows), AT_ONCE):
        if jobs.stopping():
            return
        freshness.refresh_all(rows[start : start + AT_ONCE], by=by, today=today)


@job(every=timedelta(days=1))
def expire_requests() -> None:
    """End links whose days are over."""
    old = VerificationRequest.objects.filter(expires_at__lte=jobs.now()).exclude(
        state__in=[RequestState.EXPIRED, RequestState.REVOKED]
    )
    schedule.each("upkeep.expire_requests", old, lambda one: requests.expire(one, by=system()))


@job(every=timedelta(hours=1))
def drop_checks() -> None:
    """End checks of listings that are gone: closed, merged or rejected."""
    gone = VerificationTask.objects.filter(
        state=TaskState.OPEN, service__state__in=["closed", "merged", "rejected"]
    )
    schedule.each(
        "upkeep.drop_checks", gone, lambda task: checks.drop(task, by=system(), reason="gone")
    )
