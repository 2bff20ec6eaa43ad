"""One step as it is being taken."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.queries import system
from referrals.handoffs.guards import Facts, Reported
from referrals.handoffs.models import AccessLink, Referral
from referrals.handoffs.states import Actor, Transition


@dataclass(frozen=True)
class Step:
    """Who takes which arrow, in which role, with what; `occurred_at` is when it really happened."""

    referral: Referral
    row: Transition
    by: User
    role: Actor
    facts: Facts
    at: datetime
    occurred_at: datetime
    reported: Reported | None = None
    link: AccessLink | None = None
    key: str = ""
    # Where it stood before; the referral's own row moves on.
    source: str = ""

    @property
    def party(self) -> str:
        """Return for whom something was recorded that was said elsewhere."""
        return "client" if self.role == Actor.CLI else "recipient"

    @property
    def reason(self) -> str:
        """Return the reason, given or fixed by the arrow."""
        return self.facts.reason or FIXED_REASONS.get(self.row.event, "")

    @property
    def case_worker(self) -> User:
        """Return as whom the case file is written: people of the file's side, else the system."""
        return self.by if self.role in {Actor.SND, Actor.CRD} else system()


FIXED_REASONS = {"lapse": "SENDER_NO_REPLY"}
