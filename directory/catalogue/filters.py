"""Narrowing lists of the catalogue, on pages and in the API alike."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from directory.catalogue.models import (
    Location,
    Organization,
    Program,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from directory.catalogue.states import (
    Freshness,
    ListingStatus,
    OrganizationState,
    PlaceState,
    State,
)


class ChangedFilter(django_filters.FilterSet):
    """What every list narrows by: when it last changed."""

    modified_after = django_filters.IsoDateTimeFilter(
        label=_("Changed since"), field_name="last_modified", lookup_expr="gte"
    )


class ServiceFilter(ChangedFilter):
    """Services by provider, by where they stand, by kind and by area."""

    organization = django_filters.UUIDFilter(
        label=_("Organization"), field_name="organization__uid"
    )
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=State)
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=ListingStatus, method="by_status"
    )
    freshness = django_filters.MultipleChoiceFilter(label=_("Verification"), choices=Freshness)
    term = django_filters.CharFilter(label=_("Category"), method="by_term")
    area = django_filters.CharFilter(label=_("Area"), method="by_area")
    source = django_filters.CharFilter(label=_("Source"), field_name="source__code")

    class Meta:
        model = Service
        fields = ["organization", "state", "status", "freshness", "term", "area", "source"]

    def by_status(
        self, rows: "QuerySet[Service]", name: str, value: list[str]
    ) -> "QuerySet[Service]":
        """Keep listings that show one of these codes to readers."""
        if not value:
            return rows
        shown: Any = rows
        return shown.with_listing_status().filter(listing_status__in=value)  # type: ignore[no-any-return]  # a ServiceQuerySet

    def by_term(self, rows: "QuerySet[Service]", name: str, value: str) -> "QuerySet[Service]":
        """Keep listings tagged with a term or with anything below it."""
        terms = TaxonomyTerm.objects.filter(code=value)
        inside = TaxonomyTerm.objects.under(terms)
        return rows.filter(attributes__term__in=inside).distinct()

    def by_area(self, rows: "QuerySet[Service]", name: str, value: str) -> "QuerySet[Service]":
        """Keep listings located in an area or serving it."""
        here = Q(places__location__area__path__contains=f"{value}/")
        served = Q(service_areas__areas__path__contains=f"{value}/")
        return rows.filter(here | served).distinct()


class PlaceFilter(ChangedFilter):
    """Places by service, by location, by state."""

    service = django_filters.UUIDFilter(label=_("Service"), field_name="service__uid")
    location = django_filters.UUIDFilter(label=_("Location"), field_name="location__uid")
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=PlaceState)

    class Meta:
        model = ServiceAtLocation
        fields = ["service", "location", "state"]


class OrganizationFilter(ChangedFilter):
    """Organizations by kind, sector and state."""

    kind = django_filters.CharFilter(label=_("Kind"))
    sector = django_filters.CharFilter(label=_("Sector"))
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=OrganizationState)

    class Meta:
        model = Organization
        fields = ["kind", "sector", "state"]


class ProgramFilter(ChangedFilter):
    """Programs by organization."""

    organization = django_filters.UUIDFilter(
        label=_("Organization"), field_name="organization__uid"
    )

    class Meta:
        model = Program
        fields = ["organization"]


class LocationFilter(ChangedFilter):
    """Locations by organization and area."""

    organization = django_filters.UUIDFilter(
        label=_("Organization"), field_name="organization__uid"
    )
    area = django_filters.CharFilter(label=_("Area"), method="by_area")

    class Meta:
        model = Location
        fields = ["organization", "area"]

    def by_area(self, rows: "QuerySet[Location]", name: str, value: str) -> "QuerySet[Location]":
        """Keep locations in an area or in what lies inside it."""
        return rows.filter(area__path__contains=f"{value}/")


class TaxonomyFilter(ChangedFilter):
    """Vocabularies by code."""

    code = django_filters.CharFilter(label=_("Code"))

    class Meta:
        model = Taxonomy
        fields = ["code"]


class TermFilter(ChangedFilter):
    """Terms by vocabulary, by what they belong to, and the roots alone."""

    taxonomy = django_filters.CharFilter(label=_("Vocabulary"), field_name="taxonomy__code")
    parent = django_filters.UUIDFilter(label=_("Broader term"), field_name="parent__uid")
    code = django_filters.CharFilter(label=_("Code"))
    top_only = django_filters.BooleanFilter(
        label=_("Only the top"), field_name="parent", lookup_expr="isnull"
    )

    class Meta:
        model = TaxonomyTerm
        fields = ["taxonomy", "parent", "code", "top_only"]
