"""The access log: each operation appends its row last, in its own transaction."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import models, transaction

from accounts.models import AuditEntry, AuditHead, Result, User
from core import crypto
from core.jobs import now, today
from core.safeguards import checkpoint, safeguard


class Origin(NamedTuple):
    """Where a request comes from; the session is asked late, because signing in changes it."""

    session: Callable[[], str]
    address: str


@dataclass
class Record:
    """What will be written; an operation that creates its thing sets `on` before it ends."""

    by: User
    action: str
    on: models.Model | None = None
    client: models.Model | UUID | str | None = None
    basis: str = ""
    uid: UUID | None = None
    result: Result = Result.OK
    meta: dict[str, Any] = field(default_factory=dict)


_open: ContextVar[list[Record] | None] = ContextVar("audit_open", default=None)
_watchers: ContextVar[tuple[list[AuditEntry], ...]] = ContextVar("audit_watchers", default=())
_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


@contextmanager
def audited(
    *,
    by: User,
    action: str,
    on: models.Model | None = None,
    client: models.Model | UUID | str | None = None,
    basis: str = "",
    **meta: Any,
) -> Iterator[Record]:
    """Open or join the transaction of an operation; its row is written with the outermost one."""
    record = Record(by, action, on, client, basis, meta=meta)
    outer = _open.get()
    records = [] if outer is None else outer
    mark = len(records)
    records.append(record)
    token = _open.set(records)
    try:
        with transaction.atomic():
            yield record
            if outer is None:
                # Last, so that the head of the chain is locked for the shortest time.
                _append(records)
    except BaseException:
        # What is rolled back has not happened, even if an outer operation goes on.
        del records[mark:]
        raise
    finally:
        _open.reset(token)


@contextmanager
def origin(session: Callable[[], str], address: str) -> Iterator[None]:
    """Name session and address in the rows written meanwhile, never in the clear."""
    token = _origin.set(Origin(session, address))
    try:
        yield
    finally:
        _origin.reset(token)


@contextmanager
def watched() -> Iterator[list[AuditEntry]]:
    """Collect the rows written meanwhile: whether, and about whom, something was done."""
    rows: list[AuditEntry] = []
    token = _watchers.set((*_watchers.get(), rows))
    try:
        yield rows
    finally:
        _watchers.reset(token)


def refused(*, by: User, at: str, code: int, uid: UUID | None) -> None:
    """Log an access that was refused, in a transaction of its own, after the rollback."""
    with audited(by=by, action="access.refused", route=at, code=code) as record:
        record.result, record.uid = Result.DENIED, uid


def exported(*, by: User, what: str) -> None:
    """Log that somebody took data along."""
    with audited(by=by, action="export", what=what):
        pass


def anchor(*, by: User) -> Path:
    """Copy the end of the chain out of the database: a cut tail shows nowhere else."""
    folder = Path(settings.AUDIT_ANCHOR_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"audit-{today()}.json"
    if not file.exists():
        with audited(by=by, action="audit.anchor"):
            pass
        head = AuditHead.objects.get()
        draft = file.with_suffix(".part")
        draft.write_text(json.dumps({"at": now().isoformat(), "seq": head.seq, "mac": head.mac}))
        draft.rename(file)
    return file


def _append(records: list[Record]) -> None:
    checkpoint("audit_append")
    heads = AuditHead.objects.all()
    # Without the lock two writers would continue the same row and fork the chain.
    head = (heads.select_for_update() if safeguard("audit_lock") else heads).get()
    checkpoint("audit_head_read")
    rows = []
    for record in records:
        row = _row(record)
        row.seq, row.prev = head.seq + 1, head.mac
        link = crypto.mac(row.sealed(), bytes.fromhex(row.prev))
        row.key_id, row.mac = link.key_id, link.mac.hex()
        head.seq, head.mac = row.seq, row.mac
        rows.append(row)
    AuditEntry.objects.bulk_create(rows)
    AuditHead.objects.filter(pk=head.pk).update(seq=head.seq, mac=head.mac)
    for watcher in _watchers.get():
        watcher.extend(rows)


def _row(record: Record) -> AuditEntry:
    origin, on = _origin.get(), record.on
    session = origin.session() if origin else ""
    return AuditEntry(
        at=now(),
        actor=record.by.uid,
        actor_org=record.by.organization_uid,
        session_ref=crypto.hmac_ref("session", session) if session else "",
        ip_ref=crypto.hmac_ref("address", origin.address) if origin else "",
        action=record.action,
        object_type=on._meta.label_lower if on is not None else "",
        object_uid=record.uid or getattr(on, "uid", None),
        client_ref=crypto.hmac_ref("client", _uid(record.client)) if record.client else "",
        basis=str(record.basis),
        result=record.result,
        meta=_plain(record.meta),
    )


def _uid(thing: object) -> str:
    return str(getattr(thing, "uid", thing))


def _plain(value: Any) -> Any:
    """Keep ids, names of fields, codes and numbers; JSON must read back as it was sealed."""
    match value:
        case dict():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case set() | frozenset():
            return sorted(str(_plain(inner)) for inner in value)
        case Enum():
            return value.value
        case None | bool() | int():
            return value
    return _uid(value)
