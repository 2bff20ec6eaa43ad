"""Lists of roots for the API: what a reader may see, with all children, in few reads."""

from typing import Any, Final

from django.db.models import Model, Prefetch, Q, QuerySet

from accounts.models import User
from directory.catalogue.models import (
    Contact,
    Location,
    Organization,
    Phone,
    Program,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from directory.catalogue.models.audience import audiences, is_moderator, own_organizations
from directory.catalogue.models.shapes import Shape

# Keys that are read along with each row of a table.
JOINED: Final[dict[str, tuple[str, ...]]] = {
    "addresses": ("area",),
    "attributes": ("term",),
    "capacities": ("unit",),
}
OWNERS: Final[dict[type[Model], str]] = {
    Service: "service__organization",
    ServiceAtLocation: "service_at_location__service__organization",
    Location: "location__organization",
    Organization: "organization",
}
PARENTS: Final[dict[type[Model], tuple[str, ...]]] = {
    Organization: ("parent", "source"),
    Program: ("organization", "source"),
    Service: ("organization", "program", "source"),
    ServiceAtLocation: ("service__organization", "location__area"),
    Location: ("organization", "area", "source"),
    Taxonomy: ("source",),
    TaxonomyTerm: ("taxonomy", "parent", "source"),
}


def roots(shape: Shape, user: User) -> "QuerySet[Any, Any]":
    """Return what a user may see of a table, oldest first, with the children it is shown with."""
    model: Any = shape.model
    rows = _visible(model, user).select_related(*PARENTS[model])
    rows = rows.prefetch_related(*_children(shape, user, OWNERS.get(model, "")))
    if model is Service:
        rows = rows.prefetch_related(_places(user))
    return rows.order_by("pk")  # type: ignore[no-any-return]  # the model is any of seven


def _visible(model: Any, user: User) -> Any:
    if model is Program:
        owners = Organization.objects.visible_to(user)
        return Program.objects.filter(organization__in=owners, deleted_at__isnull=True)
    if model in (Taxonomy, TaxonomyTerm):
        return model.objects.filter(deleted_at__isnull=True)
    return model.objects.visible_to(user)


def _places(user: User) -> "Prefetch[Any]":
    shown = ServiceAtLocation.objects.visible_to(user).select_related("location").order_by("pk")
    return Prefetch("places", queryset=shown)


def _children(shape: Shape, user: User, owner: str, prefix: str = "") -> list[Any]:
    found: list[Any] = []
    for name, inner in shape.lists.items():
        rows: Any = inner.model.objects.select_related(*JOINED.get(name, ()))  # type: ignore[attr-defined]  # every model has it
        if inner.model in (Phone, Contact):
            rows = _readable(rows, user, owner)
        found.append(Prefetch(f"{prefix}{name}", queryset=rows.order_by("pk")))
        if name == "service_areas":
            found.append(f"{prefix}{name}__served__area")
        below = f"contact__{owner}" if inner.model is Contact and owner else ""
        found += _children(inner, user, below, f"{prefix}{name}__")
    return found


def _readable(rows: Any, user: User, owner: str) -> Any:
    """Keep phones and contacts of the reader's audiences, and all of the reader's own."""
    if is_moderator(user):
        return rows
    allowed = Q(audience__in=audiences(user))
    own = own_organizations(user)
    if owner and own:
        allowed |= Q((f"{owner}__in", own))
    return rows.filter(allowed)
