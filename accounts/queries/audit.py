"""Reading the access log, and proving that it is whole."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import AuditEntry, AuditHead
from core import crypto


def log() -> QuerySet[AuditEntry]:
    """Return the access log, newest first."""
    return AuditEntry.objects.order_by("-seq")


@dataclass
class Verdict:
    """What was checked, and where the chain breaks first."""

    checked: int = 0
    anchors: int = 0
    first_bad: int | None = None
    reason: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Say whether nothing was found."""
        return self.first_bad is None and not self.reason


def verify(*, from_seq: int = 1, anchors: bool = False) -> Verdict:
    """Walk the chain from a row on; name the first row that was changed, cut out or put in."""
    verdict = Verdict()
    end = _walk(from_seq, verdict)
    if verdict.is_whole:
        _compare_head(end, verdict)
    if anchors and verdict.is_whole:
        _compare_anchors(verdict)
    return verdict


def _walk(from_seq: int, verdict: Verdict) -> tuple[int, str]:
    seq, previous, rows = 0, "", AuditEntry.objects.order_by("seq")
    if from_seq > 1:
        before = rows.filter(seq=from_seq - 1).first()
        if before is None:
            verdict.first_bad, verdict.reason = from_seq - 1, "missing"
            return from_seq - 1, ""
        seq, previous, rows = before.seq, before.mac, rows.filter(seq__gt=before.seq)
    for entry in rows.iterator(2000):
        reason = _fault(entry, seq + 1, previous)
        if reason:
            verdict.first_bad, verdict.reason = min(entry.seq, seq + 1), reason
            break
        seq, previous = entry.seq, entry.mac
        verdict.checked += 1
    return seq, previous


def _fault(entry: AuditEntry, expected: int, previous: str) -> str:
    if entry.seq != expected:
        return "missing"
    if entry.prev != previous:
        return "not linked to the row before"
    try:
        seal = crypto.mac(entry.sealed(), bytes.fromhex(entry.prev), key_id=entry.key_id)
    except crypto.Undecryptable:
        return f"no key {entry.key_id} in the ring"
    return "" if seal.mac.hex() == entry.mac else "changed"


def _compare_head(end: tuple[int, str], verdict: Verdict) -> None:
    """Compare the last row with the head: rows cut off the end leave the head behind."""
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        verdict.first_bad, verdict.reason = end[0] + 1, "the head is missing"
    elif (head.seq, head.mac) != end:
        verdict.first_bad, verdict.reason = end[0] + 1, "the end does not fit the head"


def _compare_anchors(verdict: Verdict) -> None:
    """Compare the chain with its copies outside the database, oldest first."""
    for anchor in _anchors():
        verdict.anchors += 1
        entry = AuditEntry.objects.filter(seq=anchor["seq"]).first()
        if entry is None or entry.mac != anchor["mac"]:
            verdict.first_bad = int(anchor["seq"])
            verdict.reason = f"differs from the anchor of {anchor['at']}"
            return
    if not verdict.anchors:
        verdict.notes.append(f"no anchors in {settings.AUDIT_ANCHOR_DIR}")


def _anchors() -> Iterator[dict[str, str]]:
    for file in sorted(Path(settings.AUDIT_ANCHOR_DIR).glob("audit-*.json")):
        yield json.loads(file.read_text())
