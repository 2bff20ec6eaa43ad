"""Opening files beyond one's own: approvals by a supervisor, and emergency access."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import Permission
from core.crypto import EncryptedTextField
from referrals.casefiles.models.client import (
    Client,
    OfClient,
    OfClientRecord,
    known,
    organizations,
)
from referrals.casefiles.states import AccessPurpose, Verdict


class OpeningQuerySet(OfClient):
    def visible_to(self, user: User) -> Self:
        """Keep one's own openings and those of organizations whose access one watches over."""
        if user.is_system:
            return self.scoped()
        watches = organizations(
            user,
            Permission.ACCESS_APPROVE,
            Permission.PRIVACY_HANDLE,
            path="client__organization",
        )
        return self.filter(Q(user=user) | watches).scoped()

    def running(self, at: datetime) -> Self:
        """Keep what opens a file at an instant."""
        return self.filter(until__gt=at)


class ApprovalQuerySet(OpeningQuerySet):
    def running(self, at: datetime) -> Self:
        """Keep approvals that open a file at an instant."""
        return self.filter(until__gt=at, revoked_at__isnull=True)


class AccessApproval(OfClientRecord):
    """A colleague may read one file for one purpose until a date."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.CASCADE, related_name="approvals")
    purpose = models.CharField(max_length=20, choices=AccessPurpose)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="accessapproval_by_user", fields=["user", "until"])]
        constraints = [
            known("accessapproval_purpose_is_known", "purpose", AccessPurpose),
            models.CheckConstraint(
                name="accessapproval_takes_two", condition=~Q(user=F("approved_by"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class GlassQuerySet(OpeningQuerySet):
    def running(self, at: datetime) -> Self:
        """Keep emergency accesses that are open at an instant."""
        return self.filter(until__gt=at, ended_at__isnull=True)

    def run_out(self, at: datetime) -> Self:
        """Keep those whose time is over and that nobody has ended."""
        return self.filter(until__lte=at, ended_at__isnull=True)

    def review_overdue(self, at: datetime) -> Self:
        """Keep those whose judgment is late and about which nobody was reminded."""
        return self.filter(
            reviewed_at__isnull=True, reminded_at__isnull=True, review_due_at__lte=at
        )

    def unreviewed(self) -> Self:
        """Keep those that nobody has judged yet, the oldest first."""
        return self.filter(reviewed_at__isnull=True).order_by("review_due_at", "pk")


class BreakGlass(OfClientRecord):
    """Emergency access: a worker opens a file at once, for four hours at most, and is reviewed."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="openings")
    # Code of the set `risk`: which danger.
    reason = models.CharField(max_length=40)
    narrative = EncryptedTextField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, editable=False)
    review_due_at = models.DateTimeField(editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True, editable=False)
    review_note = EncryptedTextField(blank=True, editable=False)

    objects = GlassQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="breakglass_by_user", fields=["user", "until"]),
            models.Index(name="breakglass_by_review", fields=["reviewed_at", "review_due_at"]),
        ]
        constraints = [
            known("breakglass_verdict_is_known", "verdict", Verdict, blank=True),
            models.CheckConstraint(
                name="breakglass_is_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True, verdict="")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                & ~Q(verdict="")
                & ~Q(reviewed_by=F("user")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    def is_open(self, at: datetime) -> bool:
        """Say whether the file is open by it at an instant."""
        return self.ended_at is None and at < self.until
