"""Unmet needs and their chances for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.http import SignedInAPIRequest, idempotent
from referrals.casefiles.models import Need
from referrals.reports import queries
from referrals.reports.api.base import KEY, Rows, code_of, uid_of
from referrals.reports.filters import UnmetFilter
from referrals.reports.models import UnmetAlert
from referrals.reports.operations import alerts


class ChanceSerializer(serializers.ModelSerializer[UnmetAlert]):
    service = uid_of("service")

    class Meta:
        model = UnmetAlert
        fields = ("uid", "service", "cause", "at", "is_broad")
        read_only_fields = fields
        validators: list[Any] = []


class UnmetSerializer(serializers.ModelSerializer[Need]):
    client = uid_of("client")
    category = code_of("category")
    area = code_of("area")
    chances = ChanceSerializer(many=True, read_only=True)

    class Meta:
        model = Need
        fields = (
            *("uid", "client", "category", "area", "priority", "unmet_reason", "review_on"),
            *("identified_at", "chances"),
        )
        read_only_fields = fields


class UnmetViewSet(Rows[Need]):
    """Needs of files that the caller may see and that nobody could meet."""

    serializer_class = UnmetSerializer
    filterset_class = UnmetFilter

    def get_queryset(self) -> Any:
        return queries.unmet.unmet(self.request.user)

    @extend_schema(request=None, responses=UnmetSerializer, parameters=[KEY])
    @action(detail=True, methods=["post"])
    @idempotent
    def seen(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Take the need's chances off the list."""
        need = self.get_object()
        for alert in queries.follow_ups.chances(need):
            alerts.mark_seen(alert, by=request.user)
        return self.answer(self.get_object())
