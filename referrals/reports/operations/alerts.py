"""Reverse match: a listing that opens is held against the needs that nobody could meet."""

from collections.abc import Collection, Iterable
from datetime import datetime

from accounts.models import User
from accounts.operations import audited
from core.jobs import now
from referrals.casefiles.models import Need
from referrals.casefiles.operations.access import must_edit
from referrals.reports import notifications, queries
from referrals.reports.models import UnmetAlert
from referrals.reports.states import Cause


def match(ids: Collection[int], *, by: User, event: str) -> int:
    """Write a chance for every waiting need that these services may meet now.

    In the transaction of the listing's change, so that neither can be without the other.
    """
    found = queries.matching.pairs(ids, event=event)
    if not found:
        return 0
    at = now()
    with audited(by=by, action="unmet.match", event=event, count=len(found)):
        UnmetAlert.objects.bulk_create(
            [
                UnmetAlert(
                    need=pair.need,
                    service=pair.service,
                    cause=Cause(pair.cause),
                    is_broad=pair.is_broad,
                    at=at,
                )
                for pair in found
            ],
            ignore_conflicts=True,
        )
    return len(found)


def mark_seen(alert: UnmetAlert, *, by: User) -> None:
    """Take a chance off the list because somebody has looked at it."""
    with audited(by=by, action="unmet.seen", on=alert, client=alert.need.client):
        must_edit(alert.need.client, by)
        UnmetAlert.objects.filter(pk=alert.pk, seen_at=None).update(seen_at=now())


def note_attempt(needs: Iterable[Need], *, by: User) -> None:
    """Take the chances of needs off the list: a new attempt has begun."""
    with audited(by=by, action="unmet.taken_up"):
        UnmetAlert.objects.filter(need__in=list(needs), seen_at=None).update(seen_at=now())


def tell(*, by: User) -> int:
    """Tell each worker of all chances that came since the last time, in one message."""
    with audited(by=by, action="unmet.tell"):
        untold = list(
            UnmetAlert.objects.visible_to(by)
            .untold()
            .select_related("need__client", "need__case__responsible")
            .order_by("pk")
        )
        waiting: dict[User, list[UnmetAlert]] = {}
        for alert in untold:
            for owner in notifications.owners(alert.need):
                waiting.setdefault(owner, []).append(alert)
        for owner, alerts in waiting.items():
            notifications.chances(owner, count=len(alerts), key=str(alerts[-1].uid))
        _mark(untold, at=now())
    return len(waiting)


def _mark(alerts: list[UnmetAlert], *, at: datetime) -> None:
    UnmetAlert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(told_at=at)
