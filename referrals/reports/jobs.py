"""What reports do unattended: remind of due looks, bring unmet needs back, tell of chances."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from accounts.operations import schedule
from accounts.queries import system
from core.jobs import job, now, today
from referrals.casefiles.models import Need
from referrals.casefiles.states import NeedStatus
from referrals.handoffs.models import ReferralNeed
from referrals.reports.models import FollowUp
from referrals.reports.operations import alerts, follow_ups
from referrals.reports.states import Kind


@job(every=timedelta(minutes=5))
def remind_of_follow_ups() -> None:
    """Tell workers of the looks whose day has come."""
    by = system()
    due = FollowUp.objects.visible_to(by).due(at=now()).select_related("need__client", "need__case")
    schedule.each("reports.remind_of_follow_ups", due, lambda look: follow_ups.remind(look, by=by))


@job(every=timedelta(hours=1))
def review_unmet_needs() -> None:
    """Put every unmet need whose review date has come back on somebody's desk."""
    by = system()
    looks = FollowUp.objects.open().filter(need=OuterRef("pk"), kind=Kind.UNRESOLVED)
    attempts = ReferralNeed.objects.filter(need=OuterRef("pk"), open_key__isnull=False)
    due = (
        Need.objects.visible_to(by)
        .filter(~Exists(looks), ~Exists(attempts))
        .filter(status=NeedStatus.UNMET, review_on__lte=today())
        .select_related("client")
        .order_by("review_on", "pk")
    )
    schedule.each(
        "reports.review_unmet_needs", due, lambda need: follow_ups.look_again(need, by=by)
    )


@job(every=timedelta(minutes=5))
def tell_of_chances() -> None:
    """Tell each worker once of all chances that came; a wave of imports makes one message."""
    alerts.tell(by=system())
