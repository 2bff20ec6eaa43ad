"""Rows of imports that must not be known any more."""

from collections.abc import Iterable

from accounts.models import User
from accounts.operations import audited
from directory.catalogue.models import Location
from directory.exchange.models import ImportRow, SourceRecord


def forget_locations(ids: Iterable[int], *, by: User) -> None:
    """Delete what sources said about protected locations and everything that hangs on them.

    The records themselves stay known, so that a later import neither makes nor fills them anew.
    """
    uids = list(Location.objects.filter(pk__in=ids).values_list("uid", flat=True))
    with audited(by=by, action="import.forget", locations=len(uids)):
        own = SourceRecord.objects.filter(table="location", uid__in=uids)
        for source, external_id in own.values_list("source", "external_id"):
            for record in SourceRecord.objects.filter(source=source).exclude(table="location"):
                if external_id in record.links.get("location", []):
                    _forget(record.source_id, record.table, record.external_id)
            _forget(source, "location", external_id)


def _forget(source: int, table: str, external_id: str) -> None:
    blank = {"raw": b"", "mapped": {}}
    SourceRecord.objects.filter(source=source, table=table, external_id=external_id).update(**blank)
    ImportRow.objects.filter(batch__source=source, table=table, external_id=external_id).update(
        problems=[], **blank
    )
