"""When and how somebody confirmed a listing: the only writer of these columns."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from accounts.models import User
from accounts.operations import audited
from core.jobs import now
from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.operations.fanout import Fanout

Listing: TypeAlias = Service | ServiceAtLocation
Value: TypeAlias = date | str | int | None
COLUMNS: Final = frozenset(
    {
        "verified_on",
        "verified_how",
        "verified_role",
        "verify_by",
        "referral_confirmed_on",
        "policy_code",
        "doubt",
        "freshness",
    }
)


def record_freshness(listing: Listing, *, by: User, **columns: Value) -> bool:
    """Set what is known about how true a listing still is; return whether anything moved."""
    return bool(record_freshness_of({listing: columns}, by=by))


def record_freshness_of(known: Mapping[Listing, Mapping[str, Value]], *, by: User) -> int:
    """Set what is known about how true listings still are; return how many of them moved.

    The version stays: a confirmation changes no content, so nobody's open form turns stale.
    """
    moved: dict[Listing, dict[str, Value]] = {}
    for listing, columns in known.items():
        if unknown := set(columns) - COLUMNS:
            raise TypeError(f"not a column of freshness: {', '.join(sorted(unknown))}")
        differing = {n: value for n, value in columns.items() if getattr(listing, n) != value}
        if differing:
            moved[listing] = differing
    if not moved:
        return 0
    only = next(iter(moved)) if len(moved) == 1 else None
    fields = sorted({name for columns in moved.values() for name in columns})
    with audited(by=by, action="listing.freshness", on=only, fields=fields, rows=len(moved)):
        fanout = Fanout(by=by, event="freshness")
        fanout.quiet = True
        # Many listings move alike, because a day does the same to all of them.
        alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for listing, columns in moved.items():
            alike[type(listing), tuple(sorted(columns.items()))].append(listing.pk)
            for name, value in columns.items():
                setattr(listing, name, value)
            fanout.root(listing, columns)
        for (model, values), ids in alike.items():
            model.objects.filter(pk__in=ids).update(**dict(values))
        fanout.spread(now())
    return len(moved)
