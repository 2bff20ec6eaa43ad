"""The work: case, team, handing over, and how numbers are given."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from core.crypto import EncryptedTextField
from core.jobs import now
from core.models import AppendOnly, Versioned
from directory.catalogue.models import Organization
from referrals.casefiles.models.client import Client, OfClient, OfClientRecord, known
from referrals.casefiles.states import (
    AssignmentRole,
    CaseEventKind,
    CaseState,
    GroupStage,
    Stage,
    TransferKind,
    TransferState,
)


class CaseRules(models.Model):
    """What an organization decides about its files: numbers, and consent for those of 14 to 17."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="case_rules")
    file_no_pattern = models.CharField(max_length=80, default="{board}-{year}-{seq:04}")
    case_no_pattern = models.CharField(max_length=80, default="{board}-{kind}{seq:03}-{year}")
    board = models.CharField(max_length=20, blank=True)
    site = models.CharField(max_length=20, blank=True)
    minors_need_guardian = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.organization)

    @classmethod
    def of(cls, organization: Organization) -> "CaseRules":
        """Return what the organization decided, else the defaults."""
        found = cls.objects.filter(organization=organization).first()
        return found or cls(organization=organization)


class NumberSeries(models.Model):
    """The last number given in one series of one organization."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    # The pattern with everything filled in but the number itself.
    series = models.CharField(max_length=120)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="numberseries_is_one", fields=["organization", "series"])
        ]

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class CaseQuerySet(OfClient):
    def open(self) -> Self:
        """Keep cases on which work goes on."""
        return self.filter(state=CaseState.OPEN)


class CaseFile(OfClientRecord, Versioned):
    """One piece of work with a client, from intake to closing."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="cases")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    case_no = models.CharField(max_length=60)
    # Codes of the sets `case_type`, `case_source`, `close_reason`, `retention_class`.
    case_type = models.CharField(max_length=40, default="casework")
    source = models.CharField(max_length=40, blank=True)
    responsible = models.ForeignKey(User, models.PROTECT, related_name="+")
    team = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.INTAKE)
    group_stage = models.CharField(max_length=20, choices=GroupStage, blank=True)
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    close_reason = models.CharField(max_length=40, blank=True)
    # Codes of the set `confidentiality_exception` that were explained to the client.
    secrecy_told = models.JSONField(default=list, blank=True)
    retention_class = models.CharField(max_length=40, default="case_general")
    legal_hold = models.BooleanField(default=False)
    next_review_on = models.DateField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        indexes = [models.Index(name="casefile_by_owner", fields=["responsible", "state"])]
        constraints = [
            models.UniqueConstraint(name="casefile_case_no", fields=["organization", "case_no"]),
            known("casefile_stage_is_known", "stage", Stage),
            known("casefile_state_is_known", "state", CaseState),
            known("casefile_group_stage_is_known", "group_stage", GroupStage, blank=True),
            models.CheckConstraint(
                name="casefile_closed_has_day_and_reason",
                condition=Q(state=CaseState.OPEN, closed_on__isnull=True, close_reason="")
                | ~Q(state=CaseState.OPEN) & Q(closed_on__isnull=False) & ~Q(close_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.case_no

    @property
    def is_open(self) -> bool:
        """Say whether work goes on."""
        return self.state == CaseState.OPEN


class OfCase(OfClient):
    client_path = "case__client"


class OfCaseRecord(OfClientRecord):
    """A row about a case."""

    class Meta:
        abstract = True

    @property
    def data_key_id(self) -> str:
        """Name the client's key."""
        return self.case.client.key_id  # type: ignore[attr-defined,no-any-return]  # below


class AssignmentQuerySet(OfCase):
    def current(self) -> Self:
        """Keep who is on the team now."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now()))


class CaseAssignment(OfCaseRecord):
    """Somebody on the team of a case; it counts as the approval that restricted files need."""

    case = models.ForeignKey(CaseFile, models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=AssignmentRole)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        indexes = [models.Index(name="caseassignment_by_user", fields=["user", "until"])]
        constraints = [
            known("caseassignment_role_is_known", "role", AssignmentRole),
            models.UniqueConstraint(
                name="caseassignment_one_owner",
                fields=["case"],
                condition=Q(role=AssignmentRole.OWNER, until__isnull=True),
            ),
            models.UniqueConstraint(
                name="caseassignment_once_a_person",
                fields=["case", "user"],
                condition=Q(until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class TransferQuerySet(OfCase):
    def offered_to(self, user: User) -> Self:
        """Keep open offers to a colleague, who answers before seeing the file."""
        return self.filter(to_user=user, state=TransferState.OFFERED).scoped()


class CaseTransfer(OfCaseRecord):
    """Handing a case over from one worker to another; the owner changes on acceptance."""

    case = models.ForeignKey(CaseFile, models.CASCADE, related_name="transfers")
    from_user = models.ForeignKey(User, models.PROTECT, related_name="+")
    to_user = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=TransferKind, default=TransferKind.OFFER)
    state = models.CharField(
        max_length=10, choices=TransferState, default=TransferState.OFFERED, editable=False
    )
    reason = EncryptedTextField()
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            known("casetransfer_kind_is_known", "kind", TransferKind),
            known("casetransfer_state_is_known", "state", TransferState),
            models.CheckConstraint(
                name="casetransfer_between_two", condition=~Q(from_user=F("to_user"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class CaseEvent(OfCaseRecord, AppendOnly):
    """One thing that happened to a case."""

    case = models.ForeignKey(CaseFile, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=CaseEventKind)
    from_stage = models.CharField(max_length=20, choices=Stage, blank=True)
    to_stage = models.CharField(max_length=20, choices=Stage, blank=True)
    # Code of the set `close_reason` where there is one.
    reason = models.CharField(max_length=40, blank=True)
    subject = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = EncryptedTextField(blank=True)

    objects = OfCase.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [known("caseevent_kind_is_known", "kind", CaseEventKind)]

    def __str__(self) -> str:
        return self.get_kind_display()
