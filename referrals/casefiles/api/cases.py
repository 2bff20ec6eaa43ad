"""Cases for programs."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.http import SignedInAPIRequest, idempotent
from accounts.models import User
from accounts.permissions import Permission
from core.api import if_match
from referrals.casefiles import operations, queries
from referrals.casefiles.api.base import Rows, Strict
from referrals.casefiles.api.needs import MATCH
from referrals.casefiles.models import CaseFile, CaseTransfer, Client
from referrals.casefiles.states import Stage


class CaseSerializer(serializers.ModelSerializer[CaseFile]):
    client = serializers.SlugRelatedField[Client](slug_field="uid", read_only=True)
    responsible = serializers.SlugRelatedField[User](slug_field="uid", read_only=True)

    class Meta:
        model = CaseFile
        fields = (
            *("uid", "case_no", "client", "case_type", "source", "responsible", "team", "stage"),
            *("state", "opened_on", "closed_on", "close_reason", "next_review_on"),
            *("secrecy_told", "version"),
        )
        read_only_fields = fields
        validators: list[Any] = []


class NewCaseSerializer(Strict):
    client = serializers.UUIDField()
    case_type = serializers.CharField(max_length=40, default="casework")

    def get_fields(self) -> dict[str, Any]:
        # As an attribute `source` would hide the field's own.
        source = serializers.CharField(max_length=40, allow_blank=True, default="")
        return super().get_fields() | {"source": source}


class ChangedCaseSerializer(Strict):
    team = serializers.CharField(max_length=100, allow_blank=True, required=False)
    next_review_on = serializers.DateField(allow_null=True, required=False)
    secrecy_told = serializers.ListField(child=serializers.CharField(), required=False)


class StageSerializer(Strict):
    to = serializers.ChoiceField(choices=Stage.choices)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class CloseSerializer(Strict):
    reason = serializers.CharField(max_length=40)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ReopenSerializer(Strict):
    reason = serializers.CharField(max_length=1000)


class TransferSerializer(serializers.ModelSerializer[CaseTransfer]):
    from_user = serializers.SlugRelatedField[User](slug_field="uid", read_only=True)
    to_user = serializers.SlugRelatedField[User](slug_field="uid", read_only=True)

    class Meta:
        model = CaseTransfer
        fields = ("uid", "kind", "state", "from_user", "to_user", "created_at", "answered_at")
        read_only_fields = fields
        validators: list[Any] = []


class NewTransferSerializer(Strict):
    to_user = serializers.SlugRelatedField[User](
        slug_field="uid", queryset=User.objects.filter(is_active=True)
    )
    reason = serializers.CharField(max_length=1000)


class CaseViewSet(Rows[CaseFile]):
    """Cases of files that the caller may see."""

    serializer_class = CaseSerializer
    opened_by: ClassVar = {"create": {Permission.CLIENT_WRITE}}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return CaseFile.objects.none()
        rows = CaseFile.objects.visible_to(self.request.user)
        return rows.select_related("client__organization", "responsible")

    def list(self, request: SignedInAPIRequest) -> Response:
        """Return the cases, the newest first."""
        return self.pages(self.get_queryset(), CaseSerializer)

    def retrieve(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return a case."""
        return self.answer(self.get_object())

    @extend_schema(request=NewCaseSerializer, responses={201: CaseSerializer})
    @idempotent
    def create(self, request: SignedInAPIRequest) -> Response:
        """Open another case of a client."""
        facts = self.body(NewCaseSerializer)
        client = queries.people.editable(request.user, facts.pop("client"))
        return self.answer(operations.case.begin(client, by=request.user, **facts), status=201)

    @extend_schema(request=ChangedCaseSerializer, responses=CaseSerializer, parameters=[MATCH])
    def partial_update(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Change team, review date, or which limits of secrecy were explained."""
        case, version = self.get_object(), if_match(request)
        facts = self.body(ChangedCaseSerializer)
        operations.case.change(case, by=request.user, expected_version=version, **facts)
        return self.answer(case)

    @extend_schema(request=StageSerializer, responses=CaseSerializer, parameters=[MATCH])
    @action(detail=True, methods=["post"])
    @idempotent
    def stage(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Go to the next stage, or back to an earlier one."""
        case, version = self.get_object(), if_match(request)
        facts = self.body(StageSerializer)
        operations.case.move(case, by=request.user, expected_version=version, **facts)
        return self.answer(case)

    @extend_schema(request=CloseSerializer, responses=CaseSerializer, parameters=[MATCH])
    @action(detail=True, methods=["post"])
    @idempotent
    def close(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Close a case over which nothing hangs."""
        case, version = self.get_object(), if_match(request)
        facts = self.body(CloseSerializer)
        operations.case.close(case, by=request.user, expected_version=version, **facts)
        return self.answer(case)

    @extend_schema(request=ReopenSerializer, responses=CaseSerializer, parameters=[MATCH])
    @action(detail=True, methods=["post"])
    @idempotent
    def reopen(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Take a closed case up again."""
        case, version = self.get_object(), if_match(request)
        facts = self.body(ReopenSerializer)
        operations.case.reopen(case, by=request.user, expected_version=version, **facts)
        return self.answer(case)

    @extend_schema(
        methods=["get"],
        responses=TransferSerializer(many=True),
        operation_id="cases_transfers_list",
    )
    @extend_schema(
        methods=["post"], request=NewTransferSerializer, responses={201: TransferSerializer}
    )
    @action(detail=True, methods=["get", "post"])
    def transfers(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return the offers of a case, or offer it to a colleague."""
        case = self.get_object()
        if request.method == "GET":
            rows = case.transfers.select_related("from_user", "to_user")
            return self.pages(rows, TransferSerializer)
        return self._offer(request, case)

    @idempotent
    def _offer(self, request: SignedInAPIRequest, case: CaseFile) -> Response:
        facts = self.body(NewTransferSerializer)
        offer = operations.case.offer(case, by=request.user, **facts)
        return Response(TransferSerializer(offer).data, status=201)
