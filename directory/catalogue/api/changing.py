"""Bodies of POST and PATCH: what they may name, and by which door they go in."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from core.errors import InvalidParameter, Malformed, NotPermitted
from directory.catalogue.models import Location, Organization, Program, Service, ServiceAtLocation
from directory.catalogue.models.shapes import Shape
from directory.catalogue.states import LinkType


def body_of(data: Any, shape: Shape) -> dict[str, Any]:
    """Return a body whose names are all known; what moves by events is not written here."""
    if not isinstance(data, dict):
        raise Malformed(_("The body must be an object."))
    known = {*shape.fields, *shape.lists, "translations", "terms"}
    for name in data:
        if name not in known:
            sentence = _("There is no field “%(name)s” to be written.") % {"name": name}
            raise InvalidParameter(sentence, parameter=str(name))
    return dict(data)


def as_paths(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body as changes by path: translations by language, terms by kind."""
    changes = {name: value for name, value in body.items() if name not in ("translations", "terms")}
    for language, texts in _object(body, "translations").items():
        for name, text in _object({"translations": texts}, "translations").items():
            changes[f"{name}@{language}"] = text
    for kind, terms in _object(body, "terms").items():
        changes[f"terms.{kind}"] = terms
    return changes


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise InvalidParameter(_("“%(name)s” must be an object.") % {"name": name}, parameter=name)
    return value


def as_values(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body as values of a new record: terms become attributes."""
    values = {name: value for name, value in body.items() if name != "terms"}
    rows = list(values.get("attributes") or [])
    for kind, terms in _object(body, "terms").items():
        if kind not in LinkType.values or not isinstance(terms, list):
            raise InvalidParameter(_("There is no such kind of term."), parameter="terms")
        rows += [
            (term if isinstance(term, dict) else {"term": term}) | {"link_type": kind}
            for term in terms
        ]
    return values | {"attributes": rows} if rows else values


def source_of(target: Any, user: User) -> str:
    """Return as what a user proposes a change: the provider itself, or one of the directory."""
    organization = owner_of(target)
    if organization is not None and user.may(Permission.LISTING_EDIT, organization):
        return "partner"
    if user.may(Permission.LISTING_VERIFY) or user.may(Permission.LISTING_MODERATE):
        return "worker"
    raise NotPermitted


def owner_of(target: Any) -> int | None:
    """Return whose a record is; a building without an owner is its only user's."""
    if isinstance(target, Organization):
        return target.pk
    if isinstance(target, Service | Program | Location) and target.organization_id:
        return target.organization_id
    if isinstance(target, ServiceAtLocation):
        return target.service.organization_id
    if isinstance(target, Location):
        owners = set(
            ServiceAtLocation.objects.filter(location=target).values_list(
                "service__organization", flat=True
            )
        )
        return owners.pop() if len(owners) == 1 else None
    return None
