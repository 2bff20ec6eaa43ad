"""One message a day instead of one per referral."""

from datetime import date

from accounts.models import User
from accounts.operations import audited
from referrals.handoffs import notifications


def send(person: User, *, by: User, count: int, on: date) -> None:
    """Tell a person how many referrals wait; the day is the key, so that it happens once."""
    with audited(by=by, action="referral.digest", on=person, count=count):
        notifications.digest(person, count=count, on=on)
