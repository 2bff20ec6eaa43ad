"""Looking after a need again, until somebody says what became of it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.crypto import EncryptedTextField
from core.models import Versioned
from referrals.casefiles.models import Client, OfClient, OfClientRecord
from referrals.reports.states import Kind, Result


class OfNeed(OfClient):
    """Rows about a need follow its client."""

    client_path = "need__client"

    def of_team(self, user: User) -> Self:
        """Keep rows of the files one works on: what waits for oneself."""
        mine = Client.objects.caseload_of(user).values("pk")
        return self.filter(need__client__in=mine).scoped()


class FollowUpQuerySet(OfNeed):
    def open(self) -> Self:
        """Keep what nobody has settled."""
        return self.filter(done_at__isnull=True)

    def due(self, *, at: datetime) -> Self:
        """Keep open ones whose day has come and of which nobody was told."""
        return self.open().filter(due_at__lte=at, reminded_at__isnull=True)


class FollowUp(OfClientRecord, Versioned):
    """One look at a need: by when, and what came of it."""

    need = models.ForeignKey("casefiles.Need", models.PROTECT, related_name="follow_ups")
    # The attempt after which it was opened; handouts and plans have none.
    referral = models.ForeignKey(
        "handoffs.Referral", models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.UNRESOLVED)
    due_at = models.DateTimeField(_("due"))
    reminded_at = models.DateTimeField(null=True, editable=False)
    result = models.CharField(_("result"), max_length=20, choices=Result, blank=True)
    wait_until = models.DateField(_("wait until"), null=True, blank=True)
    note = EncryptedTextField(_("note"), blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(name="followup_due", fields=["due_at"], condition=Q(done_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="followup_kind_is_known", condition=Q(kind__in=Kind.values)
            ),
            models.CheckConstraint(
                name="followup_done_has_result",
                condition=Q(done_at__isnull=True, result="", author__isnull=True)
                | Q(done_at__isnull=False, result__in=Result.values, author__isnull=False),
            ),
            models.CheckConstraint(
                name="followup_waits_until_a_day",
                condition=Q(result=Result.WAIT, wait_until__isnull=False)
                | ~Q(result=Result.WAIT) & Q(wait_until__isnull=True),
            ),
            models.UniqueConstraint(
                name="followup_open_once_per_need",
                fields=["need", "kind"],
                condition=Q(done_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.kind}"

    @property
    def data_key_id(self) -> str:
        """Name the key that seals the note: the client's own."""
        return self.need.client.key_id

    @property
    def is_open(self) -> bool:
        """Say whether nobody has settled it."""
        return self.done_at is None
