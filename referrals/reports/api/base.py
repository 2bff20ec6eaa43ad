"""What the endpoints of reports share: strict bodies, rows named by uid, versions as ETags."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import mixins, serializers
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.http import SignedInAPIRequest
from accounts.models import User
from core.api import etag
from directory.catalogue.models import Organization, Service
from referrals.casefiles.models import Client, Need
from referrals.handoffs.models import Referral

Row = TypeVar("Row", bound=Any)
MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)
SEEN: dict[str, Callable[[User], QuerySet[Any]]] = {
    "need": lambda user: Need.objects.visible_to(user).select_related(
        "client__organization", "category", "scheme"
    ),
    "client": lambda user: Client.objects.visible_to(user).select_related("organization"),
    "referral": lambda user: Referral.objects.visible_to(user).select_related("client"),
    "service": lambda user: Service.objects.visible_to(user).select_related("organization"),
    "organization": Organization.objects.visible_to,
}


class Strict(serializers.Serializer[Any]):
    """A body that refuses keys it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        """Name every unknown key before the known ones are read."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError(
                {str(key)[:60]: [_("There is no such field.")] for key in unknown}
            )
        return super().to_internal_value(data)


class RowField(serializers.UUIDField):
    """A row by its uid, as far as the caller may see it; another one does not exist here."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Return the row."""
        uid = super().to_internal_value(data)
        found = SEEN[self.kind](self.context["request"].user).filter(uid=uid).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such row that you may see."))
        return found


class Rows(mixins.ListModelMixin, GenericViewSet[Row], Generic[Row]):
    """Rows by uid, each with its version as ETag where it has one."""

    request: SignedInAPIRequest
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def retrieve(self, request: SignedInAPIRequest, uid: str) -> Response:
        """Return one row."""
        return self.answer(self.get_object())

    def answer(self, row: Row, status: int = 200) -> Response:
        """Return the representation and, where the row has one, its version."""
        response = Response(self.get_serializer(row).data, status=status)
        if hasattr(row, "version"):
            response.headers["ETag"] = etag(row.version)
        return response

    def body(self, serializer: type[Strict]) -> dict[str, Any]:
        """Return the checked body."""
        form = serializer(data=self.request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        checked: dict[str, Any] = form.validated_data
        return checked


def uid_of(name: str) -> serializers.UUIDField:
    """Name a row by its uid, where there is one."""
    return serializers.UUIDField(source=f"{name}.uid", read_only=True, default=None)


def code_of(name: str) -> serializers.CharField:
    """Name a row by its code, where there is one."""
    return serializers.CharField(source=f"{name}.code", read_only=True, default=None)
