"""JSON of the catalogue, made from the same shapes that changes and proposals use."""

from typing import Any, Final

from django.db import models
from rest_framework import serializers

from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.models.shapes import (
    LOCATION,
    ORGANIZATION,
    PLACE,
    PROGRAM,
    SERVICE,
    TAXONOMY,
    TERM,
    Shape,
    rows_of,
)

FRESHNESS: Final = (
    "verified_on",
    "verified_how",
    "verified_role",
    "verify_by",
    "referral_confirmed_on",
    "freshness",
)
STATE: Final = ("state", "state_reason", "back_on", "closed_on")
# What only operations of its own move, shown beside what may be written.
READ_ONLY: Final[dict[str, tuple[str, ...]]] = {
    "service": ("listing_status", "listed_on", "kept_by", "source", *STATE, *FRESHNESS),
    "service_at_location": ("listing_status", *STATE, *FRESHNESS),
    "organization": ("state", "kept_by", "source"),
    "location": ("protected", "kept_by", "source", "geocoded_at"),
    "program": ("kept_by", "source"),
    "taxonomy": ("source",),
    "taxonomy_term": ("source", "path"),
}


class ListField(serializers.ListField):
    """A list whose rows the shape chooses: a service's capacities without those of its places."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        """Remember which list it is."""
        self.list_name = name
        super().__init__(**kwargs)

    def get_attribute(self, instance: Any) -> Any:
        """Return the rows of the list."""
        return rows_of(instance, self.list_name)


class AreaCodes(serializers.ListField):
    """Areas served, as codes."""

    child = serializers.CharField()

    def get_attribute(self, instance: Any) -> Any:
        """Return the codes that the page of the list has read already."""
        return [served.area.code for served in instance.served.all()]


def _key(name: str, field: "models.ForeignKey[Any, Any]") -> serializers.Field[Any, Any, Any, Any]:
    """Return how a key is told: areas and sources by code, units by name, the rest by uid."""
    target = field.related_model
    told = {"Area": "code", "Source": "code", "Unit": "name"}.get(
        getattr(target, "__name__", ""), "uid"
    )
    return serializers.CharField(source=f"{name}.{told}", default=None, allow_null=True)


def _fields(shape: Shape, names: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        if name == "areas":
            found[name] = AreaCodes()
            continue
        if name == "listing_status":
            found[name] = serializers.CharField()
            continue
        column = shape.model._meta.get_field(name)
        if isinstance(column, models.ForeignKey):
            found[name] = _key(name, column)
    return found


_made: dict[type[models.Model], type[serializers.ModelSerializer[Any]]] = {}


def serializer_of(shape: Shape) -> type[serializers.ModelSerializer[Any]]:
    """Return the serializer of a shape, made once; nested lists carry their own."""
    if shape.model not in _made:
        _made[shape.model] = _make(shape)
    return _made[shape.model]


def _make(shape: Shape) -> type[serializers.ModelSerializer[Any]]:
    is_root = hasattr(shape.model, "last_modified")
    extra = READ_ONLY.get(shape.table, ()) if is_root else ()
    own = ("version", "last_modified") if is_root else ()
    texts = ("translations",) if shape.texts else ()
    names = ("uid", *own, *extra, *shape.fields, *texts, *shape.lists)
    fields = _fields(shape, (*extra, *shape.fields))
    for name, inner in shape.lists.items():
        fields[name] = ListField(name, child=serializer_of(inner)())
    meta = type("Meta", (), {"model": shape.model, "fields": names, "read_only_fields": names})
    name = f"{shape.model.__name__}Serializer"
    base: Any = serializers.ModelSerializer
    return type(name, (base,), {**fields, "Meta": meta, "__module__": __name__})


class PlaceBriefSerializer(serializers.ModelSerializer[ServiceAtLocation]):
    """A place as it is named inside its service."""

    location = serializers.CharField(source="location.uid")

    class Meta:
        model = ServiceAtLocation
        fields = ["uid", "location", "state", "is_intake_site"]
        read_only_fields = fields


OrganizationSerializer: Any = serializer_of(ORGANIZATION)
ProgramSerializer: Any = serializer_of(PROGRAM)
PlaceSerializer: Any = serializer_of(PLACE)
TaxonomySerializer: Any = serializer_of(TAXONOMY)
TermSerializer: Any = serializer_of(TERM)


_ServiceFields: Any = serializer_of(SERVICE)
_LocationFields: Any = serializer_of(LOCATION)


class ServiceSerializer(_ServiceFields):
    """A service with all its children and the places it is given at."""

    places = PlaceBriefSerializer(many=True)

    class Meta:
        model = Service
        fields = (*_ServiceFields.Meta.fields, "places")
        read_only_fields = fields


class LocationSerializer(_LocationFields):
    """A location; what hangs on a protected one is not told."""

    def to_representation(self, instance: Any) -> Any:
        """Leave out what could lead to a refuge."""
        told = super().to_representation(instance)
        if instance.protected:
            told |= {"phones": [], "contacts": [], "schedules": [], "accessibility": []}
        return told


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of a change: live at once, waiting for review, and where it waits."""

    live = serializers.ListField(child=serializers.CharField())
    review = serializers.ListField(child=serializers.CharField())
    proposal = serializers.UUIDField(allow_null=True)


class EventSerializer(serializers.Serializer[Any]):
    """One arrow of the life of a listing, with what it needs."""

    event = serializers.CharField(max_length=20)
    reason = serializers.CharField(max_length=20, required=False)
    note = serializers.CharField(max_length=2000, required=False)
    back_on = serializers.DateField(required=False, allow_null=True)
    closed_on = serializers.DateField(required=False)
    survivor = serializers.UUIDField(required=False)


class AllowedSerializer(serializers.Serializer[Any]):
    events = serializers.ListField(child=serializers.CharField())


class StepSerializer(serializers.Serializer[Any]):
    """One step of a listing's history."""

    at = serializers.DateTimeField()
    table = serializers.CharField()
    uid = serializers.CharField()
    kind = serializers.CharField()
    field = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()
    origin = serializers.CharField()
    author = serializers.CharField()


class AvailabilitySerializer(serializers.Serializer[Any]):
    state = serializers.CharField(max_length=10)
    wait_days = serializers.IntegerField(min_value=0, max_value=3650, required=False)
    expires_at = serializers.DateTimeField(required=False)
    description = serializers.CharField(max_length=1000, required=False)


class PurposeSerializer(serializers.Serializer[Any]):
    purpose = serializers.CharField(max_length=60)
