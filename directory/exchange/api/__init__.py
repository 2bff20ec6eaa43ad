"""HSDS 3.2 for programs: read-only, public, one writer behind it."""

from directory.exchange.api.about import Base, OpenAPI, Profile, ProfileSchema
from directory.exchange.api.views import (
    OrganizationItem,
    OrganizationList,
    ServiceItem,
    ServiceList,
)

__all__ = [
    "Base",
    "OpenAPI",
    "OrganizationItem",
    "OrganizationList",
    "Profile",
    "ProfileSchema",
    "ServiceItem",
    "ServiceList",
]
