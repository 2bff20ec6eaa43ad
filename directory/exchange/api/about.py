"""What the HSDS API says about itself: base document, OpenAPI, profile."""

from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import NotFound
from directory.exchange.api import parameters, schema
from directory.exchange.api.views import HsdsView

VERSION: Final = "3.2"


def _address(name: str, *args: str) -> str:
    return f"{settings.SITE_URL}{reverse(f'exchange:{name}', args=args)}"


@extend_schema(exclude=True)
class Base(HsdsView):
    """Which version is spoken here, and where the rest is described."""

    def get(self, request: Request) -> Response:
        """Answer with the addresses of everything else."""
        parameters.read(request, ("lang",), ())
        return Response(
            {
                "version": VERSION,
                "profile": _address("profile"),
                "openapi_url": _address("openapi"),
                "description": _("Public listings of services, organizations and their places."),
                "data_guide": _(
                    "Lists are ordered by last change. Pages hold at most 100 records, 10,000"
                    " with minimal=true. Ask again with modified_after five minutes before your"
                    " last request. format=ndjson gives everything as one object per line."
                ),
                "publisher": {"name": _("Linkwell"), "url": settings.SITE_URL},
            }
        )


@extend_schema(exclude=True)
class OpenAPI(HsdsView):
    """The endpoints, for programs that write programs."""

    def get(self, request: Request) -> Response:
        """Answer with the document."""
        parameters.read(request, ("lang",), ())
        return Response(schema.openapi(_address("base").rstrip("/")))


@extend_schema(exclude=True)
class Profile(HsdsView):
    """What is said here beyond the standard: one merge patch per schema."""

    def get(self, request: Request) -> Response:
        """Answer with the list of patches."""
        parameters.read(request, ("lang",), ())
        return Response(
            {
                "version": VERSION,
                "schemas": {
                    table: _address("profile_schema", table) for table in schema.EXTENSIONS
                },
            }
        )


@extend_schema(exclude=True)
class ProfileSchema(HsdsView):
    """One merge patch."""

    def get(self, request: Request, table: str) -> Response:
        """Answer with the patch of a table that has one."""
        parameters.read(request, ("lang",), ())
        if table not in schema.EXTENSIONS:
            raise NotFound
        return Response(schema.profile_schema(table), content_type="application/merge-patch+json")
