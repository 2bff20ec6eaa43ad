"""Outcomes kept for a day, so that the same request sent twice acts once."""

from django.db import models

from core.crypto import EncryptedJSONField
from core.models import Record


class IdempotencyRow(Record):
    """The committed outcome of one key of one principal at one endpoint."""

    principal = models.CharField(max_length=60)
    endpoint = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    client_ref = models.CharField(max_length=32, blank=True, db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    # headers, body
    outcome = EncryptedJSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="idempotencyrow_acts_once", fields=["principal", "endpoint", "key"]
            )
        ]
        indexes = [models.Index(name="idempotencyrow_by_age", fields=["created_at"])]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.status or ''}"
