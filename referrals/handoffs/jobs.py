"""What happens to referrals by the clock; each job may run twice, and in two places at once."""

from datetime import timedelta

from django.db.models.functions import Length
from django.utils import timezone

from accounts.models import User
from accounts.operations import schedule
from accounts.queries import system
from core.jobs import job, now, today
from referrals.casefiles.models import Client
from referrals.handoffs import operations, queries
from referrals.handoffs.models import AccessLink

# Nobody is written to before office hours; what is urgent has gone out at once.
DIGEST_FROM = 8


@job(every=timedelta(seconds=30))
def climb_ladders() -> None:
    """Take the rungs that silence has reached: reminders, escalation, T19, T24, T25."""
    at, by = now(), system()
    due = Client.objects.visible_to(by).filter(
        referrals__clocks__stopped_at=None,
        referrals__clocks__paused_since=None,
        referrals__clocks__next_at__lte=at,
    )
    schedule.each(
        "handoffs.climb_ladders",
        due.distinct().order_by("pk"),
        lambda client: operations.ladder.climb(client, by=by, at=at),
    )


@job(every=timedelta(minutes=10))
def end_uncovered() -> None:
    """End referrals whose basis has run out (T22, T23), should its end have been missed."""
    by = system()
    schedule.each(
        "handoffs.end_uncovered",
        queries.with_lapsed_basis(by).order_by("pk"),
        lambda client: operations.endings.end_uncovered(client, by=by),
    )


@job(every=timedelta(hours=1))
def sweep_links() -> None:
    """Forget where expired links went; they open nothing any more."""
    by = system()
    # A sealed column can be measured, not compared.
    kept = AccessLink.objects.visible_to(by).alias(
        kept=Length("address") + Length("code_address") + Length("code_hash")
    )
    over = kept.filter(expires_at__lte=now(), kept__gt=0)
    schedule.each(
        "handoffs.sweep_links",
        over.order_by("pk"),
        lambda link: operations.links.sweep(link, by=by),
    )


@job(every=timedelta(minutes=10))
def send_digests() -> None:
    """Tell each person once a day how many referrals wait for them."""
    at, by, on = now(), system(), today()
    if timezone.localtime(at).hour < DIGEST_FROM:
        return
    counts = queries.to_remind(by)
    people = User.objects.filter(pk__in=list(counts), is_active=True)
    unsent = people.exclude(messages__key=queries.digest_key(on))
    schedule.each(
        "handoffs.send_digests",
        unsent.order_by("pk"),
        lambda person: operations.digests.send(person, by=by, count=counts[person.pk], on=on),
    )
