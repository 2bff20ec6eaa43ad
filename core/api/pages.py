"""Numbered pages."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import InvalidParameter


class Pages(PageNumberPagination):
    """Numbered pages of 25, at most 100; a page that does not exist is a 404."""

    page_size = 25
    page_size_query_param = "per_page"
    max_page_size = 100

    def get_page_size(self, request: Request) -> int:
        """Return the size asked for; other than the usual leniency, a wrong one is refused."""
        given = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not (given.isascii() and given.isdigit() and 0 < int(given[:9]) <= self.max_page_size):
            raise InvalidParameter(
                _("per_page must be a number from 1 to 100."), parameter=self.page_size_query_param
            )
        return int(given)

    def get_paginated_response(self, data: Any) -> Response:
        """Say where in the list this page stands."""
        assert self.page is not None  # noqa: S101  # set by paginate_queryset
        return Response(
            {
                "total": self.page.paginator.count,
                "page": self.page.number,
                "per_page": self.page.paginator.per_page,
                "pages": self.page.paginator.num_pages,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the same for the API's documentation."""
        number = {"type": "integer"}
        return {
            "type": "object",
            "required": ["total", "page", "per_page", "pages", "results"],
            "properties": {
                "total": number,
                "page": number,
                "per_page": number,
                "pages": number,
                "results": schema,
            },
        }
