"""What policies, confirmations and doubts say of listings, one or thousands, in few statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from directory.catalogue.models import Attribute, Service, ServiceAtLocation, ServiceCapacity
from directory.catalogue.states import PLACE_GROUPS, SERVICE_GROUPS, LinkType
from directory.upkeep.intervals import Risk
from directory.upkeep.models import Doubt, FieldConfirmation, Verification, VerificationPolicy
from directory.upkeep.states import DoubtState

LOOK_BACK = timedelta(days=180)
# From this sum of open weights on, a listing counts as wrong until it is checked.
HEAVY = 3
# A service and one of its places, or None for the service itself.
Key = tuple[int, int | None]
OF_SERVICE = frozenset(map(str, SERVICE_GROUPS))
OF_PLACE = frozenset(map(str, PLACE_GROUPS))


class Evidence:
    """Reads each table once, when it is first asked for; good for one moment."""

    def __init__(self, services: Collection[Service]) -> None:
        """Take the services whose listings will be asked about."""
        self.ids = {service.pk for service in services}

    def policy(self, service: Service) -> VerificationPolicy:
        """Return the policy with the lowest order that matches the service."""
        for one in self._policies:
            if self._matches(one.match, service):
                return one
        raise VerificationPolicy.DoesNotExist("the last policy must match everything")

    def applicable(self, service: Service, place: ServiceAtLocation | None) -> set[str]:
        """Return the groups that a check of this listing asks about."""
        asked = OF_SERVICE | OF_PLACE
        if place is None and not self._places[service.pk]:
            return set(asked - {"address", "area"})
        if place is not None and self._places[service.pk].get(place.pk) == "virtual":
            return set(asked - {"address"})
        return set(asked)

    def critical(
        self, service: Service, place: ServiceAtLocation | None, rule: VerificationPolicy
    ) -> set[str]:
        """Return the groups without which the listing does not count as verified.

        Where a service has places, the facts of a place are confirmed there.
        """
        wanted = set(rule.critical_groups) & self.applicable(service, place)
        return wanted & OF_SERVICE if place is None and self._active[service.pk] else wanted

    def verified(
        self, service: Service, place: ServiceAtLocation | None, rule: VerificationPolicy
    ) -> tuple[date, str] | None:
        """Return the oldest confirmation of a critical group and its method; None if one lacks.

        Facts of the service count for each of its places; facts of a place only for itself.
        """
        wanted = self.critical(service, place, rule)
        own = self._confirmed[service.pk, None]
        local = self._confirmed[service.pk, place.pk] if place else own
        found = [(local if group in OF_PLACE else own).get(group) for group in wanted]
        if not found or None in found:
            return None
        return min(found, key=lambda one: one[0])  # type: ignore[index]  # none is None

    def doubt_level(self, service: Service, place: ServiceAtLocation | None) -> int:
        """Return 0, 1 or 2 by the open weight of the doubts about a listing."""
        weight = self._doubted[service.pk, place.pk if place else None]
        return 2 if weight >= HEAVY else int(weight > 0)

    def _matches(self, match: Mapping[str, Any], service: Service) -> bool:
        """Say whether any of the conditions holds; a category stands for all its leaves."""
        if not match:
            return True
        terms = set(match.get("terms", ()))
        return (
            any(code in terms or code[:2] in terms for code in self._codes[service.pk])
            or service.organization.kind in match.get("kinds", ())
            or service.sensitivity in match.get("sensitivity", ())
            or bool(match.get("numbered") and service.pk in self._numbered)
        )

    @cached_property
    def _policies(self) -> list[VerificationPolicy]:
        return list(VerificationPolicy.objects.all())

    @cached_property
    def _codes(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        kinds = Attribute.objects.filter(
            service__in=self.ids, link_type=LinkType.SERVICE_TYPE, term__isnull=False
        )
        for service, code in kinds.values_list("service", "term__code"):
            found[service].add(code)
        return found

    @cached_property
    def _numbered(self) -> set[int]:
        rows = ServiceCapacity.objects.filter(service__in=self.ids, available__gt=0)
        return set(rows.values_list("service", flat=True))

    @cached_property
    def _places(self) -> dict[int, dict[int, str]]:
        """Return the kind of location of each place."""
        found: dict[int, dict[int, str]] = defaultdict(dict)
        rows = ServiceAtLocation.objects.filter(service__in=self.ids)
        for service, place, kind in rows.values_list("service", "pk", "location__location_type"):
            found[service][place] = kind
        return found

    @cached_property
    def _active(self) -> dict[int, bool]:
        rows = ServiceAtLocation.objects.active().filter(service__in=self.ids)
        return defaultdict(bool, dict.fromkeys(rows.values_list("service", flat=True), True))

    @cached_property
    def _confirmed(self) -> dict[Key, dict[str, tuple[date, str]]]:
        found: dict[Key, dict[str, tuple[date, str]]] = defaultdict(dict)
        rows = FieldConfirmation.objects.filter(service__in=self.ids)
        for one in rows:
            found[one.service_id, one.place_id][one.group] = (one.confirmed_on, one.method)
        return found

    @cached_property
    def _doubted(self) -> dict[Key, int]:
        found: dict[Key, int] = defaultdict(int)
        rows = Doubt.objects.filter(service__in=self.ids, state=DoubtState.OPEN)
        for service, place, weight in rows.values_list("service", "place", "weight"):
            found[service, place] += weight
        return found


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
