"""Where records come from and what became of them: sources, redirects, change feed, register."""

from django.db import models
from django.utils import timezone

from core.models import Record
from directory.catalogue.models.record import known
from directory.catalogue.states import (
    ChangeAction,
    MatchKind,
    RestrictionKind,
    RestrictionState,
    State,
    Trust,
)


class Source(Record):
    """Where imported records come from, and what that source may do by itself."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    trust = models.CharField(max_length=15, choices=Trust, default=Trust.NORMAL)
    license = models.CharField(max_length=200, blank=True)
    default_state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    mapping = models.JSONField(default=dict, blank=True)
    last_run = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            known("source_trust_is_known", "trust", Trust),
            known("source_default_state_is_known", "default_state", State),
        ]

    def __str__(self) -> str:
        return self.name


class Redirect(models.Model):
    """Where a merged record's old address leads: always to the final survivor."""

    table = models.CharField(max_length=40)
    old_uid = models.UUIDField()
    new_uid = models.UUIDField(db_index=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "old_uid"], name="redirect_is_unique"),
            models.CheckConstraint(
                name="redirect_leads_elsewhere",
                condition=~models.Q(old_uid=models.F("new_uid")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.old_uid} → {self.new_uid}"


class ChangeHead(models.Model):
    """The last number of the change feed; its lock makes one sealer win."""

    last_seq = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_seq)


class ListingChange(models.Model):
    """One write of one root record; numbered later, so that no reader loses a late commit."""

    table = models.CharField(max_length=40)
    uid = models.UUIDField()
    action = models.CharField(max_length=10, choices=ChangeAction)
    merged_into = models.UUIDField(null=True)
    at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(null=True, unique=True)
    sealed_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(
                fields=["id"], name="change_unsealed", condition=models.Q(seq__isnull=True)
            )
        ]
        constraints = [
            known("listing_change_action_is_known", "action", ChangeAction),
            models.CheckConstraint(
                name="listing_change_sealed_whole",
                condition=models.Q(seq__isnull=True, sealed_at__isnull=True)
                | models.Q(seq__isnull=False, sealed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.table} {self.uid}"


class ListingRestriction(Record):
    """Somebody does not want to be listed, written to or visited; outlives every re-import."""

    kind = models.CharField(max_length=20, choices=RestrictionKind)
    match_kind = models.CharField(max_length=12, choices=MatchKind)
    # Folded text, or a keyed hash where the value may be a person's own.
    match_value = models.CharField(max_length=300)
    area = models.ForeignKey("geography.Area", models.PROTECT, null=True, blank=True)
    # A masked reminder for people, such as 138****1234.
    label = models.CharField(max_length=200, blank=True)
    channels = models.JSONField(default=list, blank=True)
    reason = models.TextField()
    requested_by = models.CharField(max_length=200)
    until = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=RestrictionState, default=RestrictionState.DRAFT
    )

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["match_kind", "match_value"], name="restriction_match")]
        constraints = [
            known("restriction_kind_is_known", "kind", RestrictionKind),
            known("restriction_match_kind_is_known", "match_kind", MatchKind),
            known("restriction_state_is_known", "state", RestrictionState),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.label or self.match_kind}"

    @property
    def is_blind(self) -> bool:
        """Say whether the value is a keyed hash that nobody can read."""
        return self.match_kind in (MatchKind.E164, MatchKind.EMAIL)
