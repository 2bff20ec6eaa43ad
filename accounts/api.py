"""Keys of programs and sessions, for their owner."""

from base64 import b64decode
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts import operations, queries
from accounts.forms import CodeForm
from accounts.http import SignedInAPIRequest, idempotent
from accounts.models import Token, User
from core.errors import NotPermitted


class FullSignIn(BaseAuthentication):
    """Signs in for one request: e-mail and password as Basic, the one-time code beside it.

    As strong as the sign-in page: same limits, same log, same second factor.
    """

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Return who sent address, password and code."""
        email, password = self._credentials(request)
        if not email:
            return None
        user = get_adapter().authenticate(request._request, email=email, password=password)  # noqa: SLF001  # allauth knows Django's requests only
        if user is None:
            raise AuthenticationFailed(_("The e-mail address or the password is not right."))
        if queries.has_second_factor(user):
            code = CodeForm({"code": request.headers.get("X-One-Time-Code", "")}, user=user)
            if not code.is_valid():
                raise AuthenticationFailed(_("Send a fresh one-time code as X-One-Time-Code."))
        elif user.needs_second_factor:
            raise NotPermitted(_("Set up your second factor first."))
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that the refusal is 401."""
        return "Basic"

    def _credentials(self, request: Request) -> tuple[str, str]:
        scheme, _blank, encoded = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return "", ""
        try:
            email, _colon, password = b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            raise AuthenticationFailed(_("The header Authorization cannot be read.")) from None
        return email, password


class FullSignInScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its hook
    """Describes the full sign-in in the API's schema."""

    target_class = FullSignIn
    name = "fullSignIn"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the scheme as OpenAPI calls it."""
        return {
            "type": "http",
            "scheme": "basic",
            "description": "E-mail address and password, with X-One-Time-Code beside them.",
        }


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its hook
    """Describes the token in the API's schema."""

    target_class = "accounts.http.requests.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the scheme as OpenAPI calls it."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token, a blank, and the token.",
        }


class TokenSerializer(serializers.ModelSerializer[Token]):
    organization: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(
        slug_field="uid", read_only=True
    )

    class Meta:
        model = Token
        fields: tuple[str, ...] = ("uid", "name", "organization", "created", "expiry")
        read_only_fields = fields


class NewTokenSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    organization = serializers.UUIDField(allow_null=True, default=None)
    days = serializers.IntegerField(min_value=1, max_value=90, default=90)


class MadeTokenSerializer(TokenSerializer):
    token = serializers.CharField(read_only=True, help_text="Shown this once only.")

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "token")
        read_only_fields = fields


class TokenViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, GenericViewSet[Token]):
    """Tokens of the caller. Each counts in one organization, or in the network."""

    request: SignedInAPIRequest
    serializer_class = TokenSerializer
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Ask for a full sign-in to make a token; a token or a cookie is not enough."""
        if getattr(self.request, "method", "") == "POST":
            return [FullSignIn()]
        return super().get_authenticators()

    def get_queryset(self) -> Any:
        own = Token.objects.filter(user=self.request.user)
        return own.select_related("organization").order_by("-created", "uid")

    @extend_schema(request=NewTokenSerializer, responses={201: MadeTokenSerializer})
    @idempotent
    def create(self, request: SignedInAPIRequest) -> Response:
        """Make a token; its text is in this answer and nowhere else."""
        body = NewTokenSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        token, text = operations.token.issue(
            by=request.user,
            name=wanted["name"],
            organization=_own_organization(request.user, wanted["organization"]),
            days=wanted["days"],
        )
        token.token = text
        return Response(MadeTokenSerializer(token).data, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: Token) -> None:
        operations.token.revoke(instance, by=self.request.user)


class SessionSerializer(serializers.ModelSerializer[UserSession]):
    class Meta:
        model = UserSession
        fields = ("id", "created_at", "ip", "user_agent")
        read_only_fields = fields


class SessionViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, GenericViewSet[UserSession]):
    """Browsers in which the caller is signed in."""

    request: SignedInAPIRequest
    serializer_class = SessionSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> Any:
        return UserSession.objects.filter(user=self.request.user).order_by("-created_at")

    def perform_destroy(self, instance: UserSession) -> None:
        operations.session.end(instance, by=self.request.user)


def _own_organization(user: User, uid: Any) -> Any:
    """Return an organization in which the user holds a role; another one does not exist here."""
    if uid is None:
        return None
    held = user.memberships.current().filter(organization__uid=uid).select_related("organization")
    membership = held.first()
    if membership is None:
        raise Http404
    return membership.organization
