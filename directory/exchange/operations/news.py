"""What an import says beside new values: states that moved, conflicts, listings that are gone."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from core.errors import DomainError
from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.models.organization import Organization
from directory.catalogue.models.shapes import shape_of, table_of
from directory.catalogue.operations import listing
from directory.catalogue.signals import change_proposed, listing_doubted
from directory.catalogue.states import Group, Reason, State, hsds_status
from directory.exchange.models import ImportBatch

PROPOSED: Final = (Organization, Service, ServiceAtLocation)
WEIGHT: Final = 2
SHOWN: Final = (State.ACTIVE, State.SUSPENDED, State.CLOSED)


def tell(
    moves: Iterable[tuple[Service, str]],
    conflicts: Iterable[tuple[Any, Mapping[str, Any], str]],
    *,
    batch: ImportBatch,
    by: User,
) -> None:
    """Move services whose source says they paused, ended or came back; propose what conflicts."""
    for service, status in moves:
        move(service, status, batch=batch, by=by)
    for target, changes, external_id in conflicts:
        propose(target, changes, external_id, batch=batch, by=by)


def move(service: Service, status: str, *, batch: ImportBatch, by: User) -> None:
    """Follow the source where the life of a listing allows it; what we decided ourselves stays."""
    service.refresh_from_db()
    if service.state not in SHOWN or hsds_status(service.state, service.state_reason) == status:
        return
    source = batch.source
    try:
        with audited(by=by, action="import.move", on=service, status=status):
            if status == "active":
                listing.resume(service, by=by, source=source)
            elif status == "temporarily closed":
                listing.pause(service, by=by, back_on=None, source=source)
            elif status == "defunct":
                note = _("The source says that it has ended.")
                listing.close(service, by=by, note=note, source=source)
            else:
                listing.suspend(service, by=by, reason=Reason.UPSTREAM_INACTIVE, source=source)
    except DomainError:
        # Suspended or closed by us for a reason of our own: the source cannot lift it.
        return


def propose(
    target: Any, changes: Mapping[str, Any], external_id: str, *, batch: ImportBatch, by: User
) -> None:
    """Ask a moderator where the source and we have both changed something."""
    if not isinstance(target, PROPOSED):
        return
    fields = shape_of(target).fields
    asked = {
        f"{table_of(type(target))}.{name}": value
        for name, value in changes.items()
        if name in fields
    }
    if not asked:
        return
    target.refresh_from_db(fields=["version"])
    with audited(by=by, action="import.conflict", on=target):
        change_proposed.send(
            type(target),
            target=target,
            base_version=target.version,
            changes=asked,
            source="import",
            author=by,
            key=f"{batch.source.code}:{external_id}",
        )


def doubt(service: Service, *, batch: ImportBatch, key: str, by: User) -> None:
    """Open a check of a listing that its source no longer names."""
    with audited(by=by, action="import.missing", on=service):
        listing_doubted.send(
            Service,
            service=service,
            place=None,
            groups=list(Group.values),
            reason="missing_upstream",
            origin="import",
            weight=WEIGHT,
            key=f"missing:{batch.source.code}:{key}",
        )
