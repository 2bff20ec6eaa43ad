"""Whether somebody may be sent to a listing now, and where else one could send them."""

from collections.abc import Collection
from typing import Final, Literal, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from directory.catalogue.models import Attribute, Service, ServiceAtLocation
from directory.catalogue.models.audience import Reader
from directory.catalogue.queries.effective import effective
from directory.catalogue.states import (
    Availability,
    Freshness,
    LinkType,
    OrganizationState,
    PlaceState,
    ReferralMode,
    State,
)

CANDIDATES: Final = 200


class Referable(NamedTuple):
    """`no` refuses, `warn` asks first; the reasons are codes."""

    verdict: Literal["ok", "warn", "no"]
    reasons: tuple[str, ...] = ()


def referable(service: Service, place: ServiceAtLocation | None = None) -> Referable:
    """Say whether a person may be referred here: closed doors refuse, doubtful ones warn."""
    word = effective(place or service).availability
    against = _against(service, place, word)
    if against:
        return Referable("no", tuple(against))
    doubts = _doubts(service, place, word)
    return Referable("warn", tuple(doubts)) if doubts else Referable("ok")


def _against(service: Service, place: ServiceAtLocation | None, word: str) -> list[str]:
    organization = service.organization
    listed = service.state == State.ACTIVE and organization.state == OrganizationState.LISTED
    running = place is None or place.state == PlaceState.ACTIVE
    return [
        code
        for code, holds in (
            ("not_active", not (listed and running)),
            (
                "no_referrals",
                service.referral_mode in {ReferralMode.NONE, ReferralMode.SELF_ONLY},
            ),
            ("organization_not_accepting", not organization.accepts_referrals),
            ("paused", word == Availability.PAUSED),
        )
        if holds
    ]


def _doubts(service: Service, place: ServiceAtLocation | None, word: str) -> list[str]:
    parts: list[Service | ServiceAtLocation] = [service, place] if place else [service]
    expired = word == Availability.UNKNOWN and (place or service).capacities.exists()
    return [
        code
        for code, holds in (
            ("stale", any(part.freshness == Freshness.STALE for part in parts)),
            ("doubted", any(part.doubt >= 2 for part in parts)),
            ("full", word == Availability.FULL),
            ("waitlist", word == Availability.WAITLIST),
            ("availability_unknown", expired),
        )
        if holds
    ]


def alternatives(
    service: Service,
    *,
    to: Reader | None = None,
    limit: int = 5,
    terms: Collection[int] | None = None,
    path: str | None = None,
) -> list[Service]:
    """Return listed services of the same kind, those in the same district and city first.

    Who has the kinds and the area's path at hand already passes them.
    """
    terms = _kinds(service) if terms is None else terms
    if not terms:
        return []
    found = (
        Service.objects.listed()
        .visible_to(to or AnonymousUser())
        .filter(attributes__term__in=terms, attributes__link_type=LinkType.SERVICE_TYPE)
        .exclude(pk=service.pk)
        .select_related("organization")
        .annotate(path=F("places__location__area__path"))
        .order_by("sort_key", "pk")[:CANDIDATES]
    )
    here = _area_path(service) if path is None else path
    ranked: dict[int, tuple[int, Service]] = {}
    for one in found:
        shared = _shared(here, getattr(one, "path", None) or "")
        if one.pk not in ranked or ranked[one.pk][0] < shared:
            ranked[one.pk] = (shared, one)
    nearest = sorted(ranked.values(), key=lambda pair: (-pair[0], pair[1].sort_key))
    return [one for _shared_levels, one in nearest[:limit]]


def _kinds(service: Service) -> set[int]:
    kinds = Attribute.objects.filter(
        service=service, link_type=LinkType.SERVICE_TYPE, term__isnull=False
    )
    return {row.term_id for row in kinds if row.term_id is not None}


def _area_path(service: Service) -> str:
    paths = service.places.filter(location__area__isnull=False).values_list(
        "location__area__path", flat=True
    )
    return max(paths, key=len, default="")


def _shared(here: str, there: str) -> int:
    """Count the levels two areas have in common: province, city, district."""
    pairs = zip(here.split("/"), there.split("/"), strict=False)
    return sum(a == b and a != "" for a, b in pairs)
