"""What is offered: services with their life, and the children only services have."""

from datetime import date
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.catalogue.models.audience import (
    Reader,
    audiences,
    edited_organizations,
    is_moderator,
    own_organizations,
)
from directory.catalogue.models.organization import Organization, Program
from directory.catalogue.models.record import Child, Computed, Root, Verifiable, has_parent, known
from directory.catalogue.states import (
    PUBLISHED,
    Audience,
    Availability,
    Freshness,
    ListingStatus,
    OrganizationState,
    Reason,
    ReferralMode,
    Sensitivity,
    State,
    hsds_status,
    listing_status,
)


class ServiceQuerySet(models.QuerySet["Service"]):
    def listed(self) -> Self:
        """Keep what a search may show; other services stay on file but are not found."""
        return self.filter(
            state=State.ACTIVE,
            organization__state=OrganizationState.LISTED,
            organization__deleted_at__isnull=True,
            deleted_at__isnull=True,
        )

    def visible_to(self, user: Reader) -> Self:
        """Keep what this reader may open: published ones of the audience, and the reader's own."""
        present = self.filter(deleted_at__isnull=True)
        if is_moderator(user):
            return present
        allowed = audiences(user)
        seen = models.Q(
            state__in=PUBLISHED,
            audience__in=allowed,
            organization__state=OrganizationState.LISTED,
            organization__deleted_at__isnull=True,
            organization__audience__in=allowed,
        )
        if own := own_organizations(user):
            seen |= models.Q(organization__in=own)
        return present.filter(seen)

    def editable_by(self, user: Reader) -> Self:
        """Keep what this user may change or propose to change."""
        present = self.filter(deleted_at__isnull=True).exclude(state=State.MERGED)
        if is_moderator(user):
            return present
        return present.filter(organization__in=edited_organizations(user))

    def verification_due(self, *, on: date) -> Self:
        """Keep listings that nobody has confirmed in time, longest overdue first."""
        return self.listed().filter(verify_by__lte=on).order_by("verify_by", "pk")

    def with_listing_status(self) -> Self:
        """Add the code that readers see, so that lists can filter and count by it."""
        aging = models.Q(state=State.ACTIVE, freshness__in=(Freshness.DUE, Freshness.STALE))
        shown = models.Case(
            models.When(aging, then=models.F("freshness")), default=models.F("state")
        )
        return self.annotate(listing_status=shown)


class Service(Root, Verifiable):
    """Something an organization does for people, at one or more places."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="services")
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, related_name="services"
    )
    name = models.CharField(max_length=300)
    alternate_name = models.CharField(_("other name"), max_length=300, blank=True)
    description = models.TextField(blank=True)
    url = models.URLField(_("website"), max_length=1000, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    interpretation_services = models.TextField(_("interpretation"), blank=True)
    application_process = models.TextField(_("how to apply"), blank=True)
    fees_description = models.TextField(_("fees"), blank=True)
    wait_time = models.TextField(blank=True)
    fees = models.TextField(blank=True)
    accreditations = models.TextField(_("accreditations"), blank=True)
    eligibility_description = models.TextField(_("who may apply"), blank=True)
    minimum_age = models.DecimalField(
        _("minimum age"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    maximum_age = models.DecimalField(
        _("maximum age"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    assurer_email = models.EmailField(blank=True)
    upstream_assured_on = models.DateField(null=True, blank=True)
    licenses = models.TextField(blank=True)
    alert = models.TextField(blank=True)
    alert_until = models.DateField(_("notice until"), null=True, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    state_reason = models.CharField(max_length=20, choices=Reason, blank=True, editable=False)
    # What a person wrote about the state: why rejected, why closed.
    state_note = models.TextField(blank=True, editable=False)
    back_on = models.DateField(_("back on"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    listed_on = models.DateField(null=True, blank=True, editable=False)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    sensitivity = models.CharField(max_length=10, choices=Sensitivity, default=Sensitivity.NORMAL)
    referral_mode = models.CharField(max_length=15, choices=ReferralMode, default=ReferralMode.OPEN)
    intake_note = models.TextField(_("note for intake"), blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    handling_days = models.PositiveSmallIntegerField(
        _("handling time in working days"), null=True, blank=True
    )
    # Folded name, aliases, organization and description in every language.
    plain_text = models.TextField(blank=True, editable=False)
    sort_key = models.CharField(max_length=300, blank=True, editable=False, db_index=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )

    listing_status: Computed[ListingStatus] = Computed(
        lambda service: listing_status(service.state, service.freshness)
    )
    objects = ServiceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["last_modified", "id"], name="service_modified"),
            models.Index(fields=["state", "audience"], name="service_shown"),
            models.Index(fields=["back_on"], name="service_back_on"),
        ]
        constraints = [
            known("service_state_is_known", "state", State),
            known("service_audience_is_known", "audience", Audience),
            known("service_sensitivity_is_known", "sensitivity", Sensitivity),
            known("service_referral_mode_is_known", "referral_mode", ReferralMode),
            known("service_freshness_is_known", "freshness", Freshness),
            models.CheckConstraint(
                name="service_doubt_is_known", condition=models.Q(doubt__range=(0, 2))
            ),
            models.CheckConstraint(
                name="service_suspended_says_why",
                condition=models.Q(state=State.SUSPENDED, state_reason__in=Reason.values)
                | (~models.Q(state=State.SUSPENDED) & models.Q(state_reason="")),
            ),
            models.CheckConstraint(
                name="service_merged_names_survivor",
                condition=models.Q(state=State.MERGED, merged_into__isnull=False)
                | (~models.Q(state=State.MERGED) & models.Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="service_ages_are_a_range",
                condition=models.Q(minimum_age__isnull=True)
                | models.Q(maximum_age__isnull=True)
                | models.Q(minimum_age__lte=models.F("maximum_age")),
            ),
            models.CheckConstraint(
                name="service_ages_not_negative",
                condition=(models.Q(minimum_age__isnull=True) | models.Q(minimum_age__gte=0))
                & (models.Q(maximum_age__isnull=True) | models.Q(maximum_age__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hsds_status(self) -> str:
        """Return the status under which HSDS publishes the listing."""
        return hsds_status(self.state, self.state_reason)


class CostOption(Child):
    """One price of a service."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="cost_options")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    option = models.CharField(max_length=300, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    amount_description = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="cost_option_dates_in_order",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_to")),
            )
        ]

    def __str__(self) -> str:
        return self.option or self.amount_description


class RequiredDocument(Child):
    """A paper to bring along."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="required_documents")
    document = models.TextField(blank=True)
    uri = models.CharField(max_length=1000, blank=True)
    # Code of the set `doc_type`: which certificate this is, where it is one.
    certificate_of = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.document


class Funding(Child):
    """Who pays for an organization or a service."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="funding"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="funding"
    )
    # Named by HSDS; where a record came from is `Root.source`.
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [has_parent("funding_has_parent", "organization", "service")]

    def __str__(self) -> str:
        return self.source


class Unit(Child):
    """What capacity is counted in: beds, places, meals."""

    name = models.CharField(max_length=200)
    scheme = models.CharField(max_length=200, blank=True)
    identifier = models.CharField(max_length=200, blank=True)
    uri = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ServiceCapacity(Child):
    """What the provider says about free places; a statement, never a counter."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="capacities")
    place = models.ForeignKey(
        "catalogue.ServiceAtLocation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="capacities",
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    available = models.IntegerField(null=True, blank=True)
    maximum = models.IntegerField(null=True, blank=True)
    description = models.TextField(blank=True)
    updated = models.DateTimeField()
    availability = models.CharField(
        max_length=10, choices=Availability, default=Availability.UNKNOWN
    )
    wait_days = models.PositiveSmallIntegerField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            known("capacity_availability_is_known", "availability", Availability),
            models.CheckConstraint(
                name="capacity_not_negative",
                # That available ≤ maximum is not asked: the official example breaks it.
                condition=models.Q(available__isnull=True) | models.Q(available__gte=0),
            ),
            # One statement without a unit for the service, one for each place.
            models.UniqueConstraint(
                fields=["place"],
                name="capacity_one_statement_per_place",
                condition=models.Q(unit__isnull=True, place__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["service"],
                name="capacity_one_statement_per_service",
                condition=models.Q(unit__isnull=True, place__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.get_availability_display()
