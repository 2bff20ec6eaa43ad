"""Doors for people without an account."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.crypto import EncryptedTextField
from core.models import Record, ScopedModel
from referrals.handoffs.models.referral import OfReferralQuerySet, Referral, known
from referrals.handoffs.states import LinkKind


class OffPlatformContact(Record):
    """A person or office that receives referrals without using the platform."""

    organization = models.ForeignKey(
        "catalogue.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="off_platform_contacts",
    )
    name = models.CharField(_("organization"), max_length=200, blank=True)
    person = models.CharField(_("contact person"), max_length=80, blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)
    email = EncryptedTextField(_("e-mail address"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="offplatformcontact_has_a_name",
                condition=Q(organization__isnull=False) | ~Q(name=""),
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.organization)


class AccessLink(Record, ScopedModel):
    """One secret address of one referral for one recipient; only the token's hash is kept."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="links")
    kind = models.CharField(max_length=10, choices=LinkKind)
    token_hash = models.CharField(max_length=64, unique=True)
    # Where the link went, and where the code of the second factor goes.
    address = EncryptedTextField(blank=True)
    code_address = EncryptedTextField(blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opens = models.PositiveSmallIntegerField(default=0)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    # The holder has asked for a fresh one; the sender decides.
    asked_at = models.DateTimeField(null=True)

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            known("accesslink_kind_is_known", "kind", LinkKind.values),
            models.CheckConstraint(name="accesslink_opens_are_counted", condition=Q(opens__lte=50)),
            models.CheckConstraint(
                name="accesslink_tries_are_counted", condition=Q(code_tries__lte=5)
            ),
        ]
        indexes = [
            models.Index(
                name="accesslink_live", fields=["expires_at"], condition=Q(revoked_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.kind}"

    @property
    def data_key_id(self) -> str:
        """Name the key that seals the addresses: the client's own."""
        return self.referral.data_key_id
