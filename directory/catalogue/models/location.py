"""Where help is given: locations, addresses, places, protected details."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.crypto import EncryptedJSONField
from core.models import Record
from directory.catalogue.models.audience import (
    Reader,
    audiences,
    edited_organizations,
    is_moderator,
    own_organizations,
)
from directory.catalogue.models.organization import Organization
from directory.catalogue.models.record import Child, Computed, Root, Verifiable, known
from directory.catalogue.models.service import Service
from directory.catalogue.states import (
    MEASURED,
    PUBLISHED,
    Audience,
    CoordSource,
    Freshness,
    ListingStatus,
    LocationType,
    NoAddress,
    OrganizationState,
    PlaceState,
    Precision,
    Reason,
    State,
    listing_status,
)


class LocationQuerySet(models.QuerySet["Location"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep locations with a visible place, or of a visible organization."""
        present = self.filter(deleted_at__isnull=True)
        if is_moderator(user):
            return present
        places = ServiceAtLocation.objects.visible_to(user).values("location")
        owners = Organization.objects.visible_to(user).values("pk")
        return present.filter(models.Q(pk__in=places) | models.Q(organization__in=owners))

    def editable_by(self, user: Reader) -> Self:
        """Keep what this user may change or propose to change."""
        present = self.filter(deleted_at__isnull=True)
        if is_moderator(user):
            return present
        own = edited_organizations(user)
        # Where several organizations share a building, it belongs to none of their editors.
        foreign = ServiceAtLocation.objects.exclude(service__organization__in=own)
        return present.filter(
            models.Q(organization__in=own)
            | models.Q(organization__isnull=True, places__service__organization__in=own)
        ).exclude(pk__in=foreign.values("location"))


class Location(Root):
    """A place on earth, a postal address, or a virtual one."""

    location_type = models.CharField(
        max_length=10, choices=LocationType, default=LocationType.PHYSICAL
    )
    url = models.URLField(_("website"), max_length=1000, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="locations"
    )
    name = models.CharField(max_length=300, blank=True)
    alternate_name = models.CharField(_("other name"), max_length=300, blank=True)
    description = models.TextField(blank=True)
    transportation = models.TextField(_("how to get there"), blank=True)
    # WGS-84 always; `coord_datum` says in what the point was received.
    latitude = models.DecimalField(max_digits=10, decimal_places=7, null=True, blank=True)
    longitude = models.DecimalField(max_digits=10, decimal_places=7, null=True, blank=True)
    external_identifier = models.CharField(max_length=200, blank=True)
    external_identifier_type = models.CharField(max_length=200, blank=True)
    coord_source = models.CharField(max_length=10, choices=CoordSource, blank=True)
    coord_datum = models.CharField(max_length=10, blank=True)
    precision = models.CharField(max_length=10, choices=Precision, default=Precision.NONE)
    geocoded_at = models.DateTimeField(null=True, blank=True)
    area = models.ForeignKey(
        "geography.Area", models.PROTECT, null=True, blank=True, related_name="+"
    )
    no_address_reason = models.CharField(max_length=15, choices=NoAddress, blank=True)
    protected = models.BooleanField(default=False, editable=False)

    objects = LocationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["last_modified", "id"], name="location_modified"),
            models.Index(fields=["latitude", "longitude"], name="location_point"),
        ]
        constraints = [
            known("location_type_is_known", "location_type", LocationType),
            known("location_precision_is_known", "precision", Precision),
            models.CheckConstraint(
                name="location_point_is_whole",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="location_point_on_earth",
                condition=models.Q(latitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="location_point_is_not_zero",
                condition=~models.Q(latitude=0, longitude=0),
            ),
            models.CheckConstraint(
                name="location_virtual_or_protected_has_no_point",
                condition=models.Q(latitude__isnull=True)
                | (~models.Q(location_type=LocationType.VIRTUAL) & models.Q(protected=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.uid)

    @property
    def is_measured(self) -> bool:
        """Say whether the point is good for a distance."""
        return self.latitude is not None and self.precision in MEASURED


class Address(Child):
    """A postal or street address of a location."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="addresses")
    attention = models.CharField(max_length=300, blank=True)
    address_1 = models.CharField(max_length=500, blank=True)
    address_2 = models.CharField(max_length=500, blank=True)
    city = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=200, blank=True)
    state_province = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True, db_index=True)
    country = models.CharField(max_length=2, default="CN")
    address_type = models.CharField(
        max_length=10, choices=LocationType, default=LocationType.PHYSICAL
    )
    area = models.ForeignKey(
        "geography.Area", models.PROTECT, null=True, blank=True, related_name="+"
    )
    town = models.CharField(_("town or sub-district"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            known("address_type_is_known", "address_type", LocationType),
            models.CheckConstraint(
                name="address_country_has_two_letters",
                condition=models.Q(country__regex=r"^[A-Z]{2}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.address_1


class Accessibility(Child):
    """How far people with disabilities can use a location."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="accessibility")
    description = models.TextField(blank=True)
    details = models.TextField(blank=True)
    url = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = _("accessibility")

    def __str__(self) -> str:
        return self.description


class ProtectedDetail(Record):
    """What must not be found: address, point, phones and directions of a refuge, encrypted."""

    location = models.OneToOneField(Location, models.CASCADE, related_name="protected_detail")
    sealed = EncryptedJSONField()
    # `named` opens only to the people listed here, on top of the permission.
    audience = models.CharField(
        max_length=10,
        choices=[("staff", _("Staff with the permission")), ("named", _("Named people"))],
        default="staff",
    )
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    reason = models.TextField()
    review_on = models.DateField()

    def __str__(self) -> str:
        return f"protected detail of {self.location_id}"


class PlaceQuerySet(models.QuerySet["ServiceAtLocation"]):
    def active(self) -> Self:
        """Keep places where the service is given at present."""
        return self.filter(state=PlaceState.ACTIVE, deleted_at__isnull=True)

    def visible_to(self, user: Reader) -> Self:
        """Keep places whose service and own audience let this reader in."""
        present = self.filter(deleted_at__isnull=True)
        if is_moderator(user):
            return present
        allowed = audiences(user)
        seen = models.Q(
            state__in=(PlaceState.ACTIVE, PlaceState.SUSPENDED),
            audience__in=allowed,
            service__deleted_at__isnull=True,
            service__state__in=PUBLISHED,
            service__audience__in=allowed,
            service__organization__state=OrganizationState.LISTED,
            service__organization__audience__in=allowed,
        )
        if own := own_organizations(user):
            seen |= models.Q(service__organization__in=own)
        return present.filter(seen)

    def editable_by(self, user: Reader) -> Self:
        """Keep what this user may change or propose to change."""
        present = self.filter(deleted_at__isnull=True)
        if is_moderator(user):
            return present
        return present.filter(service__organization__in=edited_organizations(user))


class ServiceAtLocation(Root, Verifiable):
    """A place: one service at one location."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="places")
    location = models.ForeignKey(Location, models.PROTECT, related_name="places")
    description = models.TextField(blank=True)
    state = models.CharField(
        max_length=20, choices=PlaceState, default=PlaceState.ACTIVE, editable=False
    )
    state_reason = models.CharField(max_length=20, choices=Reason, blank=True, editable=False)
    state_note = models.TextField(blank=True, editable=False)
    back_on = models.DateField(_("back on"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    is_intake_site = models.BooleanField(default=False)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)

    listing_status: Computed[ListingStatus] = Computed(
        lambda place: listing_status(
            place.state if place.state in State.values else State.ACTIVE, place.freshness
        )
    )
    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["last_modified", "id"], name="place_modified")]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "location"],
                name="place_is_unique",
                condition=models.Q(deleted_at__isnull=True),
            ),
            known("place_state_is_known", "state", PlaceState),
            known("place_audience_is_known", "audience", Audience),
            known("place_freshness_is_known", "freshness", Freshness),
            models.CheckConstraint(
                name="place_doubt_is_known", condition=models.Q(doubt__range=(0, 2))
            ),
            models.CheckConstraint(
                name="place_suspended_says_why",
                condition=models.Q(state=PlaceState.SUSPENDED, state_reason__in=Reason.values)
                | (~models.Q(state=PlaceState.SUSPENDED) & models.Q(state_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} · {self.location}"


class ServiceArea(Child):
    """Where people must live for a service to take them."""

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="service_areas"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation, models.CASCADE, null=True, blank=True, related_name="service_areas"
    )
    name = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    extent = models.TextField(blank=True)
    extent_type = models.CharField(max_length=20, blank=True)
    uri = models.CharField(max_length=1000, blank=True)
    areas = models.ManyToManyField(
        "geography.Area", through="catalogue.ServedArea", related_name="+"
    )
    nationwide = models.BooleanField(default=False)
    geometry = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="service_area_has_parent",
                condition=models.Q(service__isnull=False)
                | models.Q(service_at_location__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ServedArea(models.Model):
    """One administrative area of a service area; a table of its own, so that it has a history."""

    service_area = models.ForeignKey(ServiceArea, models.CASCADE, related_name="served")
    area = models.ForeignKey("geography.Area", models.PROTECT, related_name="+")
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["service_area", "area"], name="served_area_is_unique")
        ]

    def __str__(self) -> str:
        return str(self.area)
