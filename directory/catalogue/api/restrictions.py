"""Endpoint of the register of refusals."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.http import SignedInAPIRequest, idempotent
from accounts.permissions import Permission
from directory.catalogue.models import ListingRestriction
from directory.catalogue.operations import restrictions
from directory.catalogue.states import MatchKind, RestrictionKind
from directory.geography.models import Area


class RestrictionSerializer(serializers.ModelSerializer[ListingRestriction]):
    """An entry; what it is recognized by is never told again."""

    area = serializers.SlugRelatedField(
        "code", queryset=Area.objects.shown(), required=False, allow_null=True, default=None
    )
    kind = serializers.ChoiceField(choices=RestrictionKind.choices)
    match_kind = serializers.ChoiceField(choices=MatchKind.choices)
    value = serializers.CharField(max_length=300, write_only=True)
    channels = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=10, default=list
    )

    class Meta:
        model = ListingRestriction
        fields = [
            "uid", "kind", "match_kind", "value", "area", "label", "channels", "reason",
            "requested_by", "until", "state",
        ]  # fmt: skip
        read_only_fields = ["uid", "state"]


class RestrictionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[ListingRestriction]
):
    """The register of those who do not want to be listed, written to or visited."""

    request: SignedInAPIRequest
    serializer_class = RestrictionSerializer
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    queryset = ListingRestriction.objects.select_related("area").order_by("-pk")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse others before anything is looked up."""
        super().initial(request, *args, **kwargs)
        self.request.user.must(Permission.RESTRICTION_EDIT)

    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Enter somebody as a draft."""
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        entry = restrictions.enter(by=self.request.user, **body.validated_data)
        return Response(self.get_serializer(entry).data, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=RestrictionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def activate(self, request: Request, uid: str) -> Response:
        """Let an entry count."""
        entry = restrictions.activate(self.get_object(), by=self.request.user)
        return Response(self.get_serializer(entry).data)

    @extend_schema(request=None, responses=RestrictionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def lift(self, request: Request, uid: str) -> Response:
        """End an entry."""
        entry = restrictions.lift(self.get_object(), by=self.request.user)
        return Response(self.get_serializer(entry).data)
