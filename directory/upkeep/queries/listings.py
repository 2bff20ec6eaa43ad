"""What holds for one listing: its policy, its critical facts, whom to ask, how doubtful it is."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, Sum

from directory.catalogue.models import Contact, Service, ServiceAtLocation
from directory.catalogue.states import PLACE_GROUPS, SERVICE_GROUPS, LinkType, PlaceState
from directory.geography.models import Area
from directory.upkeep.intervals import Risk
from directory.upkeep.models import Doubt, FieldConfirmation, Verification, VerificationPolicy
from directory.upkeep.states import DoubtState, Method, Stage

# A provider's own word; after some of these in a row a person must look.
SELF = frozenset({Method.EMAIL, Method.PARTNER_UPDATE})
LOOK_BACK = timedelta(days=180)
# From this sum of open weights on, a listing counts as wrong until it is checked.
HEAVY = 3


class Address(NamedTuple):
    """Where a question can go; `contact` is None for a mailbox of the organization."""

    address: str
    contact: Contact | None


def policy(service: Service) -> VerificationPolicy:
    """Return the policy with the lowest order that matches the service."""
    codes = set(
        service.attributes.filter(link_type=LinkType.SERVICE_TYPE, term__isnull=False).values_list(
            "term__code", flat=True
        )
    )
    for one in VerificationPolicy.objects.all():
        if _matches(one.match, service, codes):
            return one
    raise VerificationPolicy.DoesNotExist("no policy matches; the last one must match everything")


def _matches(match: Mapping[str, Any], service: Service, codes: set[str]) -> bool:
    """Say whether any of the conditions holds; a category stands for all its leaves."""
    if not match:
        return True
    terms = set(match.get("terms", ()))
    return (
        any(code in terms or code[:2] in terms for code in codes)
        or service.organization.kind in match.get("kinds", ())
        or service.sensitivity in match.get("sensitivity", ())
        or bool(match.get("numbered") and service.capacities.filter(available__gt=0).exists())
    )


def active_places(service: Service) -> list[ServiceAtLocation]:
    """Return the places where the service is offered now, oldest first."""
    return list(
        service.places.filter(state=PlaceState.ACTIVE, deleted_at__isnull=True).order_by("pk")
    )


def applicable_groups(service: Service, place: ServiceAtLocation | None) -> set[str]:
    """Return the groups that a check of this listing asks about."""
    asked = {*map(str, SERVICE_GROUPS), *map(str, PLACE_GROUPS)}
    if place is None and not service.places.exists():
        return asked - {"address", "area"}
    if place is not None and place.location.location_type == "virtual":
        return asked - {"address"}
    return asked


def critical_groups(
    service: Service, place: ServiceAtLocation | None, rule: VerificationPolicy
) -> set[str]:
    """Return the groups without which the listing does not count as verified.

    Where a service has places, the facts of a place are confirmed there.
    """
    critical = set(rule.critical_groups) & applicable_groups(service, place)
    if place is None and active_places(service):
        return critical & {str(group) for group in SERVICE_GROUPS}
    return critical


def verified(
    service: Service, place: ServiceAtLocation | None, rule: VerificationPolicy
) -> tuple[date, str] | None:
    """Return the oldest confirmation among the critical groups and its method; None if one lacks.

    Facts of the service count for each of its places; facts of a place only for itself.
    """
    wanted = critical_groups(service, place, rule)
    own = Q(place__isnull=True, group__in=[str(group) for group in SERVICE_GROUPS])
    local = Q(place=place, group__in=[str(group) for group in PLACE_GROUPS])
    found = {
        one.group: one
        for one in FieldConfirmation.objects.filter(own | local, service=service)
        if one.group in wanted
    }
    if not wanted or set(found) != wanted:
        return None
    oldest = min(found.values(), key=lambda one: one.confirmed_on)
    return oldest.confirmed_on, oldest.method


def area(service: Service, place: ServiceAtLocation | None) -> Area | None:
    """Return the area under which a check is listed."""
    places = [place] if place else active_places(service)
    return next((one.location.area for one in places if one.location.area_id), None)


def addresses(service: Service) -> list[Address]:
    """Return whom to write to, in order: verification contacts, then the mailboxes on file."""
    contacts = Contact.objects.filter(
        Q(service=service)
        | Q(service_at_location__service=service)
        | Q(organization_id=service.organization_id)
    ).exclude(email="")
    ordered = sorted(contacts, key=lambda one: (not one.is_verification_contact, one.pk))
    found = [Address(one.email, one) for one in ordered if one.is_verification_contact]
    found += [Address(box, None) for box in (service.email, service.organization.email) if box]
    unique = {one.address.lower(): one for one in reversed(found)}
    return [one for one in found if unique[one.address.lower()] is one]


def risk(service: Service, place: ServiceAtLocation | None, *, at: date) -> Risk:
    """Return what the last 180 days say: doubts upheld, checks that corrected something."""
    upheld = Doubt.objects.filter(
        service=service,
        place=place,
        state=DoubtState.UPHELD,
        settled_at__date__gte=at - LOOK_BACK,
    ).count()
    last = Verification.objects.filter(service=service, place=place).order_by("-at")[:2]
    return Risk(upheld, sum(bool(one.corrected) for one in last))


def doubt_level(service: Service, place: ServiceAtLocation | None) -> int:
    """Return 0, 1 or 2 by the open weight of the doubts about a listing."""
    weight = (
        Doubt.objects.filter(service=service, place=place, state=DoubtState.OPEN).aggregate(
            total=Sum("weight")
        )["total"]
        or 0
    )
    return 2 if weight >= HEAVY else int(weight > 0)


def first_stage(
    service: Service, place: ServiceAtLocation | None, rule: VerificationPolicy
) -> Stage:
    """Say where a regular check begins: providers do not vouch for themselves for ever."""
    methods = list(
        Verification.objects.filter(service=service, place=place)
        .order_by("-at")
        .values_list("method", flat=True)[:50]
    )
    since_visit = methods.index(Method.VISIT) if Method.VISIT in methods else len(methods)
    if rule.visit_every and since_visit + 1 >= rule.visit_every and place is not None:
        return Stage.VISIT
    in_a_row = next((n for n, method in enumerate(methods) if method not in SELF), len(methods))
    return Stage.PHONE if in_a_row >= rule.max_self else Stage.ASK
