"""The tables of the catalogue."""

from directory.catalogue.models.contact import Contact, Language, Phone, Url
from directory.catalogue.models.location import (
    Accessibility,
    Address,
    Location,
    ProtectedDetail,
    ServedArea,
    ServiceArea,
    ServiceAtLocation,
)
from directory.catalogue.models.organization import (
    Organization,
    OrganizationIdentifier,
    Program,
)
from directory.catalogue.models.provenance import (
    ChangeHead,
    ListingChange,
    ListingRestriction,
    Redirect,
    Source,
)
from directory.catalogue.models.schedule import Schedule, ScheduleException, WorkCalendar
from directory.catalogue.models.service import (
    CostOption,
    Funding,
    RequiredDocument,
    Service,
    ServiceCapacity,
    Unit,
)
from directory.catalogue.models.taxonomy import (
    Attribute,
    Code,
    Taxonomy,
    TaxonomyTerm,
    TermMapping,
)

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "ChangeHead",
    "Code",
    "Contact",
    "CostOption",
    "Funding",
    "Language",
    "ListingChange",
    "ListingRestriction",
    "Location",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Program",
    "ProtectedDetail",
    "Redirect",
    "RequiredDocument",
    "Schedule",
    "ScheduleException",
    "ServedArea",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "Source",
    "Taxonomy",
    "TaxonomyTerm",
    "TermMapping",
    "Unit",
    "Url",
    "WorkCalendar",
]
