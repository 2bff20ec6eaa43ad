"""When and how somebody confirmed a listing: the only writer of these columns."""

from datetime import date
from typing import Any, Final

from accounts.models import User
from accounts.operations import audited
from core.jobs import now
from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.operations.fanout import Fanout

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


def record_freshness(
    listing: Service | ServiceAtLocation, *, by: User, **columns: date | str | int | None
) -> bool:
    """Set what is known about how true a listing still is; return whether anything moved.

    The version stays: a confirmation changes no content, so nobody's open form turns stale.
    """
    unknown = set(columns) - COLUMNS
    if unknown:
        raise TypeError(f"not a column of freshness: {', '.join(sorted(unknown))}")
    moved: dict[str, Any] = {
        name: value for name, value in columns.items() if getattr(listing, name) != value
    }
    if not moved:
        return False
    with audited(by=by, action="listing.freshness", on=listing, fields=sorted(moved)):
        type(listing).objects.filter(pk=listing.pk).update(**moved)
        for name, value in moved.items():
            setattr(listing, name, value)
        fanout = Fanout(by=by, event="freshness")
        fanout.quiet = True
        fanout.root(listing, moved)
        fanout.spread(now())
    return True
