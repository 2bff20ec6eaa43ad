"""Life of a need: its grades and which status may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Urgency(TextChoices):
    """How soon harm comes: carries severity and time."""

    U1 = "u1", _("Immediate")
    U2 = "u2", _("Urgent")
    U3 = "u3", _("Soon")
    U4 = "u4", _("Routine")


class Impact(TextChoices):
    """How many people are affected, never how badly."""

    I1 = "i1", _("Individual")
    I2 = "i2", _("Household")
    I3 = "i3", _("Group of people")
    I4 = "i4", _("Community")


class Priority(TextChoices):
    """The level that orders lists and chooses clocks; p1 comes first also as text."""

    P1 = "p1", _("Level 1")
    P2 = "p2", _("Level 2")
    P3 = "p3", _("Level 3")
    P4 = "p4", _("Level 4")
    P5 = "p5", _("Level 5")


class NeedStatus(TextChoices):
    """Where a need stands."""

    OPEN = "open", _("To be addressed")
    IN_PROGRESS = "in_progress", _("Being addressed")
    RESOLVED = "resolved", _("Resolved")
    PARTLY_RESOLVED = "partly_resolved", _("Partly resolved")
    UNMET = "unmet", _("Unmet")
    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
    UNKNOWN = "unknown", _("Not clear")


S = NeedStatus
ACTIVE = frozenset({S.OPEN, S.IN_PROGRESS})
ENDED = frozenset(S) - ACTIVE


@dataclass(frozen=True)
class NeedMove:
    """One arrow: where it leads and what must be said with it."""

    sources: frozenset[NeedStatus]
    target: NeedStatus
    needs: frozenset[str] = frozenset()


MOVES: tuple[NeedMove, ...] = (
    # A referral was sent, a link or a contact recorded.
    NeedMove(frozenset({S.OPEN}), S.IN_PROGRESS),
    # Verified with the client, or helped themselves with evidence.
    NeedMove(frozenset({S.OPEN, S.IN_PROGRESS, S.UNKNOWN, S.UNMET}), S.RESOLVED),
    NeedMove(frozenset({S.OPEN, S.IN_PROGRESS, S.UNKNOWN, S.UNMET}), S.PARTLY_RESOLVED),
    # Never silently: why, and when it is looked at again.
    NeedMove(
        frozenset({S.OPEN, S.IN_PROGRESS, S.PARTLY_RESOLVED, S.UNKNOWN}),
        S.UNMET,
        frozenset({"reason", "review_on"}),
    ),
    # The referral ended without anybody asking the client.
    NeedMove(frozenset({S.IN_PROGRESS}), S.UNKNOWN),
    # The client says so.
    NeedMove(frozenset(S) - {S.RESOLVED, S.NO_LONGER_NEEDED}, S.NO_LONGER_NEEDED),
    # New information, a new listing, or a mistake.
    NeedMove(ENDED, S.OPEN, frozenset({"reason"})),
)

_TABLE: Mapping[tuple[NeedStatus, NeedStatus], NeedMove] = {
    (source, move.target): move for move in MOVES for source in move.sources
}


def need_move(source: str, target: str) -> NeedMove | None:
    """Return the arrow between two statuses, or None where there is none."""
    return _TABLE.get((NeedStatus(source), NeedStatus(target)))
