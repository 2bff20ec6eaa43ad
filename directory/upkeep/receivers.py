"""Hears of proposed changes, doubts, new listings and bounced messages."""

from typing import Any

from django.dispatch import receiver

from accounts.models import Message, User
from accounts.queries import system
from accounts.signals import message_bounced
from core import jobs
from directory.catalogue.models import Service
from directory.catalogue.signals import (
    Outcome,
    change_proposed,
    listing_changed,
    listing_doubted,
)
from directory.upkeep import queries
from directory.upkeep.operations import doubts, freshness, proposals, requests
from directory.upkeep.states import Origin, Source


@receiver(change_proposed)
def apply_approval_rules(
    sender: type,
    *,
    target: Any,
    base_version: int,
    changes: dict[str, Any],
    source: str,
    author: User,
    key: str,
    **kwargs: object,
) -> Outcome:
    """Answer the one door for changes: what is live, what waits."""
    return proposals.consider(
        target,
        by=author,
        changes=changes,
        base_version=base_version,
        source=source or Source.WORKER,
        key=key,
    )


@receiver(listing_doubted)
def open_check(
    sender: type,
    *,
    service: Service,
    place: Any,
    groups: list[str],
    reason: str,
    origin: str,
    weight: int,
    key: str,
    **kwargs: object,
) -> None:
    """Make somebody look at a listing that a lower room found doubtful."""
    doubts.doubt(
        service,
        place,
        by=system(),
        groups=groups,
        reason=reason,
        origin=origin or Origin.SYSTEM,
        weight=weight,
        key=key,
    )


@receiver(listing_changed)
def set_first_date(
    sender: type, *, table: str, ids: list[int], event: str, **kwargs: object
) -> None:
    """Give listings that are shown for the first time the day by which they must be confirmed."""
    if table != "service" or event not in {"list", "import"}:
        return
    by, today = system(), jobs.today()
    freshness.refresh_all(queries.dateless(ids), by=by, today=today)


@receiver(listing_changed)
def forget_protected(
    sender: type, *, table: str, ids: list[int], event: str, by: User, **kwargs: object
) -> None:
    """Forget what proposals say of a location that is protected from now on."""
    if table == "location" and event == "protect":
        proposals.forget_locations(ids, by=by)


@receiver(message_bounced)
def go_on_by_phone(sender: type, *, message: Message, **kwargs: object) -> None:
    """Call a provider whose message came back."""
    asked = queries.request_of(message)
    if asked is not None:
        requests.bounce(asked, by=system())
