"""What the client needs, how urgent it is, and by which scheme that was computed."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.crypto import EncryptedTextField
from core.models import Versioned
from directory.catalogue.models import Organization, TaxonomyTerm
from directory.geography.models import Area
from referrals.casefiles.models.case import CaseFile
from referrals.casefiles.models.client import Client, OfClient, OfClientRecord, known
from referrals.casefiles.priority import Facts
from referrals.casefiles.states import ACTIVE, Impact, NeedStatus, Priority, Urgency


class PriorityScheme(models.Model):
    """A published version of weights, thresholds and floors; never changed, only followed."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+"
    )
    number = models.PositiveIntegerField()
    data = models.JSONField()
    effective_from = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="priorityscheme_of_an_organization", fields=["organization", "number"]
            ),
            models.UniqueConstraint(
                name="priorityscheme_of_the_network",
                fields=["number"],
                condition=Q(organization__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class NeedQuerySet(OfClient):
    def active(self) -> Self:
        """Keep needs that wait or are being worked on."""
        return self.filter(status__in=ACTIVE)

    def urgent_first(self) -> Self:
        """Order as the file shows them: our level, then the client's own order."""
        return self.order_by("priority", models.F("client_rank").asc(nulls_last=True), "pk")

    def deadline_approaching(self, on: date) -> Self:
        """Keep active needs whose deadline has come within seven days and is not counted yet."""
        return self.active().filter(deadline__lte=on + timedelta(days=7), deadline_near=False)


class Need(OfClientRecord, Versioned):
    """One need of one client."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="needs")
    case = models.ForeignKey(CaseFile, models.PROTECT, null=True, blank=True, related_name="needs")
    category = models.ForeignKey(TaxonomyTerm, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    summary = EncryptedTextField(blank=True)
    urgency = models.CharField(max_length=2, choices=Urgency)
    impact = models.CharField(max_length=2, choices=Impact)
    has_dependents = models.BooleanField(default=False)
    no_informal_support = models.BooleanField(default=False)
    deadline = models.DateField(null=True, blank=True)
    deadline_near = models.BooleanField(default=False, editable=False)
    client_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    scheme = models.ForeignKey(PriorityScheme, models.PROTECT, related_name="+", editable=False)
    score = models.PositiveSmallIntegerField(default=0, editable=False)
    # By score and floor; the override, if there is one, counts.
    computed_priority = models.CharField(max_length=2, choices=Priority, editable=False)
    priority = models.CharField(max_length=2, choices=Priority, editable=False)
    priority_override = models.CharField(max_length=2, choices=Priority, blank=True)
    override_reason = EncryptedTextField(blank=True)
    override_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False
    )
    hidden = models.BooleanField(default=False)
    status = models.CharField(
        max_length=20, choices=NeedStatus, default=NeedStatus.OPEN, editable=False
    )
    # Code of the set `unmet_reason`.
    unmet_reason = models.CharField(max_length=40, blank=True, editable=False)
    review_on = models.DateField(null=True, blank=True, editable=False)
    status_note = EncryptedTextField(blank=True, editable=False)
    identified_at = models.DateTimeField(editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="need_by_kind_and_place", fields=["status", "category", "area"]),
            models.Index(name="need_by_review", fields=["status", "review_on"]),
            models.Index(name="need_by_deadline", fields=["deadline_near", "deadline"]),
        ]
        constraints = [
            known("need_urgency_is_known", "urgency", Urgency),
            known("need_impact_is_known", "impact", Impact),
            known("need_status_is_known", "status", NeedStatus),
            known("need_priority_is_known", "priority", Priority),
            known("need_override_is_known", "priority_override", Priority, blank=True),
            models.CheckConstraint(
                name="need_unmet_has_reason_and_review",
                condition=Q(status=NeedStatus.UNMET, review_on__isnull=False) & ~Q(unmet_reason="")
                | ~Q(status=NeedStatus.UNMET) & Q(unmet_reason=""),
            ),
            models.UniqueConstraint(
                name="need_rank_is_unique",
                fields=["client", "client_rank"],
                condition=Q(status__in=sorted(ACTIVE), client_rank__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.category)

    @property
    def is_active(self) -> bool:
        """Say whether the need waits or is being worked on."""
        return self.status in ACTIVE

    @property
    def graded_by(self) -> Facts:
        """Return what counts for the level."""
        return Facts(
            urgency=self.urgency,
            impact=self.impact,
            has_dependents=self.has_dependents,
            no_informal_support=self.no_informal_support,
            ranked_first=self.client_rank == 1,
            deadline=self.deadline,
        )

    @property
    def clock_class(self) -> str:
        """Return which clocks run on this need's level, by the scheme it was scored with."""
        levels = self.scheme.data["levels"]
        return str(next(row["clock_class"] for row in levels if row["code"] == self.priority))
