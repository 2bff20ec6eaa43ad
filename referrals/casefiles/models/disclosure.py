"""The register: what was opened to whom on which ground, and every reading of it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.models import AppendOnly
from directory.catalogue.models import Organization
from referrals.casefiles.models.client import Client, OfClient, OfClientRecord, known
from referrals.casefiles.models.consent import ConsentScope, LegalBasis
from referrals.casefiles.states import ContextKind, DataClass, PolicyRule, Tier


class RecipientPolicy(models.Model):
    """What providers of a category may be given of one class, and which fields of it."""

    prefix = models.CharField(max_length=10)
    data_class = models.CharField(max_length=20, choices=DataClass)
    rule = models.CharField(max_length=10, choices=PolicyRule)
    fields = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["prefix", "data_class"]
        constraints = [
            known("recipientpolicy_class_is_known", "data_class", DataClass),
            known("recipientpolicy_rule_is_known", "rule", PolicyRule),
            models.UniqueConstraint(name="recipientpolicy_is_one", fields=["prefix", "data_class"]),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.data_class}"


class GrantQuerySet(OfClient):
    def open(self, at: datetime) -> Self:
        """Keep grants that let somebody read at an instant."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gt=at), since__lte=at, revoked_at__isnull=True
        )

    def of(self, context_kind: str, context_uid: object) -> Self:
        """Keep the grants that serve one referral, item, export or request."""
        return self.filter(context_kind=context_kind, context_uid=context_uid)


class DisclosureGrant(OfClientRecord):
    """One provision of data: to whom, what, on which ground, how long."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="grants")
    context_kind = models.CharField(max_length=20, choices=ContextKind)
    context_uid = models.UUIDField()
    recipient_org = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    link_uid = models.UUIDField(null=True, blank=True)
    scope = models.ForeignKey(
        ConsentScope, models.PROTECT, null=True, blank=True, related_name="grants"
    )
    legal_basis = models.ForeignKey(
        LegalBasis, models.PROTECT, null=True, blank=True, related_name="grants"
    )
    data_classes = models.JSONField(default=list)
    tier = models.CharField(max_length=10, choices=Tier)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    deletion_asked_at = models.DateTimeField(null=True, blank=True)
    deletion_confirmed_at = models.DateTimeField(null=True, blank=True)
    deletion_confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        indexes = [
            models.Index(name="grant_by_context", fields=["context_kind", "context_uid"]),
        ]
        constraints = [
            known("disclosuregrant_context_is_known", "context_kind", ContextKind),
            known("disclosuregrant_tier_is_known", "tier", Tier),
            models.CheckConstraint(
                name="disclosuregrant_has_one_ground",
                condition=Q(scope__isnull=False, legal_basis__isnull=True)
                | Q(scope__isnull=True, legal_basis__isnull=False),
            ),
            models.CheckConstraint(
                name="disclosuregrant_has_a_recipient",
                condition=Q(recipient_org__isnull=False) | Q(link_uid__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def basis(self) -> ConsentScope | LegalBasis:
        """Return the ground."""
        found = self.scope or self.legal_basis
        assert found is not None  # noqa: S101  # the constraint says so
        return found

    def is_open(self, at: datetime) -> bool:
        """Say whether the grant lets somebody read at an instant."""
        return (
            self.revoked_at is None and self.since <= at and (self.until is None or at < self.until)
        )


class OfGrant(OfClient):
    client_path = "grant__client"


class DisclosureEvent(OfClientRecord, AppendOnly):
    """One reading of what was provided; written with the reading or nothing is shown (C8)."""

    grant = models.ForeignKey(DisclosureGrant, models.PROTECT, related_name="events")
    # Empty when the reader holds a link.
    viewer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    link_uid = models.UUIDField(null=True)
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    fields = models.JSONField(default=list)
    packet_sha256 = models.CharField(max_length=64)

    objects = OfGrant.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="disclosureevent_has_a_reader",
                condition=Q(viewer__isnull=False) | Q(link_uid__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def data_key_id(self) -> str:
        """Name the client's key."""
        return self.grant.client.key_id
