"""Hears of consent that is gone, listings that change, cases that close, erased clients."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.models import User
from accounts.queries import system
from directory.catalogue.signals import listing_changed
from referrals.casefiles.models import CaseFile, Client, DisclosureGrant
from referrals.casefiles.signals import basis_lost, case_closing, client_erased
from referrals.handoffs.operations import endings, erasure

TELLING = frozenset({"suspend", "lapse", "close", "merge", "pause", "resume"})


@receiver(basis_lost)
def close_without_basis(
    sender: type, *, grants: list[DisclosureGrant], **kwargs: Any
) -> list[UUID]:
    """Close what no consent covers any more, in the transaction of the withdrawal."""
    return endings.lose_basis(grants, by=system())


@receiver(listing_changed)
def tell_workers(
    sender: type, *, table: str, ids: list[int], event: str, by: User, **kwargs: Any
) -> None:
    """Tell workers when a service stops or starts under a referral of theirs."""
    if table == "service" and event in TELLING:
        endings.tell_of_listings(ids, event=event, by=by)


@receiver(case_closing)
def keep_case_open(sender: type, *, case: CaseFile, blockers: list[str], **kwargs: Any) -> None:
    """Keep a case open as long as a referral of it is."""
    if endings.has_open_referral(case):
        blockers.append("referral_open")


@receiver(client_erased)
def forget(sender: type, *, client: Client, **kwargs: Any) -> None:
    """Take the words of an erased client out of the referrals."""
    erasure.forget(client, by=system())
