"""Who offers help: organizations, their identifiers and programs."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.catalogue.models.audience import (
    Reader,
    audiences,
    edited_organizations,
    is_moderator,
    own_organizations,
)
from directory.catalogue.models.record import Child, Root, known
from directory.catalogue.states import Audience, OrganizationState


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def listed(self) -> Self:
        """Keep organizations whose services may be shown."""
        return self.filter(state=OrganizationState.LISTED, deleted_at__isnull=True)

    def visible_to(self, user: Reader) -> Self:
        """Keep what this reader may open: listed ones of the audience, and the reader's own."""
        present = self.filter(deleted_at__isnull=True)
        if is_moderator(user):
            return present
        seen = models.Q(state=OrganizationState.LISTED, audience__in=audiences(user))
        if own := own_organizations(user):
            seen |= models.Q(pk__in=own)
        return present.filter(seen)

    def editable_by(self, user: Reader) -> Self:
        """Keep what this user may change or propose to change."""
        present = self.filter(deleted_at__isnull=True)
        if is_moderator(user):
            return present
        return present.filter(pk__in=edited_organizations(user))


class Organization(Root):
    """A body that provides services or runs programs."""

    name = models.CharField(max_length=300)
    alternate_name = models.CharField(_("other name"), max_length=300, blank=True)
    description = models.TextField(blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    website = models.URLField(_("website"), max_length=1000, blank=True)
    tax_status = models.CharField(max_length=200, blank=True)
    tax_id = models.CharField(max_length=100, blank=True)
    year_incorporated = models.PositiveSmallIntegerField(null=True, blank=True)
    legal_status = models.CharField(max_length=300, blank=True)
    logo = models.CharField(max_length=1000, blank=True)
    uri = models.CharField(max_length=1000, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    # A parent named by a foreign record that has not arrived.
    parent_uid = models.UUIDField(null=True, blank=True, editable=False)
    # Code of the set `org_type`, code of the set `sector`.
    kind = models.CharField(max_length=40, blank=True, db_index=True)
    sector = models.CharField(max_length=40, blank=True)
    state = models.CharField(
        max_length=20,
        choices=OrganizationState,
        default=OrganizationState.CANDIDATE,
        editable=False,
    )
    state_reason = models.TextField(blank=True, editable=False)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    accepts_referrals = models.BooleanField(default=True)
    # Pinyin of the name, so that lists sort alike on both databases.
    sort_key = models.CharField(max_length=300, blank=True, editable=False, db_index=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["last_modified", "id"], name="organization_modified"),
            models.Index(fields=["state", "audience"], name="organization_shown"),
        ]
        constraints = [
            known("organization_state_is_known", "state", OrganizationState),
            known("organization_audience_is_known", "audience", Audience),
            models.CheckConstraint(
                name="organization_is_not_its_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
            ),
            models.CheckConstraint(
                name="organization_out_needs_reason",
                condition=~models.Q(
                    state__in=[OrganizationState.SUSPENDED, OrganizationState.EXCLUDED],
                    state_reason="",
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganizationIdentifier(Child):
    """A number under which a register knows the organization."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="identifiers")
    identifier_scheme = models.CharField(max_length=60, blank=True)
    identifier_type = models.CharField(max_length=200)
    identifier = models.CharField(max_length=200)
    normalized = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["identifier_scheme", "normalized"],
                name="organization_identifier_is_unique",
                # Foreign data repeat bare numbers without a scheme; those prove nothing.
                condition=~models.Q(identifier_scheme=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.identifier_type}: {self.identifier}"


class Program(Root):
    """A set of services that an organization runs under one name."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="programs")
    name = models.CharField(max_length=300)
    alternate_name = models.CharField(_("other name"), max_length=300, blank=True)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["last_modified", "id"], name="program_modified")]

    def __str__(self) -> str:
        return self.name
