"""What upkeep does unattended: open checks, climb the ladder, send messages, age listings."""

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import Exists, Max, OuterRef, Q

from accounts.operations import schedule
from accounts.queries import system
from core import jobs
from core.jobs import job
from directory.catalogue.models import Service, ServiceAtLocation
from directory.upkeep import queries
from directory.upkeep.models import (
    RequestLine,
    VerificationPolicy,
    VerificationRequest,
    VerificationTask,
)
from directory.upkeep.operations import checks, freshness, requests
from directory.upkeep.states import Kind, RequestState, Stage, TaskState

# After an outage a wave of first messages is spread over hours.
ASKS_PER_RUN = 500


@job(every=timedelta(hours=1))
def open_checks() -> None:
    """Open one check for every listing whose first question is due."""
    today = jobs.today()
    horizon = today + timedelta(days=_longest_notice())
    waiting = VerificationTask.objects.open().filter(service=OuterRef("service_id"))
    places = (
        ServiceAtLocation.objects.active()
        .filter(verify_by__lte=horizon, service__in=Service.objects.listed())
        .filter(~Exists(waiting.filter(place=OuterRef("pk"))))
        .order_by("verify_by", "pk")
        .select_related("service__organization", "location__area")
    )
    schedule.each("upkeep.open_checks", places, lambda place: _open(place.service, place, today))
    here = VerificationTask.objects.open().filter(service=OuterRef("pk"))
    services = (
        Service.objects.verification_due(on=horizon)
        .filter(~Exists(here))
        .select_related("organization")
    )
    schedule.each("upkeep.open_checks", services, lambda service: _open(service, None, today))


def _longest_notice() -> int:
    return VerificationPolicy.objects.aggregate(most=Max("ask_before"))["most"] or 0


def _open(service: Service, place: ServiceAtLocation | None, today: date) -> None:
    """Open the check when the policy's first question is due; a service asks at one place."""
    target = place or service
    rule = queries.policy(service)
    if target.verify_by is None or target.verify_by > today + timedelta(days=rule.ask_before):
        return
    if place is None:
        place = next(iter(queries.active_places(service)), None)
    checks.start(
        service,
        place,
        by=system(),
        kind=Kind.PERIODIC if target.verified_on else Kind.FIRST,
        due_on=target.verify_by,
    )


@job(every=timedelta(hours=1))
def advance_checks() -> None:
    """Take the rung of the ladder that each open check has reached."""
    today = jobs.today()
    due = VerificationTask.objects.step_due(on=today).select_related("service__organization")
    schedule.each(
        "upkeep.advance_checks", due, lambda task: checks.advance(task, by=system(), today=today)
    )


@job(every=timedelta(minutes=1))
def send_requests() -> None:
    """Write to each address once a day, for all its listings that are to be asked."""
    written = RequestLine.objects.filter(task=OuterRef("pk"), step=OuterRef("step"))
    waiting = (
        VerificationTask.objects.open()
        .filter(~Exists(written), stage=Stage.ASK, step__gte=1)
        .select_related("service__organization", "place__location")
        .order_by("due_on", "pk")[:ASKS_PER_RUN]
    )
    groups: dict[str, list[tuple[queries.Address, VerificationTask]]] = defaultdict(list)
    for task in waiting:
        known = queries.addresses(task.service)
        if known:
            address = known[min(task.step, len(known)) - 1]
            groups[address.address.lower()].append((address, task))
        else:
            checks.skip_messages(task, by=system())
    for asked in groups.values():
        requests.ask([task for _address, task in asked], by=system(), address=asked[0][0])


@job(every=timedelta(days=1))
def age_listings() -> None:
    """Write what a day has done to the freshness of listings."""
    today, by = jobs.today(), system()
    late = Q(verify_by__lte=today) | Q(verify_by__isnull=True)
    for place in (
        ServiceAtLocation.objects.active().filter(late).select_related("service__organization")
    ):
        freshness.refresh(place.service, place, by=by, today=today)
    for service in Service.objects.listed().filter(late).select_related("organization"):
        freshness.refresh(service, None, by=by, today=today)


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
