"""What waits for whom: the call list, a worker's checks, proposals to decide."""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.models import Message, User
from core import jobs
from directory.catalogue.models import Service, ServiceAtLocation, ServiceCapacity
from directory.upkeep.models import (
    ContactAttempt,
    ListingProposal,
    Verification,
    VerificationPolicy,
    VerificationRequest,
    VerificationTask,
)
from directory.upkeep.states import ProposalState, Stage

UNREACHED = ("no_answer", "wrong_number", "absent")
# An unreachable provider was tried three times, on two days at least.
ATTEMPTS, ATTEMPT_DAYS = 3, 2


class Urgency(StrEnum):
    """How the call list is grouped."""

    CRITICAL = "critical"
    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


def check_list(user: User) -> "QuerySet[VerificationTask]":
    """Return the open checks that the user may see: own first, then longest overdue."""
    return (
        VerificationTask.objects.visible_to(user)
        .open()
        .select_related("service__organization", "place__location__area", "assignee", "area")
        .order_by("priority", "due_on", "pk")
    )


def checks_by_urgency(
    tasks: Iterable[VerificationTask], *, on: date
) -> dict[Urgency, list[VerificationTask]]:
    """Group checks by how late they are; critical ones are already ranked last."""
    stale = min(VerificationPolicy.objects.values_list("stale_after", flat=True), default=30)
    groups: dict[Urgency, list[VerificationTask]] = {urgency: [] for urgency in Urgency}
    for task in tasks:
        late = (on - task.due_on).days
        if late >= stale or task.priority == 0:
            groups[Urgency.CRITICAL].append(task)
        elif late >= 0:
            groups[Urgency.OVERDUE].append(task)
        elif late >= -14:
            groups[Urgency.SOON].append(task)
        else:
            groups[Urgency.LATER].append(task)
    return groups


def my_work(user: User) -> "QuerySet[VerificationTask]":
    """Return the checks that wait for this user: calls and visits taken on."""
    return check_list(user).filter(assignee=user).exclude(stage=Stage.ASK)


def due_calls(user: User) -> "QuerySet[VerificationTask]":
    """Return the calls due today that nobody has taken on."""
    return check_list(user).filter(
        assignee__isnull=True, stage=Stage.PHONE, due_on__lte=jobs.today()
    )


def unreached_attempts(task: VerificationTask) -> list[ContactAttempt]:
    """Return the attempts of a check at which nobody was met."""
    return list(task.attempts.filter(disposition__in=UNREACHED))


def is_unreachable(task: VerificationTask) -> bool:
    """Say whether enough was tried to call a provider unreachable."""
    tried = unreached_attempts(task)
    days = {jobs.local_date(one.at) for one in tried}
    return len(tried) >= ATTEMPTS and len(days) >= ATTEMPT_DAYS


def own_listings(user: User) -> "QuerySet[Service]":
    """Return a provider's own services with their word on free places, those due first."""
    said = ServiceCapacity.objects.filter(service=OuterRef("pk"), unit__isnull=True)
    said = said.order_by("-updated")
    return (
        Service.objects.editable_by(user)
        .select_related("organization")
        .prefetch_related("places__location", "capacities")
        .annotate(
            pending=Count("proposals", filter=Q(proposals__state=ProposalState.PENDING)),
            stated=Subquery(said.values("availability")[:1]),
            stated_wait=Subquery(said.values("wait_days")[:1]),
        )
        .order_by("verify_by", "pk")
    )


def latest_verification(
    service: Service, place: ServiceAtLocation | None = None
) -> Verification | None:
    """Return the last confirmation of a listing: how, when and by which role it was checked."""
    found = Verification.objects.filter(service=service).select_related("author")
    if place is not None:
        found = found.filter(place=place)
    return found.filter(result__in=["confirmed", "updated"]).order_by("-at", "-pk").first()


def request_of(message: Message) -> VerificationRequest | None:
    """Return the request that a message carried to a provider, if it carried one."""
    kind, _colon, rest = message.key.partition(":")
    if kind != "upkeep.request":
        return None
    return VerificationRequest.objects.filter(uid=rest.partition(":")[0]).first()


def dateless(ids: Collection[int]) -> "list[tuple[Service, ServiceAtLocation | None]]":
    """Return the shown listings, of these services, that have no day for a confirmation yet."""
    services = Service.objects.listed().filter(pk__in=ids).select_related("organization")
    places = ServiceAtLocation.objects.active().filter(service__in=services, verify_by__isnull=True)
    found: list[tuple[Service, ServiceAtLocation | None]] = [
        (service, None) for service in services.filter(verify_by__isnull=True)
    ]
    rows = places.select_related("service__organization")
    return found + [(place.service, place) for place in rows]


def proposals(user: User) -> "QuerySet[ListingProposal]":
    """Return the proposals that wait for this user's decision, riskiest first."""
    return (
        ListingProposal.objects.visible_to(user)
        .pending()
        .select_related("service", "organization", "author")
    )
