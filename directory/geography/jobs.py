"""What geography does unattended."""

from datetime import timedelta

from accounts import queries as accounts
from core.jobs import job
from directory.geography import operations


@job(every=timedelta(days=1))
def sweep_answers() -> None:
    """Delete geocoders' answers that have expired."""
    operations.forget_expired(by=accounts.system())
