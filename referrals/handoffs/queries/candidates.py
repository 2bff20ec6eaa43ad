"""Who could take this need: the search is told codes only, the file stays here."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from accounts.models import User
from accounts.queries import system
from core import crypto
from core.jobs import now
from directory.catalogue import queries as catalogue
from directory.catalogue.models import Attribute, Service
from directory.catalogue.states import LinkType
from directory.geography.models import Area
from referrals.casefiles import disclosure
from referrals.casefiles.models import Client, Need
from referrals.casefiles.states import ACTIVE
from referrals.handoffs import packet
from referrals.handoffs.models import Referral
from referrals.handoffs.packet.eligibility import Mark, marks, verdict
from referrals.handoffs.packet.preview import GROUP_LINKS
from referrals.handoffs.states import Status
from search import queries as search
from search.queries.finding import lineage
from search.requests import Filter, Hit, Near, SearchPage, SearchRequest

YEAR = timedelta(days=365)
# Below this a rate says more about chance than about the provider.
ENOUGH = 10
TOOK = frozenset(
    {
        *(Status.ACCEPTED, Status.WAITLISTED, Status.IN_SERVICE, Status.ON_HOLD),
        *(Status.OUTCOME_REPORTED, Status.CLOSED, Status.FAILED),
    }
)
MOST_NEEDS = 50
# How far to look, narrowest first.
HOME, ANYWHERE = "home", "anywhere"


@dataclass(frozen=True)
class Record:
    """How a provider has answered this kind of need in a year; shown to workers alone."""

    sent: int
    decided: int
    accepted: int
    hours: float | None

    @property
    def is_enough(self) -> bool:
        """Say whether the figures mean something."""
        return self.decided >= ENOUGH

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the 95 % bounds of the acceptance rate in percent (Wilson)."""
        n, share, z = self.decided, self.accepted / self.decided, 1.96
        middle = share + z * z / (2 * n)
        spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        low, high = ((middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n))
        return round(100 * max(0.0, low)), round(100 * min(1.0, high))


@dataclass(frozen=True)
class Candidate:
    """One service with what decides whether to refer there."""

    hit: Hit
    marks: tuple[Mark, ...]
    record: Record | None
    # The attempt that was made there before, for this need.
    tried: Referral | None

    @property
    def service(self) -> Service:
        """Return the service."""
        found: Service = self.hit.service
        return found

    @property
    def verdict(self) -> str:
        """Return whether the client meets the published conditions."""
        return verdict(self.marks)


@dataclass(frozen=True)
class Candidates:
    """One page of candidates, and whether any of them can be meant."""

    page: SearchPage
    rows: tuple[Candidate, ...]
    within: str

    @property
    def has_eligible(self) -> bool:
        """Say whether at least one does not fail a condition."""
        return any(row.verdict != "fails" for row in self.rows)


def candidates(
    need: Need,
    *,
    by: User,
    within: str = HOME,
    open_now: bool = False,
    page: int = 1,
    per_page: int = 25,
) -> Candidates:
    """Return services for a need, best first, with conditions, record and what was tried."""
    area = need.area or need.client.area
    found = search.find(
        SearchRequest(
            filters=_filters(need, area, within, open_now=open_now),
            near=_near(area),
            prefer=tuple(disclosure.harmless(need.client.populations)),
            page=page,
            per_page=per_page,
            tally=False,
        ),
        by,
    )
    services = [hit.service for hit in found.hits]
    rules = _rules(services)
    records = records_of(services, need.category.code)
    tried = tried_for(need)
    who = packet.person(need.client)
    rows = tuple(
        Candidate(
            hit=hit,
            marks=tuple(marks(packet.conditions(hit.service, rules[hit.service.pk]), who)),
            record=records.get(hit.service.pk),
            tried=tried.get(hit.service.pk),
        )
        for hit in found.hits
    )
    return Candidates(found, rows, within)


def alternatives(referral: Referral, *, by: User, limit: int = 3) -> list[Candidate]:
    """Return the next three to turn to, without those the chain has been to and without misfits."""
    first = referral.needs.select_related("need__category", "need__client__area").first()
    if first is None:
        return []
    for within in (HOME, ANYWHERE):
        found = candidates(first.need, by=by, within=within, per_page=10).rows
        fresh = [
            one
            for one in found
            if one.tried is None
            and one.verdict != "fails"
            and one.service.pk != referral.service_id
            and one.hit.availability not in {"full", "paused"}
        ]
        if fresh:
            return fresh[:limit]
    return []


def similar(referral: Referral, limit: int = 20) -> list[Service]:
    """Return services of the same kind that a recipient may suggest instead; public knowledge."""
    return catalogue.alternatives(referral.service, limit=limit) if referral.service else []


def records_of(services: Iterable[Service], category: str) -> dict[int, Record]:
    """Return how each service answered needs of this category within a year."""
    rows = Referral.objects.visible_to(system()).filter(
        service__in=list(services), category=category, sent_at__gte=now() - YEAR
    )
    told: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    for pk, *facts in rows.values_list("service", "status", "sent_at", "decided_at"):
        told[pk].append(tuple(facts))
    return {pk: _record(facts) for pk, facts in told.items()}


def tried_for(need: Need) -> dict[int, Referral]:
    """Return the last attempt of this need at each service."""
    rows = need.client.referrals.filter(needs__need=need, service__isnull=False)
    return {referral.service_id: referral for referral in rows.order_by("pk")}


def _record(facts: Sequence[tuple[object, ...]]) -> Record:
    decided = [(sent, at) for _status, sent, at in facts if at is not None]
    hours = [(at - sent).total_seconds() / 3600 for sent, at in decided]  # type: ignore[operator]  # instants
    return Record(
        sent=len(facts),
        decided=len(decided),
        accepted=sum(status in TOOK for status, _sent, at in facts if at is not None),
        hours=median(hours) if hours else None,
    )


def _filters(need: Need, area: Area | None, within: str, *, open_now: bool) -> tuple[Filter, ...]:
    found = [Filter("term", "any", (need.category.code,))]
    if within == HOME and area is not None:
        found.append(Filter("home", "region", (lineage(area.code),)))
    if open_now:
        found.append(Filter("open", "any", ("open",)))
    return tuple(found)


def _near(area: Area | None) -> Near | None:
    """Stand in the middle of the district: the client's own point never leaves the file."""
    if area is None or area.lat is None or area.lon is None:
        return None
    return Near(float(area.lat), float(area.lon), area=area.code)


def _rules(services: Iterable[Service]) -> dict[int, list[Attribute]]:
    rows = Attribute.objects.filter(
        service__in=list(services), link_type__in=GROUP_LINKS, term__isnull=False
    ).select_related("term")
    found: dict[int, list[Attribute]] = defaultdict(list)
    for row in rows:
        found[row.service_id or 0].append(row)
    return found


def needs_for(service: Service, *, by: User) -> list[tuple[Need, bool]]:
    """Return the open needs of one's own files and whether the service fits; those come first."""
    leaves = Attribute.objects.filter(
        service=service, link_type=LinkType.SERVICE_TYPE, term__isnull=False
    )
    offered = set(leaves.values_list("term__code", flat=True))
    mine = Client.objects.caseload_of(by).values("pk")
    rows = Need.objects.visible_to(by).filter(client__in=mine, status__in=ACTIVE)
    needs = list(rows.select_related("client__area", "category").order_by("priority", "pk"))
    crypto.prime({need.client.key_id for need in needs})
    fits = [(need, need.category.code in offered) for need in needs]
    return sorted(fits, key=lambda pair: not pair[1])[:MOST_NEEDS]
