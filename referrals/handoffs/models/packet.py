"""What a recipient reads: frozen snapshots, never the live file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.crypto import EncryptedJSONField
from core.models import AppendOnly, Record, ScopedModel
from referrals.casefiles.states import Tier
from referrals.handoffs.models.referral import OfReferralQuerySet, Referral, known


class PacketSnapshot(AppendOnly, Record, ScopedModel):
    """One tier of a packet as it was on the day of sending."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="packets")
    number = models.PositiveSmallIntegerField(_("number"))
    tier = models.CharField(max_length=10, choices=Tier)
    data_classes = models.JSONField(default=list)
    body = EncryptedJSONField()
    sha256 = models.CharField(max_length=64)

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="packetsnapshot_is_numbered", fields=["referral", "tier", "number"]
            ),
            known("packetsnapshot_tier_is_known", "tier", Tier.values),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.tier} {self.number}"

    @property
    def data_key_id(self) -> str:
        """Name the key that seals the body: the client's own."""
        return self.referral.data_key_id
