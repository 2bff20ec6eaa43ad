"""Pages of the catalogue: a service, an organization, a location, and the slip to take along."""

from directory.catalogue.views.listings import LocationPage, OrganizationPage, ServicePage
from directory.catalogue.views.restrictions import RestrictionAct, RestrictionsPage
from directory.catalogue.views.slip import SlipPage

__all__ = [
    "LocationPage",
    "OrganizationPage",
    "RestrictionAct",
    "RestrictionsPage",
    "ServicePage",
    "SlipPage",
]
