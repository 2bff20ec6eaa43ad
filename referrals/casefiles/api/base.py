"""What the endpoints of files share: strict bodies, rows by code and uid, versions as ETags."""

from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.http import SignedInAPIRequest
from core.api import etag
from directory.catalogue.models import TaxonomyTerm
from directory.geography.models import Area
from referrals.casefiles.queries.words import NEEDS

Row = TypeVar("Row", bound=Any)


class Strict(serializers.Serializer[Any]):
    """A body that refuses keys it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        """Name every unknown key before the known ones are read."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError(
                {str(key)[:60]: [_("There is no such field.")] for key in unknown}
            )
        return super().to_internal_value(data)


class Rows(GenericViewSet[Row], Generic[Row]):
    """Rows by uid, each with its version as ETag."""

    request: SignedInAPIRequest
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def answer(self, row: Row, status: int = 200) -> Response:
        """Return the representation and, where the row has one, its version."""
        response = Response(self.get_serializer(row).data, status=status)
        if hasattr(row, "version"):
            response.headers["ETag"] = etag(row.version)
        return response

    def pages(self, rows: Any, serializer: type[serializers.BaseSerializer[Any]]) -> Response:
        """Return a numbered page."""
        page = self.paginate_queryset(rows)
        body = serializer(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(body.data)

    def body(self, serializer: type[Strict], **kwargs: Any) -> dict[str, Any]:
        """Return the checked body."""
        form = serializer(data=self.request.data, context=self.get_serializer_context(), **kwargs)
        form.is_valid(raise_exception=True)
        checked: dict[str, Any] = form.validated_data
        return checked


class AreaField(serializers.SlugRelatedField[Area]):
    """An area by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Area.objects.shown(), **kwargs)


class KindOfNeed(serializers.SlugRelatedField[TaxonomyTerm]):
    """A kind of need by its code."""

    def __init__(self, **kwargs: Any) -> None:
        leaves = TaxonomyTerm.objects.filter(taxonomy__code=NEEDS)
        super().__init__(slug_field="code", queryset=leaves, **kwargs)
