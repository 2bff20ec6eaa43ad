"""Areas and geocoding for programs."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.http import SignedInAPIRequest
from core.api import check_parameters
from core.errors import InvalidParameter
from directory.geography import operations, queries
from directory.geography.geocoding.pipeline import Answer
from directory.geography.models import Area, AreaQuerySet
from directory.geography.states import Level, Purpose


class AreaSerializer(serializers.ModelSerializer[Area]):
    parent = serializers.CharField(source="parent.code", default=None)  # type: ignore[assignment]  # a serializer's parent is a property of the instance
    name = serializers.SerializerMethodField()

    class Meta:
        model = Area
        fields = ["code", "country", "name", "level", "parent", "lat", "lon"]

    def get_name(self, area: Area) -> str:
        """Return the name in the reader's language."""
        return area.text("name")[0]


class AreaList(ListAPIView[Area]):
    """Areas by words, by what they lie in, by level."""

    request: SignedInAPIRequest
    serializer_class = AreaSerializer
    filter_backends = []

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Name, pinyin or initials"),
            OpenApiParameter("parent", str, description="Code of an area they lie in"),
            OpenApiParameter("level", str, enum=Level.values),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page of areas."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> AreaQuerySet:
        """Narrow the list; an unknown parent or level is refused."""
        given = self.request.query_params
        check_parameters(given, known={"q", "parent", "level", "page", "per_page", "lang"})
        level = given.get("level", "")
        if level and level not in Level.values:
            raise InvalidParameter(_("There is no such level."), parameter="level")
        parent = None
        if code := given.get("parent", ""):
            parent = Area.objects.filter(code=code).first()
            if parent is None:
                raise InvalidParameter(_("There is no area with this code."), parameter="parent")
        return queries.areas(q=given.get("q", ""), parent=parent, level=level)


class GeocodeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300)
    area = serializers.SlugRelatedField(
        "code", queryset=Area.objects.shown(), required=False, allow_null=True, default=None
    )
    purpose = serializers.ChoiceField(choices=Purpose.choices, default=Purpose.LISTING)


@extend_schema_serializer(component_name="GeocodeAnswer")
class AnswerSerializer(serializers.Serializer[Answer]):
    status = serializers.CharField()
    lat = serializers.DecimalField(max_digits=10, decimal_places=7, allow_null=True)
    lon = serializers.DecimalField(max_digits=10, decimal_places=7, allow_null=True)
    precision = serializers.CharField()
    area = serializers.CharField(source="area.code", default=None)
    source = serializers.CharField()  # type: ignore[assignment]  # the field's own source is set by __init__


class Geocode(APIView):
    """Where is this address? A POST, because addresses do not belong into URLs and logs."""

    @extend_schema(request=GeocodeSerializer, responses=AnswerSerializer)
    def post(self, request: Request) -> Response:
        """Look the address up; `unavailable` says nothing about the place."""
        body = GeocodeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(AnswerSerializer(operations.locate(**body.validated_data)).data)
