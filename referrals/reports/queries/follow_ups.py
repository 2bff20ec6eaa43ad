"""Lists of looks at needs, and what has been tried for one."""

from datetime import datetime

from accounts.models import User
from referrals.casefiles.models import Need
from referrals.handoffs.models import Referral
from referrals.reports.models import FollowUp, UnmetAlert
from referrals.reports.models.follow_up import FollowUpQuerySet
from referrals.reports.states import Kind

SHOWN = (
    "need__client__organization",
    "need__client__area",
    "need__category",
    "need__case",
    "referral__service",
    "referral__recipient_org",
)


def follow_ups(user: User) -> FollowUpQuerySet:
    """Return every look that the user may see, the longest overdue first."""
    return FollowUp.objects.visible_to(user).select_related(*SHOWN).order_by("due_at", "pk")


def attempts(need: Need) -> list[Referral]:
    """Return every referral that was made for a need, newest first."""
    rows = need.client.referrals.filter(needs__need=need).select_related(
        "service", "recipient_org", "off_platform_contact__organization"
    )
    return list(rows.order_by("-created_at", "-pk"))


def chances(need: Need) -> list[UnmetAlert]:
    """Return the services that may meet a need now and that nobody has looked at."""
    return list(need.alerts.unseen().select_related("service__organization"))


def asked_at(need: Need) -> datetime | None:
    """Return when somebody looks at an unresolved need again."""
    found = need.follow_ups.open().filter(kind=Kind.UNRESOLVED).first()
    return found.due_at if found is not None else None
