"""Reasons as data: whose they were, what they suggest, who may choose them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referrals.handoffs.models.referral import known
from referrals.handoffs.states import NextStep, Selectable, Side


class ReasonCode(models.Model):
    """What the product knows about a reason beside its label."""

    code = models.OneToOneField(
        "catalogue.Code", models.PROTECT, related_name="reason", verbose_name=_("code")
    )
    side = models.CharField(_("side"), max_length=10, choices=Side)
    # 2 = client rejected, 3 = provider rejected, in the words of US housing statistics.
    hmis = models.PositiveSmallIntegerField(_("HMIS"), null=True, blank=True)
    needs_note = models.BooleanField(_("needs a note"), default=False)
    flags_listing = models.BooleanField(_("opens a listing check"), default=False)
    suggests_next = models.CharField(
        _("suggests"), max_length=20, choices=NextStep, default=NextStep.NONE, blank=True
    )
    selectable_by = models.CharField(_("chosen by"), max_length=20, choices=Selectable)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        constraints = [
            known("reasoncode_side_is_known", "side", Side.values),
            known("reasoncode_next_step_is_known", "suggests_next", NextStep.values),
            known("reasoncode_selectable_is_known", "selectable_by", Selectable.values),
            models.CheckConstraint(
                name="reasoncode_hmis_is_known",
                condition=Q(hmis__isnull=True) | Q(hmis__in=[2, 3]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.code)
