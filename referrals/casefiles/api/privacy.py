"""Emergency access and approvals for programs."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import SignedInAPIRequest, idempotent
from accounts.models import User
from accounts.permissions import CASEWORK, Permission
from referrals.casefiles import operations, queries
from referrals.casefiles.api.base import Rows, Strict
from referrals.casefiles.models import AccessApproval, BreakGlass, Client
from referrals.casefiles.states import AccessPurpose


class BreakGlassSerializer(serializers.ModelSerializer[BreakGlass]):
    client = serializers.SlugRelatedField[Client](slug_field="uid", read_only=True)
    user = serializers.SlugRelatedField[User](slug_field="uid", read_only=True)

    class Meta:
        model = BreakGlass
        fields = (
            *("uid", "client", "user", "reason", "created_at", "until", "ended_at"),
            *("review_due_at", "reviewed_at", "verdict"),
        )
        read_only_fields = fields
        validators: list[Any] = []


class NewBreakGlassSerializer(Strict):
    client = serializers.UUIDField()
    reason = serializers.CharField(max_length=40)
    narrative = serializers.CharField(max_length=2000)
    hours = serializers.IntegerField(min_value=1, max_value=4, default=4)


class BreakGlassViewSet(Rows[BreakGlass]):
    """Emergency accesses: one's own, and those one watches over."""

    serializer_class = BreakGlassSerializer
    opened_by: ClassVar = {"create": CASEWORK}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return BreakGlass.objects.none()
        return BreakGlass.objects.visible_to(self.request.user).select_related("client", "user")

    def list(self, request: SignedInAPIRequest) -> Response:
        """Return them, the newest first."""
        return self.pages(self.get_queryset(), BreakGlassSerializer)

    def retrieve(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return one."""
        return self.answer(self.get_object())

    @extend_schema(request=NewBreakGlassSerializer, responses={201: BreakGlassSerializer})
    @idempotent
    def create(self, request: SignedInAPIRequest) -> Response:
        """Open a file at once, for four hours at most."""
        facts = self.body(NewBreakGlassSerializer)
        client = queries.people.reachable(request.user, facts.pop("client"))
        opening = operations.privacy.break_glass(client, by=request.user, **facts)
        return self.answer(opening, status=201)


class ApprovalSerializer(serializers.ModelSerializer[AccessApproval]):
    client = serializers.SlugRelatedField[Client](slug_field="uid", read_only=True)
    user = serializers.SlugRelatedField[User](slug_field="uid", read_only=True)

    class Meta:
        model = AccessApproval
        fields = ("uid", "client", "user", "purpose", "created_at", "until", "revoked_at")
        read_only_fields = fields
        validators: list[Any] = []


class NewApprovalSerializer(Strict):
    client = serializers.UUIDField()
    user = serializers.SlugRelatedField[User](
        slug_field="uid", queryset=User.objects.filter(is_active=True)
    )
    purpose = serializers.ChoiceField(choices=AccessPurpose.choices)
    until = serializers.DateTimeField()


class ApprovalViewSet(Rows[AccessApproval]):
    """Approvals: one's own, and those one watches over."""

    serializer_class = ApprovalSerializer
    opened_by: ClassVar = {"create": {Permission.ACCESS_APPROVE}}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return AccessApproval.objects.none()
        return AccessApproval.objects.visible_to(self.request.user).select_related("client", "user")

    def list(self, request: SignedInAPIRequest) -> Response:
        """Return them, the newest first."""
        return self.pages(self.get_queryset(), ApprovalSerializer)

    def retrieve(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return one."""
        return self.answer(self.get_object())

    @extend_schema(request=NewApprovalSerializer, responses={201: ApprovalSerializer})
    @idempotent
    def create(self, request: SignedInAPIRequest) -> Response:
        """Let a colleague read one file for one purpose."""
        facts = self.body(NewApprovalSerializer)
        client = queries.people.approvable(request.user, facts.pop("client"))
        approval = operations.privacy.approve_access(client, by=request.user, **facts)
        return self.answer(approval, status=201)
