"""Referrals for programs: the same operations, the same refusals as on the pages."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from accounts.http import SignedInAPIRequest, idempotent
from accounts.models import User
from accounts.permissions import Permission
from core.api import Filters, check_parameters, if_match
from core.crypto import prime
from core.errors import NotPermitted
from core.jobs import now
from directory.catalogue.models import Service
from referrals.casefiles.models import Need
from referrals.handoffs import guards, operations, packet, queries
from referrals.handoffs.api import serializers as json
from referrals.handoffs.api.base import KEY, MATCH, body_of, versioned
from referrals.handoffs.filters import ReferralFilter
from referrals.handoffs.guards import Reported
from referrals.handoffs.http import count_sending
from referrals.handoffs.models import AccessLink, Referral, ReferralEvent
from referrals.handoffs.states import Actor, Entry, Event

BOXES = ("out", "in", "coordination")
BOX = OpenApiParameter("box", str, enum=BOXES, description="Which side of the desk.")


class ReferralViewSet(ReadOnlyModelViewSet[Referral]):
    """Referrals that the caller's organizations sent, received or coordinate."""

    request: SignedInAPIRequest
    serializer_class = json.ReferralSerializer
    opened_by: ClassVar = {"create": {Permission.REFERRAL_PREPARE}}
    filter_backends = [Filters]
    filterset_class = ReferralFilter
    query_parameters = ("box",)
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Referral.objects.none()
        return queries.referrals(self.request.user, box=self.request.query_params.get("box", ""))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a referral as the caller's side sees it."""
        return self._answer(self.get_object())

    def paginate_queryset(self, queryset: Any) -> Any:
        """Take a page, and the keys that open its texts in one statement."""
        page = super().paginate_queryset(queryset)
        prime(referral.data_key_id for referral in page or ())
        return page

    @extend_schema(parameters=[BOX])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page of referrals, the most urgent first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        request=json.NewReferralSerializer,
        responses={201: json.ReferralSerializer},
        parameters=[KEY],
    )
    @idempotent
    def create(self, request: SignedInAPIRequest) -> Response:
        """Make a draft; nobody outside sees it yet."""
        body = body_of(request, json.NewReferralSerializer)
        needs = _needs_of(body, by=request.user)
        parent = body.pop("parent", None)
        target = _target_of(body, by=request.user)
        if parent is not None:
            rows = Referral.objects.visible_to(request.user)
            before = get_object_or_404(rows, uid=parent)
            made = operations.drafts.onward(before, by=request.user, **target, **_facts(body))
        else:
            made = operations.drafts.create(
                needs[0], by=request.user, needs=needs, **target, **_facts(body)
            )
        return self._answer(made, status=201)

    @extend_schema(
        request=json.DraftSerializer, responses=json.ReferralSerializer, parameters=[MATCH]
    )
    def partial_update(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Change a draft."""
        referral, version = self.get_object(), if_match(request)
        body = body_of(request, json.DraftSerializer, partial=True)
        operations.drafts.edit(referral, by=request.user, expected_version=version, **_facts(body))
        return self._answer(referral)

    @extend_schema(responses=json.AllowedSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def allowed(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return every step that the caller may take now."""
        steps = queries.allowed(self.get_object(), by=request.user)
        return Response([json.allowed_json(step) for step in steps])

    @extend_schema(methods=["get"], responses=json.EventSerializer(many=True))
    @extend_schema(
        methods=["post"],
        request=json.EventBodySerializer,
        responses=json.MovedSerializer,
        parameters=[MATCH, KEY],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def events(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return the log, or take the next step."""
        if request.method == "POST":
            return self._take(request)
        referral = self.get_object()
        sending = json.side_of(referral, request.user) == json.SENDER
        log = [
            entry
            for entry in queries.history(referral)
            if not entry.data.get("internal") or sending
        ]
        return Response(json.EventSerializer(log, many=True).data)

    @extend_schema(responses=json.PacketSerializer)
    @action(detail=True, filter_backends=[])
    def packet(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return the highest tier that is open; the reading is entered in the register."""
        referral = self.get_object()
        if Actor.RCV not in guards.hats(referral, by=request.user):
            raise NotPermitted
        read = operations.packets.read(referral, by=request.user, channel="api")
        answer = {
            "tier": read.tier,
            "preview": read.preview.to_json(),
            "body": read.body,
            "message": read.message,
        }
        return Response(json.PacketSerializer(answer).data)

    @extend_schema(request=None, responses=json.SimulationSerializer)
    @action(detail=True, methods=["post"], filter_backends=[])
    def simulate(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Say what each guard would answer, and how the preview would read; nothing changes."""
        referral = self.get_object()
        if json.side_of(referral, request.user) != json.SENDER:
            raise NotPermitted
        findings = guards.examine(referral, by=request.user)
        cell = packet.preview(
            referral.client,
            category=referral.category,
            priority=referral.priority,
            service=referral.service,
        )
        answer = {
            "findings": [
                {**one.to_json(), "blocks": one.blocks} for one in findings if one.guard != "G5"
            ],
            "needs_approval": bool(guards.approval_reasons(referral, at=now())),
            "preview": cell.to_json(),
        }
        return Response(json.SimulationSerializer(answer).data)

    @extend_schema(methods=["get"], responses=json.LinkSerializer(many=True))
    @extend_schema(
        methods=["post"],
        request=json.NewLinkSerializer,
        responses={201: json.LinkSerializer},
        parameters=[KEY],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def links(self, request: SignedInAPIRequest, uid: str) -> Response:
        """List the links of a referral, or send a fresh one; the address itself is never shown."""
        if request.method == "POST":
            return self._issue(request)
        referral = self._own()
        return Response(json.LinkSerializer(referral.links.order_by("-pk"), many=True).data)

    @extend_schema(methods=["get"], responses=json.AppointmentSerializer(many=True))
    @extend_schema(
        methods=["post"],
        request=json.NewAppointmentSerializer,
        responses={201: json.AppointmentSerializer(many=True)},
        parameters=[KEY],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def appointments(self, request: SignedInAPIRequest, uid: str) -> Response:
        """List or set appointments of client and provider."""
        if request.method == "POST":
            return self._record(request, Entry.APPOINTMENT_SET, json.NewAppointmentSerializer)
        rows = self._side_of_packet().appointments.all()
        return Response(json.AppointmentSerializer(rows, many=True).data)

    @extend_schema(methods=["get"], responses=json.AttemptSerializer(many=True))
    @extend_schema(
        methods=["post"],
        request=json.NewAttemptSerializer,
        responses={201: json.AttemptSerializer(many=True)},
        parameters=[KEY],
    )
    @action(
        detail=True,
        methods=["get", "post"],
        url_path="contact-attempts",
        pagination_class=None,
        filter_backends=[],
    )
    def contact_attempts(self, request: SignedInAPIRequest, uid: str) -> Response:
        """List or record tries to reach the client."""
        if request.method == "POST":
            return self._record(request, Entry.CONTACT_ATTEMPT, json.NewAttemptSerializer)
        rows = self._side_of_packet().contact_attempts.all()
        return Response(json.AttemptSerializer(rows, many=True).data)

    # ---- Acting -----------------------------------------------------------------------------
    def _take(self, request: SignedInAPIRequest) -> Response:
        referral = self.get_object()
        event = str(request.data.get("event", "")) if isinstance(request.data, dict) else ""
        count_sending(referral.sender_org, event)
        return self._taken(request)

    @idempotent
    def _taken(self, request: SignedInAPIRequest) -> Response:
        referral, version = self.get_object(), if_match(request)
        body = body_of(request, json.EventBodySerializer)
        reported = body.pop("on_behalf_of")
        common = {
            "by": request.user,
            "idempotency_key": request.headers.get("Idempotency-Key", ""),
            "on_behalf_of": Reported(**reported) if reported else None,
            **body,
        }
        if body["event"] in Event.values:
            entry = operations.apply(referral, expected_version=version, **common)
        else:
            entry = operations.log.record(referral, **common)
        return self._moved(referral, entry)

    @idempotent
    def _issue(self, request: SignedInAPIRequest) -> Response:
        referral = self._own()
        body = body_of(request, json.NewLinkSerializer)
        operations.links.issue(referral, by=request.user, **body)
        made = referral.links.order_by("-pk").first()
        return Response(json.LinkSerializer(made).data, status=201)

    @idempotent
    def _record(self, request: SignedInAPIRequest, event: str, serializer: Any) -> Response:
        referral = self.get_object()
        operations.log.record(
            referral,
            event=event,
            by=request.user,
            data=body_of(request, serializer),
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )
        if event == Entry.APPOINTMENT_SET:
            rows = json.AppointmentSerializer(referral.appointments.all(), many=True)
            return Response(rows.data, status=201)
        attempts = json.AttemptSerializer(referral.contact_attempts.all(), many=True)
        return Response(attempts.data, status=201)

    # ---- Parts ------------------------------------------------------------------------------
    def _answer(self, referral: Referral, status: int = 200) -> Response:
        return versioned(Response(self.get_serializer(referral).data, status=status), referral)

    def _moved(self, referral: Referral, entry: ReferralEvent) -> Response:
        answer = {
            "referral": self.get_serializer(referral).data,
            "event": json.EventSerializer(entry).data,
        }
        return versioned(Response(answer), referral)

    def _own(self) -> Referral:
        """Return the referral for its sender's team or a coordinator."""
        referral = self.get_object()
        if not guards.hats(referral, by=self.request.user) & {Actor.SND, Actor.SUP, Actor.CRD}:
            raise NotPermitted
        return referral

    def _side_of_packet(self) -> Referral:
        """Return the referral for the two sides; a coordinator sees states, no meetings."""
        referral = self.get_object()
        if json.side_of(referral, self.request.user) == json.COORDINATOR:
            raise NotPermitted
        return referral


class LinkViewSet(GenericViewSet[AccessLink]):
    """Links that the caller's teams gave out."""

    request: SignedInAPIRequest
    serializer_class = json.LinkSerializer
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return AccessLink.objects.none()
        return AccessLink.objects.visible_to(self.request.user).select_related("referral__client")

    @extend_schema(request=None, responses=json.LinkSerializer, parameters=[KEY])
    @action(detail=True, methods=["post"])
    @idempotent
    def revoke(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Close a link at once."""
        link = self.get_object()
        operations.links.revoke(link, by=request.user)
        link.refresh_from_db()
        return Response(self.get_serializer(link).data)


class CandidateViewSet(GenericViewSet[Need]):
    """Services for a need, with conditions, record and what was tried."""

    request: SignedInAPIRequest
    serializer_class = json.CandidateSerializer
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Need.objects.none()
        rows = Need.objects.visible_to(self.request.user)
        return rows.select_related("client__area", "client__organization", "category", "area")

    @extend_schema(
        parameters=[OpenApiParameter("within", str, enum=["home", "anywhere"])],
        responses=json.CandidateSerializer(many=True),
    )
    @action(detail=True, pagination_class=None)
    def candidates(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return candidates, the best first."""
        need = self.get_object()
        check_parameters(request.query_params, known={"within", "lang"})
        within = request.query_params.get("within", "home")
        found = queries.candidates(need, by=request.user, within=within)
        return Response([json.candidate_json(one) for one in found.rows])


def _facts(body: dict[str, Any]) -> dict[str, Any]:
    """Return the operation's keywords of a body."""
    facts = dict(body)
    chosen = facts.pop("packet", None)
    return facts | (dict(chosen) if chosen else {})


def _needs_of(body: dict[str, Any], *, by: User) -> list[Need]:
    """Take the needs out of a body; each must be one of this client's and in the caller's view."""
    rows = Need.objects.visible_to(by).filter(client__uid=body.pop("client"))
    rows = rows.select_related("client__organization", "category", "scheme")
    return [get_object_or_404(rows, uid=uid) for uid in body.pop("needs")]


def _target_of(body: dict[str, Any], *, by: User) -> dict[str, Any]:
    """Take the recipient out of a body: a listed service, or a contact outside the platform."""
    outside, uid = body.pop("off_platform", None), body.pop("service", None)
    if outside is not None:
        return {"off_platform": operations.drafts.note_contact(by=by, **outside)}
    services = Service.objects.visible_to(by).select_related("organization")
    return {"service": get_object_or_404(services, uid=uid)}
