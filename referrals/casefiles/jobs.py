"""What casefiles do unattended: end consents and emergencies, warn, grade, keep ages right."""

from datetime import timedelta
from functools import partial

from accounts.operations import schedule
from accounts.queries import system
from core import crypto
from core.jobs import job, now, today
from referrals.casefiles import operations
from referrals.casefiles.models import BreakGlass, Client, Consent, Need
from referrals.casefiles.states import age_on, band_of

WARNINGS = (7, 30)
CHUNK = 500


@job(every=timedelta(minutes=5))
def end_consents() -> int:
    """End consents whose time is over; what rests on them closes like after a withdrawal."""
    me = system()
    due = Consent.objects.visible_to(me).run_out(now()).select_related("client")
    with crypto.keys_in_use():
        return schedule.each(
            "casefiles.end_consents", due, lambda row: operations.consent.expire(row, by=me)
        )


@job(every=timedelta(hours=1))
def warn_of_ending_consents() -> int:
    """Tell the owner of the case thirty and seven days before a consent ends."""
    me, done = system(), 0
    for days in WARNINGS:
        due = Consent.objects.visible_to(me).to_warn(now(), days).select_related("client")
        warn = partial(operations.consent.warn, by=me, days=days)
        done += schedule.each(f"casefiles.warn_{days}", due, warn)
    return done


@job(every=timedelta(minutes=1))
def end_emergencies() -> int:
    """Close files whose emergency access is over."""
    me = system()
    due = BreakGlass.objects.visible_to(me).run_out(now()).select_related("client", "user")
    return schedule.each(
        "casefiles.end_emergencies", due, lambda row: operations.privacy.end_emergency(row, by=me)
    )


@job(every=timedelta(hours=1))
def remind_of_reviews() -> int:
    """Remind the watchers once of an emergency access that was not judged in time."""
    me = system()
    due = BreakGlass.objects.visible_to(me).review_overdue(now()).select_related("client", "user")
    return schedule.each(
        "casefiles.remind_of_reviews",
        due,
        lambda row: operations.privacy.remind_of_review(row, by=me),
    )


@job(every=timedelta(hours=1))
def count_deadlines() -> int:
    """Grade needs again whose deadline has come within seven days."""
    me = system()
    due = Need.objects.visible_to(me).deadline_approaching(today())
    rows = due.select_related("client", "scheme")
    return schedule.each(
        "casefiles.count_deadlines", rows, lambda row: operations.need.count_deadline(row, by=me)
    )


@job(every=timedelta(hours=24))
def renew_age_bands() -> int:
    """Put age bands right; birth dates are sealed, so every file is opened once a day."""
    me, done = system(), 0
    rows = Client.objects.visible_to(me).filter(erased_at__isnull=True).order_by("pk")
    last = 0
    while True:
        with crypto.keys_in_use():
            part = list(rows.filter(pk__gt=last)[:CHUNK])
            crypto.prime({client.key_id for client in part})
            wrong = [client.pk for client in part if _band(client) != client.age_band]
            done += schedule.each(
                "casefiles.renew_age_bands",
                rows.filter(pk__in=wrong),
                lambda row: operations.client.renew_age_band(row, by=me),
            )
        if not part:
            return done
        last = part[-1].pk


def _band(client: Client) -> str:
    return band_of(age_on(client.born, today())) if client.born else ""
