"""Services and organizations as HSDS 3.2 describes them: lists, items, streams."""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.http import ReadThrottle
from core.errors import NotFound
from directory.catalogue import queries as catalogue
from directory.catalogue.models import ChangeHead, Organization, Service
from directory.exchange.api import parameters, selecting, streams
from directory.exchange.api.parameters import Parameters
from directory.exchange.exports import values
from directory.exchange.exports.hsds import Writer
from directory.exchange.exports.shelf import ANYBODY, Shelf

CHUNK: Final = 500


class HsdsThrottle(ReadThrottle):
    """Slows down reading in bulk; a POST reads here, so that words stay out of addresses."""

    scope = "hsds"
    methods = ("GET", "HEAD", "OPTIONS", "POST")


class HsdsView(APIView):
    """Open to everybody and to every origin; nothing here depends on who asks."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [HsdsThrottle]

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Let pages of other origins read the answer."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Allow-Headers"] = "Accept-Language, Content-Type"
        answer.headers["Access-Control-Expose-Headers"] = "ETag, X-Total-Count, Retry-After"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        answer.headers["Cache-Control"] = "public, no-cache"
        return answer


def language() -> str:
    """Return the language to write in, as HSDS names it."""
    tag = get_language() or "zh-hans"
    return "zh-Hans" if tag.startswith("zh") else tag.split("-", 1)[0]


@extend_schema(exclude=True)
class HsdsList(HsdsView):
    """A list: pages of JSON, or everything as one object per line."""

    known: ClassVar[Sequence[str]] = ()

    def get(self, request: Request) -> HttpResponse | Response:
        """Answer with a page."""
        return self._answer(request)

    def post(self, request: Request) -> HttpResponse | Response:
        """Answer with the same page; parameters in a body are never logged."""
        return self._answer(request)

    def _answer(self, request: Request) -> HttpResponse | Response:
        asked = parameters.read(request, self.known, selecting.SEVERAL)
        is_stream, page, per_page = asked.format() == "ndjson", asked.page(), asked.per_page()
        tag = _list_tag(request, asked)
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers={"ETag": tag})
        rows = self.select(asked)
        total = rows.count()
        if is_stream:
            return self._stream(rows, total, asked)
        start = (page - 1) * per_page
        contents = self.write(list(rows[start : start + per_page]), asked)
        return Response(_envelope(contents, total, page, per_page), headers={"ETag": tag})

    def _stream(self, rows: QuerySet[Any], total: int, asked: Parameters) -> HttpResponse:
        streams.count(self.request)
        response = StreamingHttpResponse(
            self._lines(rows, asked), content_type="application/x-ndjson; charset=utf-8"
        )
        response.headers["X-Total-Count"] = str(total)
        return response  # type: ignore[return-value]  # a response all the same

    def _lines(self, rows: QuerySet[Any], asked: Parameters) -> Iterator[str]:
        """Yield one object per line, reading a chunk at a time by key: memory stays constant."""
        ids = list(rows.values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            chunk = {row.pk: row for row in rows.filter(pk__in=ids[start : start + CHUNK])}
            kept = [chunk[pk] for pk in ids[start : start + CHUNK] if pk in chunk]
            for item in self.write(kept, asked):
                yield json.dumps(item, ensure_ascii=False) + "\n"

    def select(self, asked: Parameters) -> QuerySet[Any]:
        """Return the rows meant."""
        raise NotImplementedError

    def write(self, rows: list[Any], asked: Parameters) -> list[dict[str, Any]]:
        """Write them."""
        raise NotImplementedError


class ServiceList(HsdsList):
    """All public services."""

    known = selecting.SERVICES

    def select(self, asked: Parameters) -> QuerySet[Service]:
        """Return the services meant."""
        return selecting.services(asked)

    def write(self, rows: list[Service], asked: Parameters) -> list[dict[str, Any]]:
        """Write ids alone, own fields, or everything."""
        if asked.flag("minimal"):
            return [_minimal(row) for row in rows]
        full = asked.flag("full")
        return Writer(Shelf(services=rows, with_children=full), language()).services(
            rows, full=full
        )


class OrganizationList(HsdsList):
    """All public organizations."""

    known = selecting.ORGANIZATIONS

    def select(self, asked: Parameters) -> QuerySet[Organization]:
        """Return the organizations meant."""
        return selecting.organizations(asked)

    def write(self, rows: list[Organization], asked: Parameters) -> list[dict[str, Any]]:
        """Write own fields, or everything; services by name or whole."""
        return _organizations(
            rows, full=asked.flag("full"), with_services=asked.flag("full_service")
        )


@extend_schema(exclude=True)
class HsdsItem(HsdsView):
    """One record; a merged one leads to its survivor, what is not public does not exist."""

    table: ClassVar[str] = ""
    url_name: ClassVar[str] = ""
    known: ClassVar[Sequence[str]] = ("lang",)

    def get(self, request: Request, uid: str) -> HttpResponse | Response:
        """Answer with the record."""
        asked = parameters.read(request, self.known, ())
        wanted = parameters.uuid("id", uid)
        row = self.rows().filter(uid=wanted).first()
        if row is None:
            survivor = catalogue.redirected(self.table, wanted)
            if survivor is None:
                raise NotFound
            address = reverse(self.url_name, args=[str(survivor)])
            return Response(status=301, headers={"Location": address})
        tag = f'"{row.version}-{language()}"'
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers={"ETag": tag})
        return Response(self.write(row, asked), headers={"ETag": tag})

    def rows(self) -> QuerySet[Any]:
        """Return what may be asked for."""
        raise NotImplementedError

    def write(self, row: Any, asked: Parameters) -> dict[str, Any]:
        """Write it."""
        raise NotImplementedError


class ServiceItem(HsdsItem):
    """One service with everything that hangs on it."""

    table = "service"
    url_name = "exchange:service"

    def rows(self) -> QuerySet[Service]:
        """Return public services."""
        rows: QuerySet[Service] = Service.objects.visible_to(ANYBODY)
        return rows.select_related("organization__parent", "program")

    def write(self, row: Service, asked: Parameters) -> dict[str, Any]:
        """Write the whole of it."""
        shelf = Shelf(services=[row], organizations=[row.organization])
        return Writer(shelf, language()).services([row], full=True)[0]


class OrganizationItem(HsdsItem):
    """One organization with its locations and services."""

    table = "organization"
    url_name = "exchange:organization"
    known = ("lang", "full_service")

    def rows(self) -> QuerySet[Organization]:
        """Return public organizations."""
        rows: QuerySet[Organization] = Organization.objects.visible_to(ANYBODY)
        return rows.select_related("parent")

    def write(self, row: Organization, asked: Parameters) -> dict[str, Any]:
        """Write the whole of it; services by name, or whole where asked for."""
        return _organizations([row], full=True, with_services=asked.flag("full_service"))[0]


def _organizations(
    rows: list[Organization], *, full: bool, with_services: bool
) -> list[dict[str, Any]]:
    services: list[Service] = []
    if full or with_services:
        held = Service.objects.visible_to(ANYBODY).filter(organization__in=rows)
        services = list(held.select_related("organization__parent", "program").order_by("pk"))
    shelf = Shelf(services=services, organizations=rows, with_children=full or with_services)
    how = "full" if with_services else "names" if full else ""
    return Writer(shelf, language()).organizations(rows, full=full, services=how)


def _minimal(row: Service) -> dict[str, Any]:
    return {"id": str(row.uid), "last_modified": values.instant(row.last_modified)}


def _envelope(
    contents: list[dict[str, Any]], total: int, page: int, per_page: int
) -> dict[str, Any]:
    """Say where in the list this page stands; beyond the end it is empty, and the total true."""
    pages = math.ceil(total / per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _list_tag(request: Request, asked: Parameters) -> str:
    """Name a list by the last numbered change and by what was asked."""
    head = ChangeHead.objects.first()
    content = json.dumps([request.path, dict(asked.given), language()], sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    return f'W/"{head.last_seq if head else 0}-{digest}"'
