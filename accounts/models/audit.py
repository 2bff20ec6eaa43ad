"""The access log: a chain in which each row seals the one before it."""

import json
from datetime import UTC

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.jobs import now
from core.models import AppendOnly


class Result(models.TextChoices):
    OK = "ok", _("carried out")
    DENIED = "denied", _("refused")
    FAILED = "failed", _("failed")


class AuditEntry(AppendOnly):
    """Who did what to which thing; ids and keyed hashes only, so that erasure leaves it valid.

    No foreign keys: a row must outlive whatever it names.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("time"), default=now)
    actor = models.UUIDField(_("user"))
    actor_org = models.UUIDField(null=True)
    session_ref = models.CharField(max_length=32, blank=True)
    ip_ref = models.CharField(max_length=32, blank=True)
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_uid = models.UUIDField(null=True)
    client_ref = models.CharField(max_length=32, blank=True)
    basis = models.CharField(max_length=60, blank=True)
    result = models.CharField(_("result"), max_length=6, choices=Result, default=Result.OK)
    meta = models.JSONField(default=dict)
    key_id = models.CharField(max_length=20)
    prev = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("access log entry")
        constraints = [
            models.CheckConstraint(
                name="auditentry_result_is_known", condition=Q(result__in=Result.values)
            )
        ]
        indexes = [
            models.Index(name="auditentry_by_actor", fields=["actor", "seq"]),
            models.Index(
                name="auditentry_by_client",
                fields=["client_ref", "seq"],
                condition=~Q(client_ref=""),
            ),
            models.Index(name="auditentry_by_object", fields=["object_uid", "seq"]),
            models.Index(name="auditentry_by_time", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"

    def sealed(self) -> bytes:
        """Return what the seal covers: every column before it, each with its length in front."""
        parts = [
            self.seq, self.at.astimezone(UTC).isoformat(), self.actor, self.actor_org,
            self.session_ref, self.ip_ref, self.action, self.object_type, self.object_uid,
            self.client_ref, self.basis, self.result,
            json.dumps(self.meta, sort_keys=True, ensure_ascii=True, separators=(",", ":")),
        ]  # fmt: skip
        texts = [str(part).encode() for part in parts]
        return b"".join(len(text).to_bytes(4, "big") + text for text in texts)


class AuditHead(models.Model):
    """The one row that every writer of the chain locks: its end."""

    seq = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="audithead_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.seq)
