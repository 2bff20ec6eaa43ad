"""What the endpoints of referrals share: strict bodies, rows by uid, versions as ETags."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import etag
from referrals.handoffs.models import Referral

MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class Strict(serializers.Serializer[Any]):
    """A body that refuses keys it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        """Name every unknown key before the known ones are read."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError(
                {str(key)[:60]: [_("There is no such field.")] for key in unknown}
            )
        return super().to_internal_value(data)


def body_of(request: Request, serializer: type[Strict], **kwargs: Any) -> dict[str, Any]:
    """Return the checked body."""
    form = serializer(data=request.data, **kwargs)
    form.is_valid(raise_exception=True)
    checked: dict[str, Any] = form.validated_data
    return checked


def versioned(response: Response, referral: Referral) -> Response:
    """Name the version that the next change must be based on."""
    response.headers["ETag"] = etag(referral.version)
    return response
