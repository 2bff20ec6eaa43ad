"""What accounts does unattended, and how it is doing."""

from datetime import timedelta
from pathlib import Path

from accounts import operations, queries
from core.jobs import job


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
