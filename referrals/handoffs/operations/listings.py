"""What a referral teaches the directory: doubts, a badge, the provider's word on free places."""

from datetime import datetime
from typing import NamedTuple

from accounts.models import User
from accounts.queries import system
from directory.catalogue.operations import place as places
from directory.catalogue.states import Availability, Group
from directory.upkeep.operations import confirmations, doubts
from referrals.handoffs.models import Referral

FEW = 2


class Cause(NamedTuple):
    """Which facts an answer puts in doubt, and how heavily."""

    groups: tuple[str, ...]
    weight: int


ELIGIBILITY = Cause((Group.ELIGIBILITY,), 1)
# An empty list of groups means the whole listing.
CAUSES: dict[str, Cause] = {
    "SERVICE_NOT_OFFERED": Cause((Group.SCOPE,), 3),
    "CONTACT_WRONG": Cause((Group.PHONE,), 3),
    "PROVIDER_CLOSED": Cause((), 3),
    "FUNDS_EXHAUSTED": Cause((Group.AVAILABILITY, Group.FEES), 2),
    "FUNDING_ENDED": Cause((Group.AVAILABILITY, Group.FEES), 2),
    "NOT_ELIGIBLE_AGE": ELIGIBILITY,
    "NOT_ELIGIBLE_RESIDENCE": ELIGIBILITY,
    "NOT_ELIGIBLE_INCOME": ELIGIBILITY,
    "NOT_ELIGIBLE_DIAGNOSIS": ELIGIBILITY,
    "NOT_ELIGIBLE_OTHER": ELIGIBILITY,
    "OUT_OF_AREA": Cause((Group.AREA,), 1),
}
UNANSWERED = Cause((Group.PHONE,), 2)
# The provider's own word: nothing to doubt, the listing says it from now on.
SAYS_FULL = frozenset({"NO_CAPACITY", "WAITLIST_CLOSED", "CAPACITY_LOST"})


def doubt(referral: Referral, *, event: str, reason: str, by: User) -> None:
    """Let an answer, or silence, open a check of the listing; the cause counts once."""
    if referral.service is None:
        return
    if reason in SAYS_FULL:
        _say(referral, Availability.FULL)
        return
    cause = UNANSWERED if event == "expire" else CAUSES.get(reason)
    if cause is not None:
        doubts.doubt(
            referral.service,
            referral.place,
            by=by,
            groups=cause.groups,
            reason=reason or "referral_unanswered",
            origin="referral",
            weight=cause.weight,
            key=f"referral:{referral.uid}:{event}",
        )


def vouch(referral: Referral, *, by: User, at: datetime) -> None:
    """Stamp the listing: a real referral was accepted here; it never counts as verified."""
    if referral.service is not None:
        confirmations.referred(referral.service, referral.place, by=by, at=at)


def note_room(referral: Referral, *, left: int | None) -> None:
    """Keep what the recipient says about the places it has left."""
    if left is None or referral.service is None:
        return
    few = Availability.LIMITED if left <= FEW else Availability.OPEN
    _say(referral, Availability.FULL if left == 0 else few)


def _say(referral: Referral, state: Availability) -> None:
    target = referral.place or referral.service
    assert target is not None  # noqa: S101  # asked by the callers
    # The recipient answers for referrals, not for listings; the word is theirs all the same.
    places.set_availability(target, by=system(), state=state)
