"""Bring a listing's freshness in line with what was confirmed, doubted and missed."""

from datetime import date

from accounts.models import User
from core import jobs
from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.operations import listing
from directory.upkeep import queries
from directory.upkeep.intervals import first_due, freshness, next_due, recomputed
from directory.upkeep.models import VerificationPolicy
from directory.upkeep.states import Method


def refresh(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    by: User,
    today: date,
    role: str = "",
    policy_changed: bool = False,
    rule: VerificationPolicy | None = None,
) -> None:
    """Write dates and freshness of one listing from its confirmations, doubts and policy."""
    target = place or service
    rule = rule or queries.policy(service)
    confirmed = queries.verified(service, place, rule)
    doubt = queries.doubt_level(service, place)
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
    listing.record_freshness(
        target,
        by=by,
        verified_on=confirmed[0] if confirmed else target.verified_on,
        verified_how=confirmed[1] if confirmed else target.verified_how,
        verified_role=role or target.verified_role,
        verify_by=verify_by,
        policy_code=rule.code,
        doubt=doubt,
        freshness=freshness(
            today=today,
            verified_on=confirmed[0] if confirmed else target.verified_on,
            verify_by=verify_by,
            doubt=doubt,
            stale_after=rule.stale_after,
        ),
    )
