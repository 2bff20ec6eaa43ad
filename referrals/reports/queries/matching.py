"""Which waiting needs a listing may meet that somebody could not be sent to before."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from accounts.queries import system
from core import crypto
from core.jobs import today
from directory.catalogue import queries as catalogue
from directory.catalogue.models import Service, ServiceCapacity
from directory.catalogue.queries import Effective
from directory.catalogue.states import Availability, LinkType, State
from referrals.casefiles.models import Need
from referrals.casefiles.states import ACTIVE, NeedStatus
from referrals.handoffs import packet
from referrals.handoffs.packet.eligibility import FAILS, Conditions, marks, verdict
from referrals.reports.models import FollowUp, UnmetAlert
from referrals.reports.states import CAUSES, Cause, Result

TAKES = frozenset({Availability.OPEN, Availability.LIMITED})
SHUT = frozenset({Availability.FULL, Availability.WAITLIST, Availability.PAUSED})


class Pair(NamedTuple):
    """One need, one service that may meet it, and why it may now."""

    need: Need
    service: Service
    cause: Cause
    is_broad: bool


def waiting() -> list[Need]:
    """Return the needs that nobody could meet, and those whose client waits for a place."""
    patient = FollowUp.objects.filter(
        need=OuterRef("pk"), result=Result.WAIT, wait_until__gte=today()
    )
    rows = Need.objects.visible_to(system()).filter(
        Q(status=NeedStatus.UNMET) | Q(Exists(patient), status__in=ACTIVE)
    )
    return list(rows.select_related("client", "category", "area"))


def pairs(ids: Collection[int], *, event: str) -> list[Pair]:
    """Return what fits: same kind of help or a wider one, area served, no condition failed."""
    if event not in CAUSES:
        return []
    needs = waiting()
    if not needs:
        return []
    crypto.prime({need.client.key_id for need in needs})
    by_term = defaultdict(list)
    for need in needs:
        for term in _lineage(need):
            by_term[term].append(need)
    known = _known(needs, ids)
    return [
        pair
        for service, terms, cause in _candidates(ids, set(by_term), event=event)
        for pair in _fitting(service, terms, cause, by_term)
        if (pair.need.pk, service.pk) not in known
    ]


def _lineage(need: Need) -> list[int]:
    """Return the keys of the need's kind and of all wider kinds."""
    return [int(part) for part in need.category.path.strip("/").split("/") if part] or [
        need.category_id
    ]


def _known(needs: list[Need], ids: Collection[int]) -> set[tuple[int, int]]:
    """Return the chances that still wait to be looked at: one is enough."""
    rows = UnmetAlert.objects.visible_to(system()).unseen()
    found = rows.filter(need__in=[need.pk for need in needs], service__in=ids)
    return set(found.values_list("need", "service"))


def _candidates(
    ids: Collection[int], terms: set[int], *, event: str
) -> Iterator[tuple[Service, set[int], Cause]]:
    """Yield the listed services of these kinds to which people may be sent only now."""
    of_kind = Q(attributes__link_type=LinkType.SERVICE_TYPE, attributes__term__in=terms)
    services = (
        Service.objects.listed()
        .filter(of_kind, pk__in=ids)
        .select_related("organization")
        .prefetch_related("attributes__term")
        .order_by("pk")
        .distinct()
    )
    for service in services:
        cause = _cause(service, event)
        if cause is not None and catalogue.referable(service).verdict != "no":
            kinds = {
                row.term_id
                for row in service.attributes.all()
                if row.link_type == LinkType.SERVICE_TYPE and row.term_id
            }
            yield service, kinds & terms, cause


def _cause(service: Service, event: str) -> Cause | None:
    cause = CAUSES[event]
    if cause == Cause.CAPACITY:
        return cause if _has_room_again(service) else None
    # An import touches far more listings than it opens.
    return cause if event != "import" or _is_new(service) else None


def _has_room_again(service: Service) -> bool:
    """Say whether the provider's last word is yes and the last clear one before it was no."""
    last: ServiceCapacity | None = (
        service.capacities.filter(unit__isnull=True).order_by("-updated", "-pk").first()
    )
    if last is None or last.availability not in TAKES:
        return False
    said = last.history.order_by("-history_date", "-history_id").values_list(
        "availability", flat=True
    )
    before = next((word for word in list(said)[1:] if word != Availability.UNKNOWN), "")
    return before in SHUT


def _is_new(service: Service) -> bool:
    """Say whether the listing was not active before its last change."""
    states = list(
        service.history.order_by("-history_date", "-history_id").values_list("state", flat=True)[:2]
    )
    return len(states) < 2 or states[1] != State.ACTIVE


def _fitting(
    service: Service, terms: set[int], cause: Cause, by_term: dict[int, list[Need]]
) -> Iterator[Pair]:
    listing, asked = catalogue.effective(service), packet.conditions(service)
    seen: set[int] = set()
    for term in terms:
        for need in by_term[term]:
            if need.pk not in seen and _fits(need, listing, asked):
                seen.add(need.pk)
                yield Pair(need, service, cause, need.category_id not in terms)


def _fits(need: Need, listing: Effective, asked: Conditions) -> bool:
    area = need.area or need.client.area
    if not packet.serves(listing, area):
        return False
    return verdict(marks(asked, packet.person(need.client))) != FAILS
