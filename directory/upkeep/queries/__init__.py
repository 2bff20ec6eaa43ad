"""Shared reads of upkeep: which rule holds for a listing, whom to ask, what waits."""

from directory.upkeep.queries.listings import (
    Address,
    active_places,
    addresses,
    applicable_groups,
    area,
    critical_groups,
    doubt_level,
    first_stage,
    policy,
    risk,
    verified,
)
from directory.upkeep.queries.work import (
    ATTEMPTS,
    check_list,
    checks_by_urgency,
    is_unreachable,
    latest_verification,
    my_work,
    own_listings,
    proposals,
    unreached_attempts,
)

__all__ = [
    "ATTEMPTS",
    "Address",
    "active_places",
    "addresses",
    "applicable_groups",
    "area",
    "check_list",
    "checks_by_urgency",
    "critical_groups",
    "doubt_level",
    "first_stage",
    "is_unreachable",
    "latest_verification",
    "my_work",
    "own_listings",
    "policy",
    "proposals",
    "risk",
    "unreached_attempts",
    "verified",
]
