"""What referrals look like in JSON; each side gets its own share."""

from collections.abc import Container, Iterable
from typing import Any, cast

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from directory.catalogue.models import Organization, Service
from referrals.casefiles.models import Need
from referrals.casefiles.states import DataClass, Priority
from referrals.handoffs.api.base import Strict
from referrals.handoffs.guards import hats, on_the_cases
from referrals.handoffs.models import (
    AccessLink,
    Appointment,
    ContactAttempt,
    Referral,
    ReferralClock,
    ReferralEvent,
    ReferralNeed,
)
from referrals.handoffs.queries import Allowed, Candidate
from referrals.handoffs.states import Actor, Channel, LinkKind, bucket

SENDER, RECIPIENT, COORDINATOR = "sender", "recipient", "coordinator"
# What stays with the sender; a coordinator sees states and clocks, no words.
OF_SENDER = frozenset({"client", "referral_reason", "summary", "data_classes", "needs"})


def side_of(referral: Referral, user: Any, team_of: Container[int] | None = None) -> str:
    """Return on which side the caller stands; who sends and receives reads as the sender."""
    own = hats(referral, by=user, team_of=team_of)
    if own & {Actor.SND, Actor.SUP}:
        return SENDER
    return RECIPIENT if Actor.RCV in own else COORDINATOR


class PartySerializer(serializers.ModelSerializer[Organization]):
    name = serializers.SerializerMethodField()

    class Meta:
        model = Organization
        fields = ("uid", "name")
        read_only_fields = fields

    def get_name(self, row: Organization) -> str:
        return row.text("name")[0]


class ClockSerializer(serializers.ModelSerializer[ReferralClock]):
    class Meta:
        model = ReferralClock
        fields = (
            *("kind", "started_at", "due_at", "remind_at", "paused_since", "paused_seconds"),
            *("stopped_at", "level"),
        )
        read_only_fields = fields
        validators: list[Any] = []


class ReferralNeedSerializer(serializers.ModelSerializer[ReferralNeed]):
    need = serializers.SlugRelatedField[Need](slug_field="uid", read_only=True)

    class Meta:
        model = ReferralNeed
        fields = ("need", "outcome", "quantity", "unit", "amount", "result")
        read_only_fields = fields
        validators: list[Any] = []


class ReferralSerializer(serializers.ModelSerializer[Referral]):
    side = serializers.SerializerMethodField()
    bucket = serializers.SerializerMethodField()
    client = serializers.SlugRelatedField[Any](slug_field="uid", read_only=True)
    summary = serializers.CharField(read_only=True)
    sender_org = PartySerializer(read_only=True)
    recipient_org = PartySerializer(read_only=True)
    service = serializers.SlugRelatedField[Service](slug_field="uid", read_only=True)
    off_platform = serializers.SerializerMethodField()
    parent = serializers.SlugRelatedField[Referral](slug_field="uid", read_only=True)  # type: ignore[assignment]  # the name of the contract
    root = serializers.SlugRelatedField[Referral](slug_field="uid", read_only=True)  # type: ignore[assignment]  # the name of the contract
    needs = ReferralNeedSerializer(many=True, read_only=True)
    clocks = serializers.SerializerMethodField()

    class Meta:
        model = Referral
        fields = (
            *("uid", "ref_no", "side", "act", "origin", "status", "bucket", "version", "client"),
            *("sender_org", "recipient_org", "service", "off_platform", "category", "priority"),
            *("clock_class", "referral_reason", "summary", "data_classes", "channel", "parent"),
            *("root", "attempt_no", "handoff_mode", "must_happen_before", "expected_on"),
            *("next_actor", "due_at", "created_at", "sent_at", "acknowledged_at", "decided_at"),
            *("first_contact_at", "outcome_at", "ended_at", "end_reason", "verification"),
            *("needs", "clocks", "updated_at"),
        )
        read_only_fields = fields
        validators: list[Any] = []

    def to_representation(self, instance: Referral) -> dict[str, Any]:
        """Leave out what the caller's side does not see."""
        found: dict[str, Any] = super().to_representation(instance)
        if found["side"] != SENDER:
            for name in OF_SENDER:
                found[name] = None
        return found

    def get_side(self, row: Referral) -> str:
        user = self.context["request"].user
        # Of the serializer itself, not the field of this name.
        around = cast("Any", self).parent
        if not isinstance(around, serializers.ListSerializer):
            return side_of(row, user)
        context = cast("dict[str, Any]", self.context)
        if "team_of" not in context:
            page = cast("Iterable[Referral]", around.instance)
            clients = [referral.client_id for referral in page]
            context["team_of"] = on_the_cases(clients, user)
        return side_of(row, user, context["team_of"])

    def get_bucket(self, row: Referral) -> str:
        recipient = self.get_side(row) == RECIPIENT
        return str(bucket(row.status, recipient=recipient))

    def get_off_platform(self, row: Referral) -> str | None:
        return str(row.off_platform_contact) if row.off_platform_contact else None

    def get_clocks(self, row: Referral) -> list[dict[str, Any]]:
        running = getattr(row, "running_clocks", None)
        rows = row.clocks.filter(stopped_at=None) if running is None else running
        return list(ClockSerializer(rows, many=True).data)


class PacketChoiceSerializer(Strict):
    classes = serializers.ListField(
        child=serializers.ChoiceField(choices=DataClass.choices), default=list, max_length=21
    )
    details = serializers.DictField(
        child=serializers.CharField(max_length=2000, allow_blank=True), default=dict
    )


class DraftSerializer(Strict):
    """Facts of a draft; the same names as the operation's."""

    referral_reason = serializers.CharField(max_length=40, required=False)
    summary = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    handoff_mode = serializers.CharField(max_length=20, allow_blank=True, required=False)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    must_happen_before = serializers.DateField(allow_null=True, required=False)
    expected_on = serializers.DateField(allow_null=True, required=False)
    confirmed = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=10
    )
    override_reason = serializers.CharField(max_length=500, allow_blank=True, required=False)
    packet = PacketChoiceSerializer(required=False)


class OutsideSerializer(Strict):
    name = serializers.CharField(max_length=200)
    person = serializers.CharField(max_length=80, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, allow_blank=True, default="")
    email = serializers.EmailField(allow_blank=True, default="")


class NewReferralSerializer(DraftSerializer):
    client = serializers.UUIDField()
    needs = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=20)
    service = serializers.UUIDField(required=False)
    off_platform = OutsideSerializer(required=False)
    parent = serializers.UUIDField(required=False)  # type: ignore[assignment]  # the name of the contract

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one recipient."""
        if ("service" in attrs) == ("off_platform" in attrs):
            raise serializers.ValidationError({"service": ["exactly one recipient"]})
        return attrs


class ReportedSerializer(Strict):
    reported_by = serializers.CharField(max_length=80)
    channel = serializers.CharField(max_length=20)
    reported_at = serializers.DateTimeField(allow_null=True, default=None)


class EventBodySerializer(Strict):
    event = serializers.CharField(max_length=30)
    occurred_at = serializers.DateTimeField(allow_null=True, default=None)
    on_behalf_of = ReportedSerializer(allow_null=True, default=None)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `data` here: as an attribute it would hide the serializer's own."""
        return super().get_fields() | {"data": serializers.DictField(default=dict)}


class EventSerializer(serializers.ModelSerializer[ReferralEvent]):
    texts = serializers.SerializerMethodField()
    reported_by = serializers.CharField(read_only=True)

    class Meta:
        model = ReferralEvent
        fields = (
            *("uid", "seq", "event", "from_status", "to_status", "actor_role", "on_behalf_of"),
            *("channel", "reported_by", "reported_at", "at", "occurred_at", "reason", "texts"),
            "due_frozen",
        )
        read_only_fields = fields
        validators: list[Any] = []

    def get_texts(self, row: ReferralEvent) -> dict[str, Any]:
        return dict(row.texts or {})

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `data` here: as an attribute it would hide the serializer's own."""
        return super().get_fields() | {"data": serializers.JSONField(read_only=True)}


class MovedSerializer(serializers.Serializer[Any]):
    referral = ReferralSerializer()
    event = EventSerializer()


class LinkSerializer(serializers.ModelSerializer[AccessLink]):
    class Meta:
        model = AccessLink
        fields = (
            *("uid", "kind", "expires_at", "revoked_at", "opens", "locked_at", "asked_at"),
            "created_at",
        )
        read_only_fields = fields
        validators: list[Any] = []


@extend_schema_serializer(component_name="NewAccessLink")
class NewLinkSerializer(Strict):
    kind = serializers.ChoiceField(choices=LinkKind.choices)
    address = serializers.RegexField(r"^(mailto|sms):\S{3,200}$")
    code_address = serializers.RegexField(r"^(sms:\S{3,40})?$", allow_blank=True, default="")


class AppointmentSerializer(serializers.ModelSerializer[Appointment]):
    place = serializers.CharField(read_only=True)

    class Meta:
        model = Appointment
        fields = ("uid", "at", "place", "state")
        read_only_fields = fields
        validators: list[Any] = []


class NewAppointmentSerializer(Strict):
    at = serializers.DateTimeField()
    place = serializers.CharField(max_length=200, allow_blank=True, default="")


class AttemptSerializer(serializers.ModelSerializer[ContactAttempt]):
    class Meta:
        model = ContactAttempt
        fields = ("uid", "at", "method", "result")
        read_only_fields = fields
        validators: list[Any] = []


class NewAttemptSerializer(Strict):
    method = serializers.CharField(max_length=20)
    result = serializers.CharField(max_length=20)
    at = serializers.DateTimeField(required=False)


class FindingSerializer(serializers.Serializer[Any]):
    guard = serializers.CharField()
    code = serializers.CharField()
    field = serializers.CharField()
    detail = serializers.CharField()
    blocks = serializers.BooleanField()


class SimulationSerializer(serializers.Serializer[Any]):
    findings = FindingSerializer(many=True)
    needs_approval = serializers.BooleanField()
    preview = serializers.JSONField()


class PacketSerializer(serializers.Serializer[Any]):
    tier = serializers.CharField()
    preview = serializers.JSONField()
    body = serializers.JSONField()
    message = serializers.CharField()


@extend_schema_serializer(component_name="AllowedStep")
class AllowedSerializer(serializers.Serializer[Any]):
    event = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the name of the contract
    to = serializers.CharField()
    on_behalf_of = serializers.CharField()
    fields = serializers.JSONField()  # type: ignore[assignment]  # the name of the contract
    warnings = serializers.JSONField()


class CandidateSerializer(serializers.Serializer[Any]):
    service = serializers.UUIDField()
    name = serializers.CharField()
    organization = serializers.CharField()
    distance_m = serializers.FloatField(allow_null=True)
    availability = serializers.CharField()
    eligibility = serializers.CharField()
    conditions = serializers.JSONField()
    tried = serializers.CharField(allow_null=True)
    record = serializers.JSONField(allow_null=True)


def allowed_json(step: Allowed) -> dict[str, Any]:
    """Return one step as the contract words it."""
    return {
        "event": step.event,
        "label": step.label,
        "to": step.to,
        "on_behalf_of": step.on_behalf_of,
        "fields": [
            {
                "name": field.fact.name,
                "type": field.fact.kind,
                "required": field.fact.required,
                "choices": [{"value": value, "label": label} for value, label in field.choices],
            }
            for field in step.fields
        ],
        "warnings": [finding.to_json() for finding in step.warnings],
    }


def candidate_json(one: Candidate) -> dict[str, Any]:
    """Return one candidate; a record that says nothing yet is left out."""
    record = one.record
    return {
        "service": str(one.service.uid),
        "name": one.service.text("name")[0],
        "organization": one.service.organization.text("name")[0],
        "distance_m": one.hit.place.distance_m if one.hit.place else None,
        "availability": one.hit.availability,
        "eligibility": one.verdict,
        "conditions": [{"code": mark.code, "verdict": mark.verdict} for mark in one.marks],
        "tried": one.tried.status if one.tried else None,
        "record": {
            "sent": record.sent,
            "accepted": record.accepted,
            "median_hours": record.hours,
            "bounds": record.bounds,
        }
        if record and record.is_enough
        else None,
    }
