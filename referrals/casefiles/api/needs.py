"""Needs for programs."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.http import SignedInAPIRequest, idempotent
from core.api import if_match
from directory.catalogue.models import TaxonomyTerm
from directory.geography.models import Area
from referrals.casefiles import operations
from referrals.casefiles.api.base import AreaField, KindOfNeed, Rows, Strict
from referrals.casefiles.models import Client, Need
from referrals.casefiles.states import Impact, NeedStatus, Priority, Urgency

MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)


class NeedSerializer(serializers.ModelSerializer[Need]):
    client = serializers.SlugRelatedField[Client](slug_field="uid", read_only=True)
    category = serializers.SlugRelatedField[TaxonomyTerm](slug_field="code", read_only=True)
    area = serializers.SlugRelatedField[Area](slug_field="code", read_only=True)
    summary = serializers.CharField(read_only=True)

    class Meta:
        model = Need
        fields = (
            *("uid", "client", "category", "area", "summary", "urgency", "impact", "score"),
            *("priority", "computed_priority", "priority_override", "client_rank", "deadline"),
            *("has_dependents", "no_informal_support", "hidden", "status", "unmet_reason"),
            *("review_on", "identified_at", "resolved_at", "version"),
        )
        read_only_fields = fields
        validators: list[Any] = []


class NewNeedSerializer(Strict):
    category = KindOfNeed()
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    impact = serializers.ChoiceField(choices=Impact.choices)
    summary = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    area = AreaField(allow_null=True, required=False)
    has_dependents = serializers.BooleanField(required=False)
    no_informal_support = serializers.BooleanField(required=False)
    deadline = serializers.DateField(allow_null=True, required=False)
    hidden = serializers.BooleanField(required=False)
    client_rank = serializers.IntegerField(min_value=1, max_value=50, required=False)


class ChangedNeedSerializer(NewNeedSerializer):
    priority_override = serializers.ChoiceField(
        choices=Priority.choices, allow_blank=True, required=False
    )
    reason = serializers.CharField(max_length=1000, allow_blank=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one act at a time: a new assessment, or another level."""
        if "priority_override" in attrs and set(attrs) - {"priority_override", "reason"}:
            raise serializers.ValidationError(_("Change the level in a request of its own."))
        return attrs


class SettledNeedSerializer(Strict):
    status = serializers.ChoiceField(choices=NeedStatus.choices)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")
    review_on = serializers.DateField(allow_null=True, default=None)
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")


class NeedViewSet(Rows[Need]):
    """Needs of files that the caller may see."""

    serializer_class = NeedSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Need.objects.none()
        rows = Need.objects.visible_to(self.request.user)
        return rows.select_related("client", "category", "area", "scheme")

    def retrieve(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return a need."""
        return self.answer(self.get_object())

    @extend_schema(request=ChangedNeedSerializer, responses=NeedSerializer, parameters=[MATCH])
    def partial_update(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Assess again, or set another level with its reason."""
        need, version = self.get_object(), if_match(request)
        facts = self.body(ChangedNeedSerializer, partial=True)
        if "priority_override" in facts:
            operations.need.override(
                need,
                by=request.user,
                expected_version=version,
                level=facts["priority_override"],
                reason=facts.get("reason", ""),
            )
            return self.answer(need)
        rank = facts.pop("client_rank", None)
        facts.pop("reason", None)
        operations.need.reassess(need, by=request.user, expected_version=version, **facts)
        if rank is not None:
            operations.need.place(need, by=request.user, rank=rank)
        return self.answer(need)

    @extend_schema(request=SettledNeedSerializer, responses=NeedSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def settle(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Say what became of a need."""
        need = self.get_object()
        operations.need.settle(need, by=request.user, **self.body(SettledNeedSerializer))
        return self.answer(need)
