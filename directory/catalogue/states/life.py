"""The life of services, places and organizations: events, actors, and the tables of arrows."""

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, NotPermitted
from directory.catalogue.states.words import (
    Audience,
    Freshness,
    ListingStatus,
    OrganizationState,
    PlaceState,
    Reason,
    State,
)


class Event(TextChoices):
    """What may happen to a service or a place."""

    SUBMIT = "submit", _("Submit for review")
    LIST = "list", _("Publish the listing")
    REJECT = "reject", _("Reject the listing")
    REVISE = "revise", _("Revise the listing")
    PAUSE = "pause", _("Pause the listing")
    SUSPEND = "suspend", _("Suspend the listing")
    LAPSE = "lapse", _("Let the listing lapse")
    RESUME = "resume", _("Show the listing again")
    CLOSE = "close", _("Close the listing")
    REOPEN = "reopen", _("Reopen the listing")
    MERGE = "merge", _("Merge the listing")
    UNMERGE = "unmerge", _("Undo the merge")


class OrganizationEvent(TextChoices):
    ADMIT = "admit", _("Admit the organization")
    SUSPEND = "suspend", _("Suspend the organization")
    RESUME = "resume", _("Show the organization again")
    EXCLUDE = "exclude", _("Exclude the organization")


class Actor(TextChoices):
    """In which capacity somebody acts; derived from who they are, never passed in."""

    MODERATOR = "moderator", _("Moderator")
    OWNER = "owner", _("The provider's editor")
    VERIFIER = "verifier", _("Verifier")
    IMPORT = "import", _("Import")
    LINK = "link", _("Holder of a confirmation link")
    SYSTEM = "system", _("The system")


@dataclass(frozen=True)
class Transition:
    """One arrow: `reasons` are those it gives, for `resume` those it lifts; empty = none."""

    event: str
    sources: frozenset[str]
    target: str
    actors: frozenset[str]
    reasons: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


def _row(
    event: str,
    sources: set[str],
    target: str,
    actors: set[str],
    *,
    reasons: set[str] | None = None,
    needs: set[str] | None = None,
) -> Transition:
    return Transition(
        event,
        frozenset(sources),
        target,
        frozenset(actors),
        frozenset(reasons or ()),
        frozenset(needs or ()),
    )


A, E, R, S = Actor, Event, Reason, State
_UPSTREAM: set[str] = {R.UPSTREAM_INACTIVE, R.UPSTREAM_GONE}
_SAID_NO: set[str] = {R.REPORTED_CLOSED, R.REFUSED}
_SILENT: set[str] = {R.UNCONFIRMED, R.UNREACHABLE}


def _stops(active: str, suspended: str) -> tuple[Transition, ...]:
    """Return the arrows between active and suspended, the same for services and places."""
    on, off = {active}, {suspended}
    return (
        _row(
            E.PAUSE, on, suspended, {A.OWNER, A.LINK, A.MODERATOR, A.IMPORT},
            reasons={R.PROVIDER_BREAK}, needs={"back_on"},
        ),
        _row(
            E.SUSPEND, on, suspended, {A.MODERATOR},
            reasons={R.OPERATOR} | _UPSTREAM | _SAID_NO, needs={"reason"},
        ),
        _row(E.SUSPEND, on, suspended, {A.IMPORT}, reasons=_UPSTREAM, needs={"reason"}),
        _row(
            E.SUSPEND, on, suspended, {A.VERIFIER, A.LINK, A.SYSTEM},
            reasons=_SAID_NO, needs={"reason"},
        ),
        _row(E.LAPSE, on, suspended, {A.SYSTEM}, reasons=_SILENT, needs={"reason"}),
        _row(E.RESUME, off, active, {A.MODERATOR}, reasons=set(R.values), needs={"complete"}),
        _row(
            E.RESUME, off, active, {A.OWNER, A.LINK, A.SYSTEM},
            reasons={R.PROVIDER_BREAK}, needs={"complete"},
        ),
        _row(E.RESUME, off, active, {A.SYSTEM}, reasons=_SILENT, needs={"complete"}),
        _row(
            E.RESUME, off, active, {A.IMPORT},
            reasons=_UPSTREAM | {R.PROVIDER_BREAK}, needs={"complete"},
        ),
    )  # fmt: skip


SERVICE_TABLE: Final = (
    _row(
        E.SUBMIT, set(), S.DRAFT,
        {A.OWNER, A.VERIFIER, A.MODERATOR, A.IMPORT, A.SYSTEM, A.LINK},
        needs={"organization", "name", "language"},
    ),
    _row(E.LIST, {S.DRAFT}, S.ACTIVE, {A.MODERATOR, A.IMPORT, A.SYSTEM}, needs={"complete"}),
    _row(E.REJECT, {S.DRAFT}, S.REJECTED, {A.MODERATOR}, needs={"note"}),
    _row(E.REVISE, {S.REJECTED}, S.DRAFT, {A.OWNER, A.VERIFIER, A.MODERATOR}),
    *_stops(S.ACTIVE, S.SUSPENDED),
    _row(
        E.CLOSE, {S.ACTIVE, S.SUSPENDED}, S.CLOSED, {A.MODERATOR, A.IMPORT},
        needs={"note", "closed_on"},
    ),
    _row(E.REOPEN, {S.CLOSED}, S.DRAFT, {A.MODERATOR}),
    _row(
        E.MERGE, {S.DRAFT, S.ACTIVE, S.SUSPENDED, S.CLOSED}, S.MERGED, {A.MODERATOR},
        needs={"survivor"},
    ),
    # Back to what it was: the record of the merge knows.
    _row(E.UNMERGE, {S.MERGED}, "", {A.MODERATOR}, needs={"previous"}),
)  # fmt: skip

PLACE_TABLE: Final = (
    *_stops(PlaceState.ACTIVE, PlaceState.SUSPENDED),
    _row(
        E.CLOSE, {PlaceState.ACTIVE, PlaceState.SUSPENDED}, PlaceState.CLOSED,
        {A.MODERATOR, A.IMPORT}, needs={"note", "closed_on"},
    ),
    # A place that opens again keeps its uid; a second row for one location is refused.
    _row(E.REOPEN, {PlaceState.CLOSED}, PlaceState.ACTIVE, {A.MODERATOR, A.IMPORT}),
)  # fmt: skip

OS, OE = OrganizationState, OrganizationEvent
ORGANIZATION_TABLE: Final = (
    _row(OE.ADMIT, {OS.CANDIDATE}, OS.LISTED, {A.MODERATOR, A.IMPORT, A.SYSTEM}),
    _row(OE.SUSPEND, {OS.LISTED}, OS.SUSPENDED, {A.MODERATOR}, needs={"note"}),
    _row(OE.RESUME, {OS.SUSPENDED}, OS.LISTED, {A.MODERATOR}),
    _row(OE.EXCLUDE, {OS.CANDIDATE, OS.SUSPENDED}, OS.EXCLUDED, {A.MODERATOR}, needs={"note"}),
)

# What the public may read the page of; drafts and rejected ones are the editors' affair.
PUBLISHED: Final = (State.ACTIVE, State.SUSPENDED, State.CLOSED)

HSDS_STATUS: Final[dict[str, str]] = {
    State.ACTIVE: "active",
    State.SUSPENDED: "inactive",
    State.CLOSED: "defunct",
}


def hsds_status(state: str, reason: str) -> str:
    """Return the HSDS status of a published listing; a break has a word of its own."""
    if state == State.SUSPENDED and reason == Reason.PROVIDER_BREAK:
        return "temporarily closed"
    return HSDS_STATUS[state]


def from_hsds_status(status: str) -> tuple[State, str]:
    """Return state and reason of an HSDS status, the exact inverse of `hsds_status`."""
    return {
        "active": (State.ACTIVE, ""),
        "inactive": (State.SUSPENDED, Reason.UPSTREAM_INACTIVE.value),
        "defunct": (State.CLOSED, ""),
        "temporarily closed": (State.SUSPENDED, Reason.PROVIDER_BREAK.value),
    }[status]


def listing_status(state: str, freshness: str) -> ListingStatus:
    """Return the code that readers see: an active listing shows how fresh it is."""
    if state == State.ACTIVE and freshness in (Freshness.DUE, Freshness.STALE):
        return ListingStatus(freshness)
    return ListingStatus(state)


_WORSE: Final = (Freshness.FRESH, Freshness.UNVERIFIED, Freshness.DUE, Freshness.STALE)


def combined_freshness(own: str, places: list[str]) -> Freshness:
    """Return a service's freshness: the worse of its own and the best of its active places."""
    best = min((_WORSE.index(Freshness(place)) for place in places), default=0)
    return _WORSE[max(_WORSE.index(Freshness(own)), best)]


_BREADTH: Final = (Audience.PUBLIC, Audience.PARTNER, Audience.STAFF)


def narrowest(*audiences: str) -> Audience:
    """Return who may read what lies at the end of a path."""
    return max((Audience(each) for each in audiences), key=_BREADTH.index)


def transition(
    table: tuple[Transition, ...],
    event: str,
    state: str | None,
    actors: frozenset[str],
    reason: str = "",
) -> Transition:
    """Return the arrow to take; refuse an event that the state or the actor does not allow."""
    rows = [row for row in table if row.event == event and _starts(row, state)]
    if not rows:
        raise Conflict(_("This is not possible any more; reload to see where the listing stands."))
    for row in rows:
        if row.actors & actors and (reason in row.reasons if row.reasons else True):
            return row
    raise NotPermitted


def _starts(row: Transition, state: str | None) -> bool:
    return state in row.sources if state is not None else not row.sources
