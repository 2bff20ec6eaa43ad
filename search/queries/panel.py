"""What stands above a list that sounds like danger, and what leads out of an empty one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language

from directory.catalogue.models import Service
from directory.catalogue.queries import Hotline as Line
from directory.catalogue.queries import hotlines
from directory.geography.coordinates import Point, meters_between
from search import safety
from search.backends.base import Found, Result
from search.documents import NATION
from search.planner import Plan
from search.queries.answering import Answering
from search.queries.hits import Asked, Loader
from search.queries.labels import AreaLabel, labels
from search.requests import Bucket, Hit, Hotline, Reason, Safety, SearchRequest, Without, Zero

_KEPT_S = 60.0
_PINNED = 3
_CONSIDERED = 24
_AREAS = 5
GENERAL = "12345"


@dataclass(slots=True)
class _Kept:
    lines: list[Line] | None = None
    read_at: float = 0.0


_kept = _Kept()


def forget() -> None:
    """Drop what is held."""
    _kept.lines = None


def _lines() -> list[Line]:
    if _kept.lines is None or monotonic() > _kept.read_at + _KEPT_S:
        _kept.lines, _kept.read_at = hotlines(), monotonic()
    return _kept.lines


def _said(line: Line) -> Hotline:
    return Hotline(line.number, line.service.text("name", get_language())[0], line.hours_note)


def crisis_numbers(numbers: Sequence[str]) -> tuple[Hotline, ...]:
    """Return hotlines by number in the order given; one without a listing keeps its number."""
    known = {line.number: line for line in _lines()}
    return tuple(
        _said(known[number]) if number in known else Hotline(number, "", "") for number in numbers
    )


def lines_for(codes: Iterable[str]) -> tuple[Hotline, ...]:
    """Return the hotlines of terms, else the general one."""
    wanted = set(codes)
    found = tuple(_said(line) for line in _lines() if wanted & set(line.categories))
    return found[:3] or crisis_numbers([GENERAL])


# ---- Danger ---------------------------------------------------------------------------------
def candidates(topics: Sequence[str]) -> list[int]:
    """Return services that help with a danger, from the database alone and for everybody."""
    if not topics:
        return []
    codes = {code for topic in safety.named(topics) for code in topic.codes}
    rows = (
        Service.objects.listed()
        .visible_to(AnonymousUser())
        .filter(attributes__term__code__in=codes)
        .exclude(organization__kind="hotline")
        .order_by("-verified_on", "pk")
    )
    return list(dict.fromkeys(rows.values_list("pk", flat=True)[:_CONSIDERED]))


def safety_panel(
    topics: Sequence[str], ids: Sequence[int], loader: Loader, asked: Asked
) -> Safety | None:
    """Return numbers and up to three services: open first, then nearest; no filter counts."""
    if not topics:
        return None
    found = safety.named(topics)
    minor = "child" in asked.reading.classes or "teen" in asked.reading.classes
    numbers = [n for topic in found for n in (*topic.hotlines, *(topic.minors if minor else ()))]
    seen = (id_ for id_ in ids if id_ in loader.services)
    hits = [loader.hit(loader.services[id_], Found(id_, 0.0, None), asked) for id_ in seen]
    hits.sort(key=_pressing)
    pinned = (replace(hit, why=(Reason("pinned", ""), *hit.why)) for hit in hits[:_PINNED])
    return Safety(tuple(topics), crisis_numbers(list(dict.fromkeys(numbers))), tuple(pinned))


def _pressing(hit: Hit) -> tuple[object, ...]:
    is_open = hit.opening.kind in {"open", "always"}
    meters = hit.place.distance_m if hit.place and hit.place.distance_m is not None else 1e9
    return not is_open, not hit.service.verified_on, meters, hit.service.pk


# ---- Nothing found --------------------------------------------------------------------------
def zero(plan: Plan, request: SearchRequest, asked: Asked, engine: Answering) -> Zero:
    """Return what each condition costs, where else there is help, and whom to call."""
    concepts = list(asked.reading.concepts)[:3]
    return Zero(
        without=tuple(_without(plan, engine)),
        areas=tuple(_elsewhere(plan, request, engine)),
        hotlines=lines_for(concepts),
        categories=tuple((code, labels().of("term", code)) for code in concepts),
    )


def _without(plan: Plan, engine: Answering) -> Iterable[Without]:
    """Count the matches with one condition left out, for each of up to eight."""
    active = [wanted for wanted in plan.filters if wanted.field != "status"][:8]
    plans = [
        replace(plan, filters=tuple(f for f in plan.filters if f is not left), facets=())
        for left in active
    ]
    names = [(left.field, _value(left.field, left.values)) for left in active]
    if plan.geo and plan.geo.radius_m is not None:
        plans.append(replace(plan, geo=replace(plan.geo, radius_m=None), facets=()))
        names.append(("radius", f"{plan.geo.radius_m:.0f}"))
    totals = engine.counts(plans) if plans else []
    for (param, value), total in zip(names, totals, strict=True):
        if total:
            yield Without(PARAMETERS.get(param, param), value, total)


# Filter field → the parameter that a visitor knows.
PARAMETERS = {
    "term": "category",
    "modes": "mode",
    "covers_age": "age",
    "verified_day": "verified_within",
}


def _value(field: str, values: tuple[object, ...]) -> str:
    if field in {"area", "home"}:
        return ",".join(str(codes[0]) for codes in values if isinstance(codes, tuple))
    if field == "covers_age":
        return ",".join(f"{int(str(months)) / 12:g}" for months in values)
    return ",".join(str(value) for value in values if value is not None)


def _elsewhere(plan: Plan, request: SearchRequest, engine: Answering) -> list[Bucket]:
    """Return the nearest districts that have what the given one lacks."""
    chosen = next((f.values[0][0] for f in plan.filters if f.field == "area"), None)
    if chosen is None and (plan.geo is None or plan.geo.radius_m is None):
        return []
    wide = replace(
        plan,
        filters=tuple(f for f in plan.filters if f.field != "area"),
        geo=None,
        facets=("area",),
        offset=0,
        limit=1,
        sort="best",
    )
    found: Result = engine.search(wide)
    known = labels().areas
    counties = [known[c] for c in found.facets["area"] if c in known and known[c].level == "county"]
    here = (request.near.lat, request.near.lon) if request.near else None
    center = here or (known[chosen].point if chosen in known else None)
    counties.sort(key=lambda area: (_away(area, center), area.code))
    return [
        Bucket(area.code, area.name, found.facets["area"][area.code])
        for area in counties[:_AREAS]
        if area.code not in {chosen, NATION}
    ]


def _away(area: AreaLabel, center: tuple[float, float] | None) -> float:
    if center is None or area.point is None:
        return float("inf")
    return meters_between(Point(*center), Point(*area.point))
