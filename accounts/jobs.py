"""What accounts does unattended, and how it is doing."""

from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import operations, queries
from accounts.queries import health
from core.jobs import Reading, State, job, now, probe
from core.models import missing_guards

LATE = timedelta(minutes=1)
ANCHOR_BY = timedelta(hours=25)


@job(every=timedelta(seconds=1))
def send_messages() -> int:
    """Send what waits in the outbox."""
    return operations.message.send_due()


@job(every=timedelta(hours=1))
def anchor_audit() -> Path:
    """Copy the end of the access log out of the database, once a day."""
    return operations.audit.anchor(by=queries.system())


@job(every=timedelta(hours=1))
def sweep() -> int:
    """Remove what was kept for a while only."""
    return operations.sweep.sweep()


@probe(_("Background jobs"))
def worker() -> Reading:
    """Say whether jobs run, and whether rows wait for somebody."""
    beat, stuck = health.last_beat(), health.quarantined()
    figures = {"last_beat": beat.isoformat() if beat else "", "quarantined": stuck}
    if beat is None or health.is_standing_still():
        text = _("No job has run for 3 minutes. Start the worker: manage.py work.")
        return Reading(State.FAIL, text, figures)
    if stuck:
        rows = ngettext(
            "%(count)d row failed again and again. See manage.py work --status.",
            "%(count)d rows failed again and again. See manage.py work --status.",
            stuck,
        )
        return Reading(State.WARN, rows % {"count": stuck}, figures)
    return Reading(State.OK, _("Jobs run."), figures)


@probe(_("Messages"))
def messages() -> Reading:
    """Say whether messages leave in time."""
    waiting, failed = health.longest_wait(), health.undelivered()
    figures = {"oldest_seconds": int(waiting.total_seconds()), "failed": failed}
    if waiting > LATE:
        text = _("Messages wait. Look at the outbox, EMAIL_URL and SMS_URL.")
        return Reading(State.FAIL, text, figures)
    if failed:
        return Reading(State.WARN, _("Some messages could not be delivered: outbox."), figures)
    return Reading(State.OK, _("Messages leave in time."), figures)


@probe(_("Access log"))
def access_log() -> Reading:
    """Say whether the log is guarded and anchored."""
    unguarded, anchor = missing_guards(connection), health.last_anchor()
    figures = {"last_anchor": anchor.isoformat() if anchor else "", "missing": len(unguarded)}
    if unguarded:
        text = _("The log could be changed: its guards are missing. Run manage.py migrate.")
        return Reading(State.FAIL, text, figures)
    if anchor is None or now() - anchor > ANCHOR_BY:
        text = _("The log was not anchored for a day. Check AUDIT_ANCHOR_DIR and the worker.")
        return Reading(State.WARN, text, figures)
    return Reading(State.OK, _("The log is guarded and anchored."), figures)
