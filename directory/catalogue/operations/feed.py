"""The change feed: numbers given once nothing earlier can still commit, old lines dropped."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from core.jobs import now
from directory.catalogue.models import ChangeHead, ListingChange

BATCH: Final = 5000
KEPT: Final = timedelta(days=400)


def seal(*, by: User) -> int:  # noqa: ARG001  # nobody acts here: rows that were written get numbers
    """Give numbers to the lines written since the last time; repeats of one record become one line.

    Readers see numbered lines alone, so a transaction that commits late loses nothing: its lines
    get later numbers than those already read.
    """
    with transaction.atomic():
        # Of two workers one goes away: the other is giving the numbers already.
        heads = ChangeHead.objects.select_for_update(skip_locked=True)
        head = heads.filter(pk=1).first()
        if head is None:
            return 0
        waiting = list(ListingChange.objects.filter(seq__isnull=True).order_by("pk")[:BATCH])
        if not waiting:
            return 0
        latest = {(line.table, line.uid): line for line in waiting}
        last = ListingChange.objects.aggregate(at=Max("sealed_at"))["at"]
        at = max(now(), last) if last else now()
        kept = sorted(latest.values(), key=lambda line: line.pk)
        for number, line in enumerate(kept, start=head.last_seq + 1):
            line.seq, line.sealed_at = number, at
        ListingChange.objects.bulk_update(kept, ["seq", "sealed_at"], batch_size=500)
        repeats = {line.pk for line in waiting} - {line.pk for line in kept}
        ListingChange.objects.filter(pk__in=repeats, seq__isnull=True).delete()
        ChangeHead.objects.filter(pk=head.pk).update(last_seq=head.last_seq + len(kept))
    return len(kept)


def drop_old(*, by: User) -> int:  # noqa: ARG001  # the same
    """Delete lines that no reader may come back for any more."""
    return ListingChange.objects.filter(sealed_at__lt=now() - KEPT).delete()[0]
