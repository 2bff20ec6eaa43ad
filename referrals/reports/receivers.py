"""Hears of referrals, listings, cases that close and clients that are erased."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.queries import system
from directory.catalogue.signals import listing_changed
from referrals.casefiles.models import CaseFile, Client
from referrals.casefiles.signals import case_closing, client_erased
from referrals.handoffs.models import ReferralEvent
from referrals.handoffs.signals import referral_moved
from referrals.handoffs.states import DONE, Entry, Event
from referrals.reports.models import FollowUp
from referrals.reports.operations import alerts, erasure, follow_ups, links

ATTEMPTS = frozenset({Entry.CREATED, Event.REOPEN})


@receiver(referral_moved)
def follow_referral(sender: type, *, event: ReferralEvent, **kwargs: object) -> None:
    """Keep looks, links and chances of needs in step with the referral."""
    referral, by = event.referral, event.actor
    if event.event in ATTEMPTS:
        follow_ups.note_attempt(referral, by=by)
        alerts.note_attempt([row.need for row in referral.needs.select_related("need")], by=by)
    if event.event == Event.START:
        links.hand_over(referral, by=by, at=event.occurred_at)
    if event.event == Event.VERIFY_CLOSE:
        links.conclude(referral, by=by, at=event.at)
    if event.to_status in DONE:
        follow_ups.follow_end(referral, by=by, at=event.at)


@receiver(listing_changed)
def match_needs(
    sender: type, *, table: str, ids: list[int], event: str, by: User, **kwargs: object
) -> None:
    """Hold every listing that opens against the needs that nobody could meet.

    Changes of places and organizations are announced for their services too.
    """
    if table == "service":
        alerts.match(ids, by=by, event=event)


@receiver(case_closing)
def block_closing(sender: type, *, case: CaseFile, blockers: list[str], **kwargs: object) -> None:
    """Keep a case open as long as somebody has to look after one of its needs."""
    looks = FollowUp.objects.visible_to(system()).open().filter(need__client=case.client)
    if any(look.need.case_id in {None, case.pk} for look in looks.select_related("need")):
        blockers.append("follow_up_open")


@receiver(client_erased)
def forget(sender: type, *, client: Client, **kwargs: Any) -> None:
    """Delete the words of an erased client."""
    erasure.forget(client, by=system())
