"""One step as it is being taken."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.permissions import Permission
from accounts.queries import system
from referrals.handoffs.guards import Facts, Reported
from referrals.handoffs.models import AccessLink, Referral
from referrals.handoffs.states import Actor, Event, Transition

# Where the arrow itself says why it ended.
FIXED_REASONS = {Event.LAPSE: "SENDER_NO_REPLY"}


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
        """Return as whom the file is written: who works on the case, else the system."""
        writes = self.role == Actor.SND and self.by.may(
            Permission.CLIENT_WRITE, self.referral.sender_org_id
        )
        return self.by if writes or self.role == Actor.CRD else system()
