"""Searching for programs: the same names and the same answers as the page."""

from typing import Any

from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import NotFound
from directory.geography.coordinates import from_wgs84
from search import forms, queries
from search.errors import SearchUnavailable
from search.requests import Bucket, Hit, Hotline, SearchPage
from search.states import Kind

TERM = ("code", "name")


# ---- JSON -----------------------------------------------------------------------------------
def hit_json(hit: Hit, datum: str) -> dict[str, Any]:
    """Return one hit; absent values are null or empty, never missing."""
    service = hit.service
    name, tag = service.text("name")
    return {
        "service": {
            "uid": str(service.uid),
            "name": name,
            "language": tag,
            "summary": _line(service.text("description")[0]),
            "organization": {
                "uid": str(service.organization.uid),
                "name": service.organization.text("name")[0],
            },
            "phone": hit.phone.number if hit.phone else None,
            "fee": hit.fees[0] if hit.fees else None,
            "status": str(service.listing_status),
            "categories": [dict(zip(TERM, each, strict=True)) for each in hit.categories],
        },
        "places_total": hit.places_total,
        "remote": hit.remote,
        "covers_you": hit.covers_you,
        "open_elsewhere": hit.open_elsewhere,
        "place": _place_json(hit, datum),
        "open": {
            "state": hit.opening.kind,
            "until": hit.opening.until,
            "next_opening": hit.opening.next_opening,
        },
        "availability": {
            "state": hit.availability,
            "updated_on": hit.capacity.updated.date() if hit.capacity else None,
        },
        "verified": {
            "on": service.verified_on,
            "age_days": next((int(w.label) for w in hit.why if w.kind == "fresh"), None),
            "state": str(service.listing_status),
        },
        "score": round(hit.score, 4),
        "marks": {field: [list(r) for r in ranges] for field, ranges in hit.marks.items()},
        "why": [{"kind": reason.kind, "label": reason.label} for reason in hit.why],
        "points": dict(hit.points) if hit.points else None,
    }


def _line(text: str) -> str:
    return text.strip().split("\n", 1)[0][:160]


def _place_json(hit: Hit, datum: str) -> dict[str, Any] | None:
    place = hit.place
    if place is None:
        return None
    area = {"code": place.area_code, "name": place.area_name} if place.area_code else None
    shown: dict[str, Any] = {"uid": place.uid, "area": area, "precision": place.precision}
    shown |= {"distance_m": None, "lat": None, "lon": None}
    if place.distance_m is not None:
        shown["distance_m"] = round(place.distance_m)
    if place.lat is not None and place.lon is not None:
        point = from_wgs84(lat=place.lat, lon=place.lon, datum=datum)
        shown |= {"lat": round(point.lat, 6), "lon": round(point.lon, 6)}
    return shown


def _bucket(bucket: Bucket) -> dict[str, Any]:
    return {
        "value": bucket.value,
        "label": bucket.label,
        "count": bucket.count,
        "selected": bucket.selected,
    }


def _line_json(line: Hotline) -> dict[str, str]:
    return {"number": line.number, "name": line.name, "hours_note": line.hours_note}


def page_json(page: SearchPage, datum: str) -> dict[str, Any]:
    """Return a whole answer."""
    said, safety, zero = page.interpreted, page.safety, page.zero
    return {
        "total": page.total,
        "page": page.request.page,
        "per_page": page.request.per_page,
        "pages": page.pages,
        "hits": [hit_json(hit, datum) for hit in page.hits],
        "related": [hit_json(hit, datum) for hit in page.related],
        "facets": {name: [_bucket(b) for b in values] for name, values in page.facets.items()},
        "safety": safety
        and {
            "topics": list(safety.topics),
            "hotlines": [_line_json(line) for line in safety.hotlines],
            "services": [hit_json(hit, datum) for hit in safety.services],
        },
        "zero": zero
        and {
            "without": [
                {"param": each.param, "value": each.value, "total": each.total}
                for each in zero.without
            ],
            "areas": [
                {"code": area.value, "name": area.label, "total": area.count} for area in zero.areas
            ],
            "hotlines": [_line_json(line) for line in zero.hotlines],
            "categories": [dict(zip(TERM, each, strict=True)) for each in zero.categories],
        },
        "interpreted": {
            "area": [dict(zip(TERM, each, strict=True)) for each in said.area] or None,
            "place": said.place,
            "corrections": [{"from": wrong, "to": right} for wrong, right in said.corrections],
            "concepts": [dict(zip(TERM, each, strict=True)) for each in said.concepts],
            "relaxed": said.relaxed,
            "truncated": said.truncated,
            "unknown": list(said.unknown),
        },
        "meta": {
            "backend": page.backend,
            "degraded": page.degraded,
            "index_age_s": page.index_age_s,
            "took_ms": page.took_ms,
            "datum": datum,
        },
    }


# ---- Endpoints ------------------------------------------------------------------------------
PARAMETERS = [
    OpenApiParameter(name, OpenApiTypes.STR, many=name in forms.MANY, explode=False)
    for name in sorted(forms.MANY | forms.SINGLE)
]


class SearchBody(serializers.Serializer[Any]):
    """The parameters of the address as a JSON object, lists as arrays."""

    q = serializers.CharField(required=False, max_length=1000)


class _Searching(APIView):
    """What the endpoints share: open to everybody, never kept by a cache."""

    permission_classes = [AllowAny]
    throttle_classes = [forms.SearchThrottle]
    serializer_class = SearchBody
    extra: tuple[str, ...] = ()

    def asked(self, request: Request, *, facets: tuple[str, ...] = ()) -> forms.Asked:
        """Check what came in the address or in the body."""
        given = (
            forms.from_query(request.query_params)
            if request.method == "GET"
            else forms.from_body(request.data)
        )
        self.given = given
        return forms.read(
            given,
            language=forms.language(),
            facets=facets,
            signed_in=bool(request.user.is_authenticated),
            extra=self.extra,
        )

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep answers out of caches: they say what somebody is looking for."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


class Search(_Searching):
    """Services that fit, best first."""

    @extend_schema(parameters=PARAMETERS, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Search by the address."""
        return self._answer(request)

    @extend_schema(request=SearchBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """Search by a body, which keeps sensitive words out of addresses; it changes nothing."""
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        asked = self.asked(request)
        page = queries.find(asked.request, request.user, unknown=asked.unknown, place=asked.place)
        if asked.request.page > page.pages and not page.unavailable:
            raise NotFound
        body = page_json(page, asked.datum)
        if not page.unavailable:
            return Response(body, headers={"X-Search-Degraded": "1"} if page.degraded else None)
        problem = SearchUnavailable().document() | {
            name: body[name] for name in ("hits", "total", "safety", "meta")
        }
        headers = {"Retry-After": "15", "X-Search-Degraded": "1"}
        return Response(problem, 503, headers=headers, content_type="application/problem+json")


class Facets(_Searching):
    """Counts alone."""

    @extend_schema(parameters=PARAMETERS, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Count by the address."""
        return self._answer(request)

    @extend_schema(request=SearchBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """Count by a body."""
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        asked = self.asked(request, facets=("category", "area", "population", "fee", "open"))
        page = queries.find(asked.request, request.user, unknown=asked.unknown, place=asked.place)
        if page.unavailable:
            raise SearchUnavailable
        body = page_json(page, asked.datum)
        return Response({name: body[name] for name in ("total", "facets", "interpreted", "meta")})


class Map(_Searching):
    """Points of a window, or counts per square when there are many."""

    extra = ("zoom",)

    @extend_schema(
        parameters=[*PARAMETERS, OpenApiParameter("zoom", OpenApiTypes.INT)],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        """Map by the address."""
        return self._answer(request)

    @extend_schema(request=SearchBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """Map by a body."""
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        asked = self.asked(request)
        parameters = forms.Parameters(self.given, language=forms.language(), extra=self.extra)
        zoom = parameters.whole("zoom", 11, low=3, high=18)
        return Response(queries.on_map(asked.request, request.user, zoom=zoom))


class Suggest(_Searching):
    """Names while they are typed."""

    throttle_classes = [forms.SuggestThrottle]

    @extend_schema(
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, required=True),
            OpenApiParameter("kinds", OpenApiTypes.STR, many=True, explode=False, enum=Kind.values),
            OpenApiParameter("limit", OpenApiTypes.INT),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        """Suggest by the address."""
        return self._answer(request, forms.from_query(request.query_params))

    @extend_schema(request=SearchBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """Suggest by a body."""
        return self._answer(request, forms.from_body(request.data))

    def _answer(self, request: Request, given: dict[str, list[str]]) -> Response:
        asked = forms.read_suggest(given, language=forms.language())
        found = queries.suggest(
            asked.text, request.user, language=asked.language, kinds=asked.kinds, limit=asked.limit
        )
        return Response(
            [
                {
                    "kind": str(each.kind),
                    **({"uid": str(each.uid)} if each.uid else {"code": each.code}),
                    "label": each.label,
                    "note": each.note,
                    "match": [list(r) for r in each.match],
                    "empty": each.empty,
                }
                for each in found
            ]
        )
