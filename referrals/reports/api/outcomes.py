"""Links and answers for programs."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.http import SignedInAPIRequest, idempotent
from accounts.permissions import Permission
from referrals.reports import queries
from referrals.reports.api.base import KEY, RowField, Rows, Strict, uid_of
from referrals.reports.filters import EvaluationFilter, ResourceLinkFilter
from referrals.reports.models import Evaluation, ResourceLink
from referrals.reports.operations import evaluations, links
from referrals.reports.states import RATINGS, Channel, Difficulty, Mode, WaitBand


class ResourceLinkSerializer(serializers.ModelSerializer[ResourceLink]):
    organization = uid_of("organization")
    client = uid_of("client")
    need = uid_of("need")
    referral = uid_of("referral")
    service = uid_of("service")
    provider = uid_of("provider")
    content = serializers.CharField(read_only=True)

    class Meta:
        model = ResourceLink
        fields = (
            *("uid", "on", "organization", "client", "head_count", "need", "referral"),
            *("resource_type", "service", "provider", "provider_name", "content", "mode"),
            *("quantity", "unit", "amount", "valuation", "result"),
        )
        read_only_fields = fields
        validators: list[Any] = []


class NewLinkSerializer(Strict):
    resource_type = serializers.CharField(max_length=40)
    mode = serializers.ChoiceField(choices=Mode.choices)
    client = RowField("client", required=False)
    organization = RowField("organization", required=False)
    head_count = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    on = serializers.DateField(required=False)
    need = RowField("need", required=False)
    service = RowField("service", required=False)
    provider = RowField("organization", required=False)
    provider_name = serializers.CharField(max_length=200, required=False)
    content = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    quantity = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    unit = serializers.CharField(max_length=40, allow_blank=True, required=False)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False)
    valuation = serializers.CharField(max_length=200, allow_blank=True, required=False)


class LogOnlySerializer(Strict):
    need = RowField("need")
    service = RowField("service")
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class ResourceLinkViewSet(Rows[ResourceLink]):
    """Help that reached somebody."""

    serializer_class = ResourceLinkSerializer
    opened_by: ClassVar = {key: {Permission.CLIENT_WRITE} for key in ("create", "log_only")}
    filterset_class = ResourceLinkFilter

    def get_queryset(self) -> Any:
        return queries.outcomes.resource_links(self.request.user)

    @extend_schema(
        request=NewLinkSerializer, responses={201: ResourceLinkSerializer}, parameters=[KEY]
    )
    @idempotent
    def create(self, request: SignedInAPIRequest) -> Response:
        """Note what was brought about for a client or for a number of people."""
        link = links.record(by=request.user, **self.body(NewLinkSerializer))
        return self.answer(link, status=201)

    @extend_schema(
        request=LogOnlySerializer, responses={201: ResourceLinkSerializer}, parameters=[KEY]
    )
    @action(detail=False, methods=["post"], url_path="log-only")
    @idempotent
    def log_only(self, request: SignedInAPIRequest) -> Response:
        """Note a service that the client takes along; nobody there is told."""
        facts = self.body(LogOnlySerializer)
        link = links.log_only(facts.pop("need"), by=request.user, **facts)
        return self.answer(link, status=201)


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    """An answer; to a provider an anonymous one names neither person nor referral."""

    need = uid_of("need")
    referral = uid_of("referral")
    text = serializers.CharField(read_only=True)

    class Meta:
        model = Evaluation
        fields = (
            *("uid", "need", "referral", "party", "channel", "delivered", "resolution"),
            *("satisfaction", "wait_band", "difficulty", "quality", "wait", "staff", "text"),
            *("anonymous", "created_at"),
        )
        read_only_fields = fields
        validators: list[Any] = []

    def to_representation(self, instance: Evaluation) -> dict[str, Any]:
        """Leave out what leads to the person where the reader may not know it."""
        shown: dict[str, Any] = super().to_representation(instance)
        if not queries.outcomes.knows_the_person(instance, self.context["request"].user):
            # The day and one's own words are enough to recognize somebody by.
            shown |= {"need": None, "referral": None, "text": "", "created_at": None}
        return shown


class NewEvaluationSerializer(Strict):
    need = RowField("need")
    referral = RowField("referral", required=False)
    party = serializers.CharField(max_length=40, default="client")
    channel = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in Channel if one != Channel.LINK]
    )
    delivered = serializers.BooleanField()
    resolution = serializers.CharField(max_length=20, allow_blank=True, required=False)
    satisfaction = serializers.CharField(max_length=20, allow_blank=True, required=False)
    wait_band = serializers.ChoiceField(choices=WaitBand.choices, required=False)
    difficulty = serializers.ChoiceField(choices=Difficulty.choices, required=False)
    quality = serializers.ChoiceField(choices=RATINGS, required=False)
    wait = serializers.ChoiceField(choices=RATINGS, required=False)
    staff = serializers.ChoiceField(choices=RATINGS, required=False)
    text = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    anonymous = serializers.BooleanField(required=False)


class EvaluationViewSet(Rows[Evaluation]):
    """What people say about help."""

    serializer_class = EvaluationSerializer
    opened_by: ClassVar = {"create": {Permission.CLIENT_WRITE}}
    filterset_class = EvaluationFilter

    def get_queryset(self) -> Any:
        return queries.outcomes.evaluations(self.request.user)

    @extend_schema(
        request=NewEvaluationSerializer, responses={201: EvaluationSerializer}, parameters=[KEY]
    )
    @idempotent
    def create(self, request: SignedInAPIRequest) -> Response:
        """Keep an answer that was given on paper or by telephone."""
        facts = self.body(NewEvaluationSerializer)
        made = evaluations.record(facts.pop("need"), by=request.user, **facts)
        return self.answer(made, status=201)
