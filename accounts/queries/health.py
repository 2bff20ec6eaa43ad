"""How unattended work is doing, in figures."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Min

from accounts.models import Delivery, JobState, Message, StuckRow
from core.jobs import now

STANDSTILL = timedelta(minutes=3)


def last_beat() -> datetime | None:
    """Return the last sign of life of any job."""
    beat: datetime | None = JobState.objects.aggregate(beat=Max("beat_at"))["beat"]
    return beat


def is_standing_still() -> bool:
    """Say whether a worker that once ran has been silent for too long."""
    beat = last_beat()
    return beat is not None and now() - beat > STANDSTILL


def quarantined() -> int:
    """Count the rows that somebody has to look at."""
    return StuckRow.objects.filter(is_quarantined=True).count()


def longest_wait() -> timedelta:
    """Return for how long the oldest message that is due has been waiting."""
    oldest = Message.objects.to_send().aggregate(oldest=Min("next_try_at"))["oldest"]
    return now() - oldest if oldest else timedelta(0)


def undelivered() -> int:
    """Count the messages that were given up."""
    return Message.objects.filter(state=Delivery.FAILED).count()


def last_anchor() -> datetime | None:
    """Return when the access log was last copied out of the database."""
    files = Path(settings.AUDIT_ANCHOR_DIR).glob("audit-*.json")
    newest = max((file.stat().st_mtime for file in files), default=None)
    return datetime.fromtimestamp(newest, tz=now().tzinfo) if newest else None
