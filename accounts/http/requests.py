"""Requests of somebody who is signed in."""

from typing import Any, ClassVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import View
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import Token, User
from accounts.permissions import Permission
from core.errors import NotPermitted


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


class RequiresPermission(View):
    """A page for those who hold a permission somewhere; a view class names it."""

    permission: ClassVar[Permission]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse before anything is looked up."""
        cast(SignedInRequest, request).user.must(self.permission)
        return super().dispatch(request, *args, **kwargs)


class HoldsPermission(BasePermission):
    """An endpoint for those who hold one of some permissions; `opened_by` names them per action."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Refuse before the body is read, so that nobody learns from its mistakes."""
        needed = getattr(view, "opened_by", {}).get(getattr(view, "action", None))
        if needed and not any(map(cast(User, request.user).may, needed)):
            raise NotPermitted
        return True
