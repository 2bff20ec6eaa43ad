"""The product's addresses and, beside them, a view that does no more than fetch rows."""

from typing import Any

from django.urls import include, path
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny

from directory.catalogue.models import (
    Attribute,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
)


class OrganizationRows(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = ["uid", "name"]


class LocationRows(serializers.ModelSerializer[Location]):
    class Meta:
        model = Location
        fields = ["uid", "name", "latitude", "longitude", "precision"]


class ScheduleRows(serializers.ModelSerializer[Schedule]):
    class Meta:
        model = Schedule
        fields = ["byday", "opens_at", "closes_at"]


class PlaceRows(serializers.ModelSerializer[ServiceAtLocation]):
    location = LocationRows()
    schedules = ScheduleRows(many=True)

    class Meta:
        model = ServiceAtLocation
        fields = ["uid", "location", "schedules"]


class PhoneRows(serializers.ModelSerializer[Phone]):
    class Meta:
        model = Phone
        fields = ["number"]


class TermRows(serializers.ModelSerializer[Attribute]):
    code = serializers.CharField(source="term.code")
    name = serializers.CharField(source="term.name")

    class Meta:
        model = Attribute
        fields = ["code", "name", "link_type"]


class CapacityRows(serializers.ModelSerializer[ServiceCapacity]):
    class Meta:
        model = ServiceCapacity
        fields = ["availability", "updated"]


class ServiceRows(serializers.ModelSerializer[Service]):
    organization = OrganizationRows()
    places = PlaceRows(many=True)
    phones = PhoneRows(many=True)
    attributes = TermRows(many=True)
    capacities = CapacityRows(many=True)

    class Meta:
        model = Service
        fields = [
            "uid", "name", "description", "state", "verified_on", "organization", "places",
            "phones", "attributes", "capacities",
        ]  # fmt: skip


class Bare(ListAPIView[Service]):
    serializer_class = ServiceRows
    permission_classes = [AllowAny]
    throttle_classes = []
    pagination_class = None
    filter_backends = []

    def get_queryset(self) -> Any:
        uids = self.request.GET["uids"].split(",")
        return (
            Service.objects.visible_to(self.request.user)
            .filter(uid__in=uids)
            .select_related("organization")
            .prefetch_related(
                "places__location__area",
                "places__schedules",
                "phones",
                "attributes__term",
                "capacities",
            )
        )


urlpatterns = [path("bare", Bare.as_view()), path("", include("config.urls"))]
