"""Clocks of a referral and the policies that set them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, ScopedModel
from referrals.handoffs.models.referral import OfReferralQuerySet, Referral, known
from referrals.handoffs.states import Clock, ClockClass, Unit


class ClockPolicy(models.Model):
    """How long a clock runs; the narrowest row that fits decides."""

    clock = models.CharField(_("clock"), max_length=3, choices=Clock)
    clock_class = models.CharField(_("class"), max_length=10, choices=ClockClass)
    # Beginning of a taxonomy code; empty = every category.
    category = models.CharField(_("category"), max_length=20, blank=True)
    organization = models.ForeignKey(
        "catalogue.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    amount = models.PositiveSmallIntegerField(_("amount"))
    unit = models.CharField(_("unit"), max_length=2, choices=Unit)
    ends_referral = models.BooleanField(_("ends the referral at 300 %"), default=False)

    class Meta:
        verbose_name = _("clock policy")
        verbose_name_plural = _("clock policies")
        ordering = ["clock", "clock_class", "category", "organization"]
        constraints = [
            models.UniqueConstraint(
                name="clockpolicy_is_one",
                fields=["clock", "clock_class", "category", "organization"],
                nulls_distinct=False,
            ),
            known("clockpolicy_clock_is_known", "clock", Clock.values),
            known("clockpolicy_class_is_known", "clock_class", ClockClass.values),
            known("clockpolicy_unit_is_known", "unit", Unit.values),
            models.CheckConstraint(name="clockpolicy_runs_at_all", condition=Q(amount__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.clock_class} {self.category}: {self.amount} {self.unit}"


class SenderRules(models.Model):
    """What an organization decides about its own referrals."""

    organization = models.OneToOneField(
        "catalogue.Organization",
        models.CASCADE,
        related_name="sender_rules",
        verbose_name=_("organization"),
    )
    always_approve = models.BooleanField(_("a supervisor approves every referral"), default=False)

    class Meta:
        verbose_name = _("rules of sending")
        verbose_name_plural = _("rules of sending")

    def __str__(self) -> str:
        return str(self.organization)


class ReferralClock(Record, ScopedModel):
    """One running time limit; its instants are frozen at the start and only ever move later."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=3, choices=Clock)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    l2_at = models.DateTimeField(null=True)
    l3_at = models.DateTimeField(null=True)
    # The instant that ends the referral; null where silence ends nothing.
    l4_at = models.DateTimeField(null=True)
    # The next of these instants that nobody has acted on: what the ladder looks for.
    next_at = models.DateTimeField(null=True)
    paused_since = models.DateTimeField(null=True)
    paused_seconds = models.PositiveBigIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="referralclock_starts_once", fields=["referral", "kind", "started_at"]
            ),
            # Two clocks of one kind would remind twice.
            models.UniqueConstraint(
                name="referralclock_runs_once",
                fields=["referral", "kind"],
                condition=Q(stopped_at__isnull=True),
            ),
            known("referralclock_kind_is_known", "kind", Clock.values),
            models.CheckConstraint(
                name="referralclock_is_due_after_its_start",
                condition=Q(due_at__gte=F("started_at")),
            ),
            models.CheckConstraint(name="referralclock_level_is_known", condition=Q(level__lte=4)),
        ]
        indexes = [
            models.Index(
                name="referralclock_due",
                fields=["due_at"],
                condition=Q(stopped_at__isnull=True),
            ),
            models.Index(
                name="referralclock_next",
                fields=["next_at"],
                condition=Q(stopped_at__isnull=True, paused_since__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.kind}"
