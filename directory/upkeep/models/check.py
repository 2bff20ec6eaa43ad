"""Checks of a listing, what was tried, and what was confirmed."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from core.models import AppendOnly, Record, Versioned
from directory.upkeep.states import Kind, Method, Result, Stage, TaskState


class TaskQuerySet(models.QuerySet["VerificationTask"]):
    """Checks, narrowed."""

    def open(self) -> Self:
        """Keep checks that nobody has settled."""
        return self.filter(state=TaskState.OPEN)

    def step_due(self, *, on: date) -> Self:
        """Keep open checks whose next rung of the ladder is reached, longest waiting first."""
        return self.open().filter(next_step_on__lte=on).order_by("next_step_on", "pk")

    def visible_to(self, user: User) -> Self:
        """Show checks to those who verify listings, and to a provider those of its own."""
        if user.may(Permission.LISTING_VERIFY):
            return self
        own = user.organization_ids(Permission.LISTING_EDIT)
        return self if own is None else self.filter(service__organization__in=own)


class VerificationTask(Record, Versioned):
    """The question whether one listing is still true, until somebody settles it."""

    service = models.ForeignKey(
        "catalogue.Service", on_delete=models.PROTECT, related_name="verification_tasks"
    )
    place = models.ForeignKey(
        "catalogue.ServiceAtLocation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="verification_tasks",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    groups = models.JSONField(_("facts to confirm"), default=list)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.ASK)
    # How many rungs of the ladder lie behind this check.
    step = models.PositiveSmallIntegerField(default=0, editable=False)
    skipped = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("Steps that fell into an outage.")
    )
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.OPEN)
    opened_on = models.DateField(_("opened on"))
    due_on = models.DateField(_("due on"))
    next_step_on = models.DateField(_("next step on"), null=True, db_index=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    visit_on = models.DateField(_("visit on"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=2)
    area = models.ForeignKey(
        "geography.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.CharField(_("result"), max_length=20, choices=Result, blank=True)
    drop_reason = models.CharField(_("reason"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="task_state_is_known", condition=models.Q(state__in=TaskState.values)
            ),
            models.CheckConstraint(
                name="task_stage_is_known", condition=models.Q(stage__in=Stage.values)
            ),
            models.CheckConstraint(name="task_priority_0_3", condition=models.Q(priority__lte=3)),
            # Two, because a place may be null and NULLs are distinct.
            models.UniqueConstraint(
                fields=["service", "place"],
                condition=models.Q(state=TaskState.OPEN, place__isnull=False),
                name="one_open_task_per_place",
            ),
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(state=TaskState.OPEN, place__isnull=True),
                name="one_open_task_per_service",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_step_on"], name="task_next_step")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"


# Codes of the set contact_result that a call or visit can end with.
DISPOSITIONS = [
    ("reached", _("Reached")),
    ("no_answer", _("No answer")),
    ("wrong_number", _("Wrong number")),
    ("absent", _("Nobody there")),
]


class ContactAttempt(models.Model):
    """A call or a visit that was tried for a check, whatever came of it."""

    task = models.ForeignKey(VerificationTask, on_delete=models.PROTECT, related_name="attempts")
    method = models.CharField(_("method"), max_length=20, choices=Method)
    disposition = models.CharField(_("what came of it"), max_length=20)
    person = models.CharField(_("person reached"), max_length=100, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.method} {self.disposition}"

    @property
    def outcome(self) -> object:
        """Return what came of it, in words."""
        return dict(DISPOSITIONS).get(self.disposition, self.disposition)


class Verification(Record, AppendOnly):
    """What somebody said about a listing, kept for ever: the reason behind every badge."""

    task = models.ForeignKey(
        VerificationTask, on_delete=models.PROTECT, null=True, related_name="verifications"
    )
    service = models.ForeignKey(
        "catalogue.Service", on_delete=models.PROTECT, related_name="verifications"
    )
    place = models.ForeignKey(
        "catalogue.ServiceAtLocation",
        on_delete=models.PROTECT,
        null=True,
        related_name="verifications",
    )
    method = models.CharField(max_length=20, choices=Method)
    result = models.CharField(max_length=20, choices=Result)
    groups = models.JSONField(default=list)
    contact_name = models.CharField(max_length=100, blank=True)
    contact_role = models.CharField(max_length=100, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(
        "upkeep.VerificationRequest", on_delete=models.PROTECT, null=True, related_name="+"
    )
    seen_version = models.PositiveIntegerField()
    corrected = models.JSONField(default=list, help_text=_("Groups that were corrected."))
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="verification_result_is_known",
                condition=models.Q(result__in=Result.values),
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.result}"


class FieldConfirmation(models.Model):
    """The latest confirmation of one group of facts of one listing."""

    service = models.ForeignKey(
        "catalogue.Service", on_delete=models.PROTECT, related_name="confirmations"
    )
    place = models.ForeignKey(
        "catalogue.ServiceAtLocation",
        on_delete=models.PROTECT,
        null=True,
        related_name="confirmations",
    )
    group = models.CharField(max_length=30)
    confirmed_on = models.DateField()
    method = models.CharField(max_length=20, choices=Method)
    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "place", "group"],
                condition=models.Q(place__isnull=False),
                name="confirmation_once_per_place",
            ),
            models.UniqueConstraint(
                fields=["service", "group"],
                condition=models.Q(place__isnull=True),
                name="confirmation_once_per_service",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.confirmed_on}"
