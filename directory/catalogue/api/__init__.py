"""The catalogue for programs: /api/v1/services, organizations, locations and the rest."""

from directory.catalogue.api.listings import PlaceViewSet, ServiceViewSet
from directory.catalogue.api.restrictions import RestrictionViewSet
from directory.catalogue.api.roots import (
    LocationViewSet,
    OrganizationViewSet,
    ProgramViewSet,
    TaxonomyViewSet,
    TermViewSet,
)

__all__ = [
    "LocationViewSet",
    "OrganizationViewSet",
    "PlaceViewSet",
    "ProgramViewSet",
    "RestrictionViewSet",
    "ServiceViewSet",
    "TaxonomyViewSet",
    "TermViewSet",
]
