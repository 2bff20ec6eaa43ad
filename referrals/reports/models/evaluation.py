"""What clients and others say about help that was given, or was not."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from core.crypto import EncryptedTextField
from referrals.casefiles.models import Client, OfClientRecord
from referrals.reports.models.follow_up import OfNeed
from referrals.reports.states import RATINGS, Channel, Difficulty, WaitBand

LEVELS = Q()
for _name in ("quality", "wait", "staff"):
    LEVELS &= Q((f"{_name}__isnull", True)) | Q((f"{_name}__in", RATINGS))


class EvaluationQuerySet(OfNeed):
    def visible_to(self, user: User) -> Self:
        """Keep answers about files the user may open, and about services the user answers for."""
        if user.is_system:
            return self.scoped()
        files = Q(need__client__in=Client.objects.visible_to(user).values("pk"))
        own = user.organization_ids(Permission.REFERRAL_ANSWER) or set()
        return self.filter(files | Q(referral__recipient_org__in=own)).scoped()


class Evaluation(OfClientRecord):
    """One answer: was help given, how good was it, or what stood in the way."""

    need = models.ForeignKey("casefiles.Need", models.PROTECT, related_name="evaluations")
    referral = models.ForeignKey(
        "handoffs.Referral", models.PROTECT, null=True, blank=True, related_name="evaluations"
    )
    # Codes of the sets `evaluation_party`, `resolution`, `satisfaction`.
    party = models.CharField(_("who says it"), max_length=40)
    resolution = models.CharField(_("how far it is solved"), max_length=20, blank=True)
    satisfaction = models.CharField(_("how satisfied"), max_length=20, blank=True)
    channel = models.CharField(_("way of answering"), max_length=10, choices=Channel)
    delivered = models.BooleanField(_("help was given"))
    wait_band = models.CharField(
        _("how long the wait was"), max_length=10, choices=WaitBand, blank=True
    )
    difficulty = models.CharField(
        _("what stood in the way"), max_length=20, choices=Difficulty, blank=True
    )
    quality = models.PositiveSmallIntegerField(_("quality of the help"), null=True, blank=True)
    wait = models.PositiveSmallIntegerField(_("waiting time"), null=True, blank=True)
    staff = models.PositiveSmallIntegerField(_("how staff treated you"), null=True, blank=True)
    text = EncryptedTextField(_("in your own words"), blank=True)
    # Hides the person from the provider, never from the team that asked.
    anonymous = models.BooleanField(_("without telling the provider who it is"), default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="evaluation_channel_is_known", condition=Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(
                name="evaluation_wait_is_known", condition=Q(wait_band__in=["", *WaitBand.values])
            ),
            models.CheckConstraint(name="evaluation_levels_are_five", condition=LEVELS),
            models.CheckConstraint(
                name="evaluation_of_help_is_whole",
                condition=Q(delivered=False)
                | Q(quality__isnull=False, wait__isnull=False, difficulty="") & ~Q(satisfaction=""),
            ),
            # Waiting times count from help that was given; without it there is only a reason.
            models.CheckConstraint(
                name="evaluation_of_no_help_says_why",
                condition=Q(delivered=True)
                | Q(difficulty__in=Difficulty.values, wait_band="", quality__isnull=True)
                & Q(wait__isnull=True, staff__isnull=True),
            ),
            models.UniqueConstraint(
                name="evaluation_once_per_link",
                fields=["referral", "party"],
                condition=Q(channel=Channel.LINK),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.party}"

    @property
    def data_key_id(self) -> str:
        """Name the key that seals the words: the client's own."""
        return self.need.client.key_id
