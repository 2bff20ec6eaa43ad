"""Help that was brought about, whatever the way: the record behind 资源链接量."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from core.crypto import EncryptedTextField
from referrals.casefiles.models import Client, OfClient, OfClientRecord
from referrals.reports.states import Mode

READS = (Permission.CLIENT_READ_OWN, Permission.CLIENT_READ_ORG)


class ResourceLinkQuerySet(OfClient):
    def visible_to(self, user: User) -> Self:
        """Keep links of files the user may open, and what the own house did for many at once."""
        if user.is_system:
            return self.scoped()
        own = set().union(*(user.organization_ids(right) or () for right in READS))
        files = Q(client__in=Client.objects.visible_to(user).values("pk"))
        return self.filter(files | Q(client__isnull=True, organization__in=own)).scoped()


class ResourceLink(OfClientRecord):
    """One resource that reached one client, or a number of people."""

    on = models.DateField(_("date"))
    organization = models.ForeignKey(
        "catalogue.Organization",
        models.PROTECT,
        related_name="resource_links",
        verbose_name=_("who linked it"),
    )
    client = models.ForeignKey(
        "casefiles.Client", models.PROTECT, null=True, blank=True, related_name="resource_links"
    )
    head_count = models.PositiveIntegerField(_("number of people"), null=True, blank=True)
    need = models.ForeignKey(
        "casefiles.Need", models.PROTECT, null=True, blank=True, related_name="resource_links"
    )
    referral = models.ForeignKey(
        "handoffs.Referral", models.PROTECT, null=True, blank=True, related_name="resource_links"
    )
    # Code of the set `resource_type`.
    resource_type = models.CharField(_("kind of resource"), max_length=40)
    service = models.ForeignKey(
        "catalogue.Service", models.PROTECT, null=True, blank=True, related_name="resource_links"
    )
    provider = models.ForeignKey(
        "catalogue.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("provider"),
    )
    # Where the provider stands in no directory.
    provider_name = models.CharField(_("name of the provider"), max_length=200, blank=True)
    content = EncryptedTextField(_("what it was"), blank=True)
    mode = models.CharField(_("way of linking"), max_length=12, choices=Mode)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    amount = models.DecimalField(
        _("value in money"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    valuation = models.CharField(_("how the value was found"), max_length=200, blank=True)
    # Code of the set `referral_outcome`: what the client confirmed.
    result = models.CharField(_("result"), max_length=20, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ResourceLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("resource link")
        verbose_name_plural = _("resource links")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(name="resourcelink_by_day", fields=["organization", "on"])]
        constraints = [
            models.CheckConstraint(
                name="resourcelink_mode_is_known", condition=Q(mode__in=Mode.values)
            ),
            models.CheckConstraint(
                name="resourcelink_reached_somebody",
                # A comparison with nothing is neither true nor false, and would pass.
                condition=Q(client__isnull=False, head_count__isnull=True)
                | Q(client__isnull=True, need__isnull=True, head_count__isnull=False)
                & Q(head_count__gte=1),
            ),
            models.CheckConstraint(
                name="resourcelink_has_a_provider",
                condition=Q(provider__isnull=False) | ~Q(provider_name=""),
            ),
            models.CheckConstraint(
                name="resourcelink_value_has_its_ground",
                condition=Q(amount__isnull=True) | ~Q(valuation="") | Q(referral__isnull=False),
            ),
            models.UniqueConstraint(
                name="resourcelink_once_per_referral",
                fields=["referral", "need"],
                condition=Q(referral__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.mode}"

    @property
    def data_key_id(self) -> str:
        """Name the client's key; what was done for many names nobody."""
        return self.client.key_id if self.client else ""
