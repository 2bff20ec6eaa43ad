"""Clients: masked unless a purpose is named; every reading is noted."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.http import SignedInAPIRequest, idempotent, limited
from accounts.models import User
from accounts.permissions import CASEWORK, Permission
from core.api import check_parameters, if_match
from core.jobs import now
from directory.catalogue.models import Organization
from directory.catalogue.phones import masked
from directory.geography.models import Area
from referrals.casefiles import disclosure, operations, queries
from referrals.casefiles.api.base import AreaField, Rows, Strict
from referrals.casefiles.api.consents import ConsentSerializer, NewConsentSerializer, record
from referrals.casefiles.api.needs import NeedSerializer, NewNeedSerializer
from referrals.casefiles.errors import InvalidFacts
from referrals.casefiles.models import Client
from referrals.casefiles.operations.client import Phone
from referrals.casefiles.states import (
    AccessPurpose,
    ClientKind,
    DataClass,
    PhoneKind,
    Purpose,
    Sex,
)

FULL = ("name", "pseudonym", "birth_date", "id_number", "address", "phones")


class PhoneSerializer(Strict):
    number = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(choices=PhoneKind.choices, default=PhoneKind.MOBILE)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class ClientSerializer(serializers.ModelSerializer[Client]):
    organization = serializers.SlugRelatedField[Organization](slug_field="uid", read_only=True)
    area = serializers.SlugRelatedField[Area](slug_field="code", read_only=True)
    name = serializers.CharField(source="masked_name", read_only=True)
    birth_year = serializers.IntegerField(source="born.year", default=None, read_only=True)
    phones = serializers.SerializerMethodField()
    masked = serializers.SerializerMethodField()

    class Meta:
        model = Client
        fields: tuple[str, ...] = (
            *("uid", "file_no", "kind", "organization", "name", "birth_year", "sex", "age_band"),
            *("area", "languages", "populations", "risks", "sensitivity", "phones", "masked"),
            "version",
        )
        read_only_fields: tuple[str, ...] = fields
        validators: list[Any] = []

    def get_phones(self, client: Client) -> list[dict[str, str]]:
        """Return the numbers with their middle hidden."""
        return [
            {"number": masked(phone.number), "kind": phone.kind, "note": ""}
            for phone in client.phones.all()
        ]

    def get_masked(self, client: Client) -> bool:
        """Say whether names and numbers are hidden."""
        return True


class FullClientSerializer(ClientSerializer):
    name = serializers.CharField(read_only=True)

    class Meta(ClientSerializer.Meta):
        fields = (
            *ClientSerializer.Meta.fields,
            *("pseudonym", "birth_date", "id_number", "address", "household_registration_area"),
        )
        read_only_fields = fields

    household_registration_area = serializers.SlugRelatedField[Area](
        slug_field="code", read_only=True
    )

    def get_phones(self, client: Client) -> list[dict[str, str]]:
        """Return the numbers in full."""
        return [
            {"number": phone.number, "kind": phone.kind, "note": phone.note}
            for phone in client.phones.all()
        ]

    def get_masked(self, client: Client) -> bool:
        return False


class ChangedClientSerializer(Strict):
    name = serializers.CharField(max_length=100, allow_blank=True, required=False)
    pseudonym = serializers.CharField(max_length=60, allow_blank=True, required=False)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False)
    birth_date = serializers.DateField(allow_null=True, required=False)
    id_number = serializers.CharField(max_length=30, allow_blank=True, required=False)
    phones = PhoneSerializer(many=True, required=False)
    address = serializers.CharField(max_length=300, allow_blank=True, required=False)
    area = AreaField(allow_null=True, required=False)
    household_registration_area = AreaField(allow_null=True, required=False)
    languages = serializers.ListField(child=serializers.CharField(), required=False)
    populations = serializers.ListField(child=serializers.CharField(), required=False)
    risks = serializers.ListField(child=serializers.CharField(), required=False)

    def validate_phones(self, value: list[dict[str, str]]) -> list[Phone]:
        return [Phone(**row) for row in value]


class NewClientSerializer(ChangedClientSerializer):
    organization = serializers.SlugRelatedField[Organization](
        slug_field="uid", queryset=Organization.objects.none()
    )
    kind = serializers.ChoiceField(choices=ClientKind.choices, default=ClientKind.PERSON)
    file_no = serializers.CharField(max_length=60, required=False)
    case_type = serializers.CharField(max_length=40, default="casework")

    def get_fields(self) -> dict[str, Any]:
        # As an attribute `source` would hide the field's own.
        source = serializers.CharField(max_length=40, default="", allow_blank=True)
        fields = super().get_fields() | {"source": source}
        # A foreign organization does not exist here.
        user = self.context["request"].user
        # The API's schema is drawn for nobody.
        ids = user.organization_ids(Permission.CLIENT_WRITE) if isinstance(user, User) else ()
        places = (
            Organization.objects.all() if ids is None else Organization.objects.filter(pk__in=ids)
        )
        fields["organization"].queryset = places  # type: ignore[attr-defined]  # the related field
        return fields


class SearchSerializer(Strict):
    name = serializers.CharField(max_length=200, required=False)
    phone = serializers.CharField(max_length=40, required=False)
    id_number = serializers.CharField(max_length=30, required=False)
    file_no = serializers.CharField(max_length=60, required=False)


class QuestionSerializer(Strict):
    recipient = serializers.RegexField(
        r"^(service|conference|organization|category|any):[\w-]*$", max_length=80
    )
    purpose = serializers.ChoiceField(choices=Purpose.choices, default=Purpose.REFERRAL)
    classes = serializers.ListField(
        child=serializers.ChoiceField(choices=DataClass.choices), allow_empty=False, max_length=21
    )


class AnswerSerializer(serializers.Serializer[Any]):
    data_class = serializers.CharField()
    allowed = serializers.BooleanField()
    basis = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)


class SeenSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    who = serializers.CharField()
    why = serializers.CharField()
    fields_shown = serializers.ListField(child=serializers.CharField(), source="fields")
    basis = serializers.CharField()


class ClientViewSet(Rows[Client]):
    """Files that the caller may see."""

    serializer_class = ClientSerializer
    opened_by: ClassVar = {"create": {Permission.CLIENT_WRITE}, "search": CASEWORK}
    query_parameters = ("purpose",)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Client.objects.none()
        rows = Client.objects.visible_to(self.request.user).select_related("organization", "area")
        return rows.prefetch_related("phones")

    @extend_schema(request=NewClientSerializer, responses={201: ClientSerializer})
    @idempotent
    def create(self, request: SignedInAPIRequest) -> Response:
        """Open a file with its first case."""
        facts = self.body(NewClientSerializer)
        client = operations.client.create(facts.pop("organization"), by=request.user, **facts)
        return self.answer(client, status=201)

    @extend_schema(
        parameters=[OpenApiParameter("purpose", str, enum=AccessPurpose.values)],
        responses=FullClientSerializer,
    )
    def retrieve(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return a file, masked unless a purpose is named."""
        check_parameters(request.query_params, known={"purpose", "lang"})
        client = self.get_object()
        purpose = request.query_params.get("purpose", "")
        operations.privacy.note_reading(
            client,
            by=request.user,
            purpose=purpose or queries.frame.purpose_of(client, request.user),
            fields=FULL if purpose else (),
            channel="api",
        )
        if purpose:
            self.serializer_class = FullClientSerializer
        return self.answer(client)

    @extend_schema(
        request=ChangedClientSerializer,
        responses=ClientSerializer,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)],
    )
    def partial_update(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Change what the file says."""
        client, version = self.get_object(), if_match(request)
        facts = self.body(ChangedClientSerializer)
        operations.client.change(client, by=request.user, expected_version=version, **facts)
        return self.answer(self.get_object())

    @extend_schema(request=SearchSerializer, responses=ClientSerializer(many=True), filters=False)
    @action(detail=False, methods=["post"])
    @limited("client_search")
    def search(self, request: SignedInAPIRequest) -> Response:
        """Find by exact words among the files one may see; rows are masked."""
        words = self.body(SearchSerializer)
        if not words:
            raise InvalidFacts(_("Name at least one thing to search by."))
        operations.privacy.note_search(by=request.user, text=" ".join(words.values()))
        found = queries.people.exact(
            request.user,
            **{{"file_no": "number"}.get(key, key): word for key, word in words.items()},
        )
        return self.pages(found, ClientSerializer)

    @extend_schema(
        methods=["get"], responses=NeedSerializer(many=True), operation_id="clients_needs_list"
    )
    @extend_schema(methods=["post"], request=NewNeedSerializer, responses={201: NeedSerializer})
    @action(detail=True, methods=["get", "post"])
    def needs(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return or record the needs of a client."""
        client = self.get_object()
        if request.method == "GET":
            rows = client.needs.select_related("category", "area", "client").urgent_first()
            return self.pages(rows, NeedSerializer)
        return self._record_need(request, client)

    @idempotent
    def _record_need(self, request: SignedInAPIRequest, client: Client) -> Response:
        facts = self.body(NewNeedSerializer)
        need = operations.need.record(client, by=request.user, **facts)
        return Response(NeedSerializer(need).data, status=201)

    @extend_schema(
        methods=["get"],
        responses=ConsentSerializer(many=True),
        operation_id="clients_consents_list",
    )
    @extend_schema(
        methods=["post"], request=NewConsentSerializer, responses={201: ConsentSerializer}
    )
    @action(detail=True, methods=["get", "post"])
    def consents(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return or record the consents of a client."""
        client = self.get_object()
        if request.method == "GET":
            rows = client.consents.select_related("text").prefetch_related("scopes")
            return self.pages(rows, ConsentSerializer)
        return self._record_consent(request, client)

    @idempotent
    def _record_consent(self, request: SignedInAPIRequest, client: Client) -> Response:
        consent = record(client, by=request.user, **self.body(NewConsentSerializer))
        return Response(ConsentSerializer(consent).data, status=201)

    @extend_schema(responses=SeenSerializer(many=True))
    @action(detail=True)
    def disclosures(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return who has seen what."""
        return self.pages(queries.register.seen_by(self.get_object(), request.user), SeenSerializer)

    @extend_schema(request=QuestionSerializer, responses=AnswerSerializer(many=True))
    @action(detail=True, methods=["post"], pagination_class=None)
    def permitted(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Say for each class whether the recipient may have it, and on which ground."""
        client, asked = self.get_object(), self.body(QuestionSerializer)
        kind, _colon, recipient_uid = asked["recipient"].partition(":")
        recipient = queries.notices.recipient_from(kind, recipient_uid)
        if recipient is None:
            raise InvalidFacts.of("recipient", _("There is no such recipient."))
        answers = disclosure.decisions(client, recipient, asked["purpose"], asked["classes"], now())
        rows = [
            {
                "data_class": name.value,
                "allowed": answer.allowed,
                "basis": disclosure.ground_name(answer.basis) if answer.basis else "",
                "reason": answer.reason,
                "detail": answer.sentence,
            }
            for name, answer in answers.items()
        ]
        return Response(AnswerSerializer(rows, many=True).data)
