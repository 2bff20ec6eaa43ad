"""Imports and their rows, where records came from, and foreign metadata."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import Record
from directory.catalogue.models import Source
from directory.exchange.states import RUNNING, BatchState, Format, Missing, Outcome


class ImportBatch(Record):
    """One run of an import, from the file to the last row."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=300)
    format = models.CharField(_("format"), max_length=10, choices=Format, blank=True)
    state = models.CharField(max_length=12, choices=BatchState, default=BatchState.RECEIVED)
    missing = models.CharField(max_length=10, choices=Missing, default=Missing.REPORT)
    # The source's mapping as it was when the file was read.
    mapping = models.JSONField(default=dict, blank=True)
    # 1 while it runs, else empty: the unique constraint lets one run at a time.
    running_slot = models.PositiveSmallIntegerField(null=True, unique=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    failure = models.TextField(blank=True, editable=False)
    # Rows read per table, as the reader counted them: {table: rows}.
    read = models.JSONField(default=dict, editable=False)
    # What is wrong with files rather than with rows.
    problems = models.JSONField(default=list, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="import_batch_state_is_known", condition=Q(state__in=BatchState.values)
            ),
            models.CheckConstraint(
                name="import_batch_holds_the_slot_while_it_runs",
                condition=Q(state__in=RUNNING, running_slot=1)
                | (~Q(state__in=RUNNING) & Q(running_slot=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} · {self.file_name}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    """Rows by what became of them."""

    def waiting(self) -> Self:
        """Keep rows that are good and not written yet, in the order of the file."""
        return self.filter(outcome=Outcome.PENDING).order_by("pk")

    def faulty(self) -> Self:
        """Keep rows that something is wrong with."""
        return self.exclude(problems=[])


class ImportRow(models.Model):
    """A row of a file as it was understood; its effect and its outcome commit together."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    table = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField()
    # How many rows of the file it stands for: weekday rows of equal hours are one schedule.
    stands_for = models.PositiveSmallIntegerField(default=1)
    # Our columns and values; links as {column: [external ids]}.
    mapped = models.JSONField(default=dict)
    links = models.JSONField(default=dict)
    # Links that the form of the file demands although HSDS 3 does not.
    needs = models.JSONField(default=list)
    raw = models.BinaryField()
    problems = models.JSONField(default=list)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.PENDING, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="import_row_is_staged_once", fields=["batch", "table", "external_id"]
            ),
            models.CheckConstraint(
                name="import_row_outcome_is_known", condition=Q(outcome__in=Outcome.values)
            ),
        ]
        indexes = [models.Index(name="import_row_progress", fields=["batch", "table", "outcome"])]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class SourceRecordQuerySet(models.QuerySet["SourceRecord"]):
    """Records of sources by what they led to."""

    def placed(self) -> Self:
        """Keep records that are in the catalogue."""
        return self.filter(uid__isnull=False)

    def waiting(self) -> Self:
        """Keep records that wait for something to belong to."""
        return self.exclude(quarantine_reason="")


class SourceRecord(models.Model):
    """What a source said about a record, last time: origin, license, and the base of merging."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="records")
    table = models.CharField(max_length=40)
    # Unique only within its table: sources number their tables apart.
    external_id = models.CharField(max_length=200)
    uid = models.UUIDField(null=True, db_index=True)
    # The row as the source gave it, compressed; gone where the location is protected.
    raw = models.BinaryField(default=bytes)
    raw_hash = models.CharField(max_length=64)
    mapped = models.JSONField(default=dict)
    links = models.JSONField(default=dict)
    quarantine_reason = models.CharField(max_length=30, blank=True)
    last_seen = models.ForeignKey(ImportBatch, models.PROTECT, related_name="+")

    objects = SourceRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="source_record_is_unique", fields=["source", "table", "external_id"]
            ),
            models.CheckConstraint(
                name="source_record_is_placed_or_waits",
                condition=Q(uid__isnull=False, quarantine_reason="")
                | (Q(uid__isnull=True) & ~Q(quarantine_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.table} {self.external_id}"


class ForeignMetadata(models.Model):
    """A change that a source recorded about its own data; kept, never mixed with our history."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=200)
    resource_id = models.CharField(max_length=200)
    resource_type = models.CharField(max_length=100, blank=True)
    last_action_date = models.CharField(max_length=40, blank=True)
    last_action_type = models.CharField(max_length=100, blank=True)
    field_name = models.CharField(max_length=200, blank=True)
    previous_value = models.TextField(blank=True)
    replacement_value = models.TextField(blank=True)
    updated_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="foreign_metadata_is_unique", fields=["source", "external_id"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource_type} {self.field_name}"
