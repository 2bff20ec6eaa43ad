"""Endpoints of services and places: the life of a listing, its history, free places."""

from collections.abc import Callable
from typing import Any, Final

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import idempotent
from accounts.permissions import Permission
from core.api import if_match
from core.errors import InvalidParameter, NotPermitted
from directory.catalogue import filters, queries
from directory.catalogue.api import serializers
from directory.catalogue.api.base import RootViewSet
from directory.catalogue.api.changing import as_values
from directory.catalogue.models import Location, Organization, Service, ServiceAtLocation
from directory.catalogue.models.audience import is_moderator
from directory.catalogue.models.shapes import PLACE, SERVICE
from directory.catalogue.operations import listing, place
from directory.catalogue.queries.history import history

EVENTS: Final[dict[str, tuple[Callable[..., Any], tuple[str, ...]]]] = {
    "list": (listing.publish, ()),
    "reject": (listing.reject, ("note",)),
    "revise": (listing.revise, ()),
    "pause": (listing.pause, ("back_on",)),
    "suspend": (listing.suspend, ("reason", "note")),
    "resume": (listing.resume, ()),
    "close": (listing.close, ("note", "closed_on")),
    "reopen": (listing.reopen, ()),
}
# What an event cannot go without, where the operation has no default.
DEFAULTS: Final[dict[str, Any]] = {"note": "", "back_on": None, "reason": ""}


class ServiceViewSet(RootViewSet):
    """Services: the listings of the directory."""

    shape = SERVICE
    serializer_class = serializers.ServiceSerializer
    filterset_class = filters.ServiceFilter

    def make(self, body: dict[str, Any]) -> Service:
        """Submit a draft."""
        user = self.request.user
        owner = self.named(body, "organization", Organization.objects.visible_to(user))
        return listing.submit(owner, by=user, values=as_values(body))

    @extend_schema(request=serializers.EventSerializer, responses=serializers.ServiceSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def events(self, request: Request, uid: str) -> Response:
        """Take the next step in the life of a listing."""
        service, version = self.get_object(), if_match(request)
        _take(service, request, version)
        return self.told(self.get_queryset().get(pk=service.pk))

    @extend_schema(responses=serializers.AllowedSerializer)
    @action(detail=True, methods=["get"])
    def allowed(self, request: Request, uid: str) -> Response:
        """Return the events that the caller may take now."""
        return Response({"events": queries.allowed(self.get_object(), self.request.user)})

    @extend_schema(responses=serializers.StepSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def history(self, request: Request, uid: str) -> Response:
        """Return what happened to the listing, latest first."""
        service, user = self.get_object(), self.request.user
        if not (
            user.may(Permission.LISTING_EDIT, service.organization_id)
            or user.may(Permission.LISTING_VERIFY)
            or is_moderator(user)
        ):
            raise NotPermitted
        steps = history(service, with_names=is_moderator(user))
        return Response(serializers.StepSerializer(steps, many=True).data)

    @extend_schema(
        request=serializers.AvailabilitySerializer, responses=serializers.ServiceSerializer
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def availability(self, request: Request, uid: str) -> Response:
        """Record the provider's word on free places of a service without places."""
        service = self.get_object()
        _say(service, request)
        return self.told(self.get_queryset().get(pk=service.pk))


class PlaceViewSet(RootViewSet):
    """Places: services at locations."""

    shape = PLACE
    serializer_class = serializers.PlaceSerializer
    filterset_class = filters.PlaceFilter

    def make(self, body: dict[str, Any]) -> ServiceAtLocation:
        """Give a service a place at a location that is there already."""
        user = self.request.user
        service = self.named(body, "service", Service.objects.editable_by(user))
        spot = self.named(body, "location", Location.objects.visible_to(user))
        return place.add(service, by=user, values=as_values(body) | {"location": spot})

    @extend_schema(request=serializers.EventSerializer, responses=serializers.PlaceSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def events(self, request: Request, uid: str) -> Response:
        """Take the next step in the life of a place."""
        site, version = self.get_object(), if_match(request)
        _take(site, request, version)
        return self.told(self.get_queryset().get(pk=site.pk))

    @extend_schema(
        request=serializers.AvailabilitySerializer, responses=serializers.PlaceSerializer
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def availability(self, request: Request, uid: str) -> Response:
        """Record the provider's word on free places here."""
        site = self.get_object()
        _say(site, request)
        return self.told(self.get_queryset().get(pk=site.pk))


def _take(target: Any, request: Any, version: int) -> None:
    body = serializers.EventSerializer(data=request.data)
    body.is_valid(raise_exception=True)
    facts = dict(body.validated_data)
    event = facts.pop("event")
    if event == "merge" and isinstance(target, Service):
        visible = Service.objects.visible_to(request.user)
        survivor = get_object_or_404(visible, uid=facts.get("survivor"))
        listing.merge(target, survivor, by=request.user)
        return
    if event not in EVENTS:
        raise InvalidParameter(_("There is no such event."), parameter="event")
    operation, names = EVENTS[event]
    unknown = set(facts) - set(names)
    if unknown:
        sentence = _("This event does not take “%(name)s”.") % {"name": min(unknown)}
        raise InvalidParameter(sentence, parameter=min(unknown))
    if event in ("list", "reject", "revise") and not isinstance(target, Service):
        raise InvalidParameter(_("There is no such event."), parameter="event")
    wanted = {name: facts.get(name, DEFAULTS.get(name)) for name in names if name != "closed_on"}
    if "closed_on" in facts:
        wanted["closed_on"] = facts["closed_on"]
    operation(target, by=request.user, expected_version=version, **wanted)


def _say(target: Any, request: Any) -> None:
    body = serializers.AvailabilitySerializer(data=request.data)
    body.is_valid(raise_exception=True)
    place.set_availability(target, by=request.user, **body.validated_data)
