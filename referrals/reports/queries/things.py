"""What entries of a desk stand for: read for the rows of one page, a statement per table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from core import crypto
from directory.upkeep import queries as upkeep
from referrals.casefiles.models import BreakGlass, CaseFile, CaseTransfer, Client, Consent, Need
from referrals.handoffs.models import Referral
from referrals.reports.models import FollowUp, UnmetAlert
from referrals.reports.queries.work import STALLED, UNMET, Entry
from referrals.reports.states import Work

REFERRALS = (
    *(Work.OUTCOME, Work.QUESTION, Work.DRAFT, Work.APPROVAL, Work.INCOMING, Work.WAITING),
    STALLED,
)
NEEDS = (Work.NEED_OPEN, Work.NEED_REVIEW, UNMET)
TABLE: Mapping[str, str] = {
    **dict.fromkeys(REFERRALS, "referral"),
    **dict.fromkeys(NEEDS, "need"),
}
TABLES: Mapping[str, Callable[[User], QuerySet[Any]]] = {
    "referral": lambda user: Referral.objects.visible_to(user).select_related(
        "service", "recipient_org", "sender_org", "sender", "off_platform_contact__organization"
    ),
    "need": lambda user: Need.objects.visible_to(user).select_related(
        "category", "case__responsible"
    ),
    Work.FOLLOW_UP: lambda user: FollowUp.objects.visible_to(user).select_related(
        "need__category", "need__case__responsible", "referral"
    ),
    Work.CHANCE: lambda user: UnmetAlert.objects.visible_to(user).select_related(
        "need__category", "need__case__responsible", "service"
    ),
    Work.CASE_REVIEW: lambda user: CaseFile.objects.visible_to(user).select_related("responsible"),
    Work.CONSENT: Consent.objects.visible_to,
    Work.TRANSFER: lambda user: CaseTransfer.objects.offered_to(user).select_related("from_user"),
    Work.GLASS: lambda user: BreakGlass.objects.visible_to(user).select_related("user"),
    Work.CHECK: upkeep.my_work,
}
Things = Mapping[tuple[str, int], Any]


def things(user: User, entries: Iterable[Entry]) -> Things:
    """Return what the entries stand for by kind and key; what the user may not see is left out."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        wanted[TABLE.get(entry.kind, entry.kind)].add(entry.pk)
    rows = {table: TABLES[table](user).in_bulk(sorted(keys)) for table, keys in wanted.items()}
    return {
        (entry.kind, entry.pk): found
        for entry in entries
        if (found := rows[TABLE.get(entry.kind, entry.kind)].get(entry.pk)) is not None
    }


def client_id(thing: Any) -> int | None:
    """Return whose row it is; listings and offers name nobody."""
    need = getattr(thing, "need", None)
    found: int | None = getattr(need if need is not None else thing, "client_id", None)
    return found


def clients(user: User, found: Things) -> dict[int, Client]:
    """Return the persons behind the rows whose files the user may open, ready to be named."""
    keys = {key for thing in found.values() if (key := client_id(thing)) is not None}
    rows = Client.objects.visible_to(user).filter(pk__in=keys).select_related("area")
    people = {client.pk: client for client in rows}
    crypto.prime({client.key_id for client in people.values()})
    return people
