"""Needs that nobody could meet, and the chances that have come up since."""

from django.db.models import Prefetch

from accounts.models import User
from referrals.casefiles.models import Need
from referrals.casefiles.models.need import NeedQuerySet
from referrals.casefiles.states import NeedStatus
from referrals.reports.models import FollowUp, UnmetAlert


def unmet(user: User) -> NeedQuerySet:
    """Return unmet needs on files the user may open, those to be looked at soonest first."""
    chances = UnmetAlert.objects.visible_to(user).unseen().select_related("service__organization")
    looks = FollowUp.objects.visible_to(user).open()
    return (
        Need.objects.visible_to(user)
        .filter(status=NeedStatus.UNMET)
        .select_related("client__area", "category", "area")
        .prefetch_related(
            Prefetch("alerts", chances, to_attr="chances"),
            Prefetch("follow_ups", looks, to_attr="looks"),
        )
        .order_by("review_on", "priority", "pk")
    )
