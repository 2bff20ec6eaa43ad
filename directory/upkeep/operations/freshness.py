"""Bring listings' freshness in line with what was confirmed, doubted and missed."""

from collections.abc import Collection
from datetime import date

from accounts.models import User
from core import jobs
from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.operations import listing
from directory.upkeep import queries
from directory.upkeep.intervals import first_due, freshness, next_due, recomputed
from directory.upkeep.queries import Evidence
from directory.upkeep.states import Method

Listing = tuple[Service, ServiceAtLocation | None]


def refresh(service: Service, place: ServiceAtLocation | None, *, by: User, today: date) -> None:
    """Write dates and freshness of one listing."""
    refresh_all([(service, place)], by=by, today=today)


def refresh_all(
    listings: Collection[Listing],
    *,
    by: User,
    today: date,
    role: str = "",
    policy_changed: bool = False,
) -> None:
    """Write dates and freshness of listings from their confirmations, doubts and policies."""
    evidence = Evidence([service for service, _place in listings])
    listing.record_freshness_of(
        {
            place or service: _columns(
                service, place, evidence, today=today, role=role, policy_changed=policy_changed
            )
            for service, place in listings
        },
        by=by,
    )


def _columns(
    service: Service,
    place: ServiceAtLocation | None,
    evidence: Evidence,
    *,
    today: date,
    role: str,
    policy_changed: bool,
) -> dict[str, date | str | int | None]:
    target = place or service
    rule = evidence.policy(service)
    confirmed = evidence.verified(service, place, rule)
    doubt = evidence.doubt_level(service, place)
    if confirmed is None:
        verify_by = target.verify_by or first_due(
            service.listed_on or jobs.local_date(target.created_at), rule
        )
    elif confirmed[0] != target.verified_on or policy_changed or target.verify_by is None:
        verify_by = next_due(
            confirmed[0],
            rule,
            # The jitter of the service, so that its places fall due together with it.
            uid=service.uid,
            risk=queries.risk(service, place, at=today),
            half=confirmed[1] == Method.ONLINE,
        )
    else:
        verify_by = target.verify_by
    if policy_changed:
        verify_by = recomputed(verify_by, today=today)
    verified_on = confirmed[0] if confirmed else target.verified_on
    return {
        "verified_on": verified_on,
        "verified_how": confirmed[1] if confirmed else target.verified_how,
        "verified_role": role or target.verified_role,
        "verify_by": verify_by,
        "policy_code": rule.code,
        "doubt": doubt,
        "freshness": freshness(
            today=today,
            verified_on=verified_on,
            verify_by=verify_by,
            doubt=doubt,
            stale_after=rule.stale_after,
        ),
    }
