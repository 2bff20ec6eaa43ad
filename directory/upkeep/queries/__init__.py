"""Shared reads of upkeep: which rule holds for a listing, whom to ask, what waits."""

from directory.upkeep.queries.evidence import Evidence, risk
from directory.upkeep.queries.listings import (
    Address,
    active_places,
    addresses,
    applicable_groups,
    area,
    barred,
    doubt_level,
    first_stage,
    is_verified,
    policy,
)
from directory.upkeep.queries.work import (
    ATTEMPTS,
    check_list,
    checks_by_urgency,
    dateless,
    is_unreachable,
    latest_verification,
    my_work,
    own_listings,
    proposals,
    request_of,
    unreached_attempts,
)

__all__ = [
    "ATTEMPTS",
    "Address",
    "Evidence",
    "active_places",
    "addresses",
    "applicable_groups",
    "area",
    "barred",
    "check_list",
    "checks_by_urgency",
    "dateless",
    "doubt_level",
    "first_stage",
    "is_unreachable",
    "is_verified",
    "latest_verification",
    "my_work",
    "own_listings",
    "policy",
    "proposals",
    "request_of",
    "risk",
    "unreached_attempts",
]
