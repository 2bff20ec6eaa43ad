"""Consents for programs."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.http import SignedInAPIRequest, idempotent
from accounts.models import User
from referrals.casefiles import operations, queries
from referrals.casefiles.api.base import Rows, Strict
from referrals.casefiles.errors import InvalidFacts
from referrals.casefiles.models import Client, Consent, ConsentScope
from referrals.casefiles.operations.consent import Said, Wish
from referrals.casefiles.states import (
    ANY,
    ConsentMethod,
    DataClass,
    GrantorKind,
    Purpose,
    RecipientKind,
    ScopeDecision,
)


class ScopeSerializer(serializers.ModelSerializer[ConsentScope]):
    class Meta:
        model = ConsentScope
        fields = (
            *("purpose", "recipient_kind", "recipient_uid", "data_class", "decision"),
            "separate_consent",
        )
        read_only_fields = fields
        validators: list[Any] = []


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    scopes = ScopeSerializer(many=True, read_only=True)
    text_version = serializers.IntegerField(source="text.number", read_only=True)

    class Meta:
        model = Consent
        fields = (
            *("uid", "status", "grantor_kind", "basis", "method", "text_version", "given_at"),
            *("expires_at", "withdrawn_at", "withdrawn_via", "scopes"),
        )
        read_only_fields = fields
        validators: list[Any] = []


class WishSerializer(Strict):
    recipient_kind = serializers.ChoiceField(choices=RecipientKind.choices)
    recipient_uid = serializers.CharField(max_length=60, allow_blank=True, default="")
    data_class = serializers.ChoiceField(choices=[*DataClass.values, ANY])
    decision = serializers.ChoiceField(choices=ScopeDecision.choices, default=ScopeDecision.PERMIT)
    separate_consent = serializers.BooleanField(default=False)


class NewConsentSerializer(Strict):
    answer = serializers.ChoiceField(choices=["give", "refuse"], default="give")
    purpose = serializers.ChoiceField(choices=Purpose.choices, default=Purpose.REFERRAL)
    language = serializers.ChoiceField(choices=queries.notices.LANGUAGES, default="zh-Hans")
    grantor_kind = serializers.ChoiceField(choices=GrantorKind.choices, default=GrantorKind.CLIENT)
    grantor = serializers.CharField(max_length=100, allow_blank=True, default="")
    method = serializers.ChoiceField(choices=ConsentMethod.choices)
    witnesses = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=4, default=list
    )
    evidence_ref = serializers.CharField(max_length=200, allow_blank=True, default="")
    assent_of_minor = serializers.BooleanField(allow_null=True, default=None)
    guardian_told = serializers.BooleanField(allow_null=True, default=None)
    guardian_not_told_reason = serializers.CharField(max_length=300, allow_blank=True, default="")
    expires_at = serializers.DateTimeField(allow_null=True, default=None)
    scopes = WishSerializer(many=True, default=list)


class WithdrawSerializer(Strict):
    via = serializers.CharField(max_length=20)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class WithdrawalSerializer(serializers.Serializer[Any]):
    closed_referrals = serializers.ListField(child=serializers.UUIDField())
    revoked_grants = serializers.IntegerField()


def record(client: Client, *, by: User, **facts: Any) -> Consent:
    """Record or refuse as the body says, with the notice of its purpose and language."""
    text = queries.notices.text_for(facts.pop("purpose"), facts.pop("language"))
    if text is None:
        raise InvalidFacts.of("purpose", _("There is no notice for this purpose."))
    answer, wishes = facts.pop("answer"), [Wish(**row) for row in facts.pop("scopes")]
    expires_at = facts.pop("expires_at")
    said = Said(**facts, categories=_categories(wishes))
    if answer == "refuse":
        return operations.consent.refuse(client, by=by, text=text, said=said)
    return operations.consent.record(
        client, by=by, text=text, said=said, wishes=wishes, expires_at=expires_at
    )


def _categories(wishes: list[Wish]) -> tuple[str, ...]:
    found: set[str] = set()
    for wish in wishes:
        recipient = queries.notices.recipient_from(wish.recipient_kind, wish.recipient_uid)
        if recipient is None:
            raise InvalidFacts.of("scopes", _("There is no such recipient."))
        found |= set(queries.notices.categories_of(recipient))
    return tuple(sorted(found))


class ConsentViewSet(Rows[Consent]):
    """Consents of files that the caller may see."""

    serializer_class = ConsentSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Consent.objects.none()
        rows = Consent.objects.visible_to(self.request.user)
        return rows.select_related("client__organization", "text").prefetch_related("scopes")

    def retrieve(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return a consent."""
        return self.answer(self.get_object())

    @extend_schema(request=WithdrawSerializer, responses=WithdrawalSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Stop everything that rests on this consent."""
        consent = self.get_object()
        facts = self.body(WithdrawSerializer)
        stopped = operations.consent.withdraw(consent, by=request.user, **facts)
        return Response(WithdrawalSerializer(stopped).data)
