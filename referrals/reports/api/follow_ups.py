"""Looks at needs for programs."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import SignedInAPIRequest, idempotent
from accounts.permissions import Permission
from core.api import if_match
from referrals.reports import queries
from referrals.reports.api.base import KEY, MATCH, RowField, Rows, Strict, uid_of
from referrals.reports.filters import FollowUpFilter
from referrals.reports.models import FollowUp
from referrals.reports.operations import follow_ups
from referrals.reports.states import OFFERED
from referrals.reports.states.follow_up import AFTER


class FollowUpSerializer(serializers.ModelSerializer[FollowUp]):
    need = uid_of("need")
    client = serializers.UUIDField(source="need.client.uid", read_only=True)
    referral = uid_of("referral")
    note = serializers.CharField(read_only=True)

    class Meta:
        model = FollowUp
        fields = (
            *("uid", "need", "client", "referral", "kind", "due_at", "result", "wait_until"),
            *("note", "done_at", "created_at", "version"),
        )
        read_only_fields = fields
        validators: list[Any] = []


class PlanSerializer(Strict):
    need = RowField("need")
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in AFTER])
    due_on = serializers.DateField(allow_null=True, default=None)


class SettleSerializer(Strict):
    result = serializers.ChoiceField(choices=[(one.value, one.label) for one in OFFERED])
    service = RowField("service", required=False)
    wait_until = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=40, required=False)
    review_on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=1000, allow_blank=True, required=False)


class FollowUpViewSet(Rows[FollowUp]):
    """Looks at needs of files that the caller may see."""

    serializer_class = FollowUpSerializer
    opened_by: ClassVar = {"create": {Permission.CLIENT_WRITE}}
    filterset_class = FollowUpFilter

    def get_queryset(self) -> Any:
        return queries.follow_ups.follow_ups(self.request.user)

    @extend_schema(request=PlanSerializer, responses={201: FollowUpSerializer}, parameters=[KEY])
    @idempotent
    def create(self, request: SignedInAPIRequest) -> Response:
        """Plan a look after the help has ended."""
        facts = self.body(PlanSerializer)
        look = follow_ups.plan(facts.pop("need"), by=request.user, **facts)
        return self.answer(look, status=201)

    @extend_schema(request=SettleSerializer, responses=FollowUpSerializer, parameters=[MATCH])
    def partial_update(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Say what came of it."""
        look, version = self.get_object(), if_match(request)
        told = self.body(SettleSerializer)
        follow_ups.settle(look, by=request.user, expected_version=version, **told)
        return self.answer(look)
