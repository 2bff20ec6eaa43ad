"""From a request to a page: plan, engine, rows, reasons."""

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core.jobs import today
from directory.catalogue.models import Phone, Service
from directory.catalogue.models.audience import Reader, audiences, is_moderator
from directory.catalogue.states import Audience
from search import lexicon, planner, ranking, suggestions, timetables
from search.backends.base import AUDIENCES, Found, Result, Unavailable
from search.documents import NATION, Doc, build, verified_day
from search.errors import SearchUnavailable
from search.planner import Geo, Plan, Reading
from search.queries import panel, tally
from search.queries.answering import Answering
from search.queries.facets import buckets
from search.queries.hits import Asked, Loader, moment
from search.queries.labels import labels
from search.queries.state import index_age_s, statistics
from search.requests import (
    Audience as Scope,
)
from search.requests import (
    Box,
    Filter,
    Hit,
    Interpreted,
    SearchPage,
    SearchRequest,
)
from search.timetables import Spec

log = logging.getLogger("linkwell.search")
_FEW, _SOME, _RELATED = 3, 10, 8
_MINE = 40.0
_KEPT_S = 60.0
SHOWN = ("active", "due", "stale")


def audience_of(by: Reader) -> Scope:
    """Return how much of the directory a reader is let into; never taken from the request."""
    allowed = audiences(by)
    if Audience.STAFF in allowed or is_moderator(by):
        return "staff"
    return "partner" if Audience.PARTNER in allowed else "public"


def find(
    request: SearchRequest,
    by: Reader,
    *,
    unknown: tuple[str, ...] = (),
    place: str | None = None,
) -> SearchPage:
    """Return one page for a reader: strict matches, else looser ones, never silently nothing.

    `unknown` and `place` say which words of the request could not be resolved.
    """
    page = _Finding(request, by).page()
    said = replace(page.interpreted, unknown=unknown, place=place)
    return replace(page, interpreted=said)


@dataclass(frozen=True, slots=True)
class _Answer:
    plan: Plan
    result: Result
    related: tuple[Found, ...] = ()
    areas: tuple[str, ...] = ()


class _Finding:
    """One request on its way through planner, engine and database."""

    def __init__(self, request: SearchRequest, by: Reader) -> None:
        self.started = time.perf_counter()
        self.request, self.by = request, by
        self.lexicon = lexicon.current()
        self.reading = planner.read(request.text, self.lexicon) if request.text else Reading()
        self.audience = audience_of(by)
        self.engine = Answering()

    def page(self) -> SearchPage:
        """Answer; without an engine with what the database alone can say."""
        ids = _looked_up(self.request.text, self.reading, self.audience)
        plan = self._plan(ids)
        try:
            return self._assemble(self._run(plan))
        except Unavailable as error:
            # The message is ours and names the remedy; a traceback would add nothing.
            log.error("search engine unavailable: %s", error)  # noqa: TRY400
            return self._without_engine(plan)

    def _plan(self, ids: Mapping[int, float]) -> Plan:
        request = replace(self.request, filters=_with_status(self.request.filters, self.audience))
        asks_hours = "open" in request.facets or any(f.field == "open" for f in request.filters)
        return planner.plan(
            request,
            self.reading,
            statistics(),
            self.lexicon,
            audience=self.audience,
            ids=tuple(ids.items()),
            geo=_geo(request),
            sched=timetables.open_at(request.open_at) if asks_hours else None,
            today=verified_day(today()),
        )

    def _run(self, plan: Plan) -> _Answer:
        """Try the strict plan in the named area, without the area, relaxed; then look around."""
        areas = self._soft_areas(plan)
        attempt = _in_areas(plan, areas) if areas else plan
        plan, result = self._loosened(attempt)
        if areas and not result.total:
            areas = ()
            plan, result = self._loosened(replace(attempt, filters=attempt.filters[:-1]))
        return _Answer(plan, result, self._related(plan, result), areas)

    def _loosened(self, plan: Plan) -> tuple[Plan, Result]:
        result = self.engine.search(plan)
        if plan.stage == "strict" and result.total < _FEW:
            plan = replace(plan, stage="relaxed")
            result = self.engine.search(plan)
        return plan, result

    def _soft_areas(self, plan: Plan) -> tuple[str, ...]:
        explicit = any(wanted.field in {"area", "home"} for wanted in plan.filters)
        return () if explicit else self.reading.areas

    def _related(self, plan: Plan, result: Result) -> tuple[Found, ...]:
        wanted = plan.stage in {"strict", "relaxed"} and self.request.page == 1
        if not (wanted and result.total < _SOME and plan.concepts):
            return ()
        shown = [hit.id for hit in result.hits]
        around = planner.related(plan, self.lexicon, shown=shown, limit=_RELATED)
        return self.engine.search(around).hits

    # ---- Putting it together ----------------------------------------------------------------
    def _asked(self, plan: Plan) -> Asked:
        open_only = any(f.field == "open" and "open" in f.values for f in plan.filters)
        return Asked(self.request, self.reading, plan, moment(self.request), open_only)

    def _assemble(self, answer: _Answer) -> SearchPage:
        plan, result, asked = answer.plan, answer.result, self._asked(answer.plan)
        pinned = panel.candidates(self.reading.topics)
        ids = [hit.id for hit in (*result.hits, *answer.related)]
        loader = Loader(dict.fromkeys([*ids, *pinned]), self.by)
        if stale := [id_ for id_ in ids if id_ not in loader.services]:
            log.warning("hits without a visible row", extra={"count": len(stale)})
        relaxed = plan.stage == "relaxed" and not self.reading.sentence
        tally.count(self.request, self.reading, total=result.total, relaxed=relaxed)
        return SearchPage(
            request=self.request,
            total=result.total,
            hits=self._explained(loader.hits(result.hits, asked), plan),
            related=tuple(loader.hits(answer.related, asked)),
            facets=buckets(result.facets, self.request),
            interpreted=self._interpreted(plan, answer.areas),
            safety=panel.safety_panel(self.reading.topics, pinned, loader, asked),
            zero=None if result.total else panel.zero(plan, self.request, asked, self.engine),
            backend=self.engine.name,
            degraded=self.engine.degraded,
            index_age_s=index_age_s(self.engine.name),
            took_ms=self._took(),
        )

    def _explained(self, hits: list[Hit], plan: Plan) -> tuple[Hit, ...]:
        """Add the parts of the formula for people who are signed in and asked for them."""
        if not self.request.explain:
            return tuple(hits)
        docs = {doc.id: doc for doc in build([h.service.pk for h in hits], intern=_not_kept).docs}
        return tuple(replace(hit, points=_points(plan, docs[hit.service.pk], hit)) for hit in hits)

    def _without_engine(self, plan: Plan) -> SearchPage:
        asked = self._asked(plan)
        pinned = panel.candidates(self.reading.topics)
        known = [Found(id_, points, None) for id_, points in plan.ids if points >= ranking.EXACT]
        loader = Loader(dict.fromkeys([*(hit.id for hit in known), *pinned]), self.by)
        return SearchPage(
            request=self.request,
            total=len(known),
            hits=tuple(loader.hits(known, asked)),
            related=(),
            facets={},
            interpreted=self._interpreted(plan, ()),
            safety=panel.safety_panel(self.reading.topics, pinned, loader, asked),
            zero=None,
            backend="none",
            degraded=True,
            index_age_s=0,
            took_ms=self._took(),
            unavailable=True,
        )

    def _interpreted(self, plan: Plan, areas: Iterable[str]) -> Interpreted:
        words = labels()
        return Interpreted(
            area=tuple((code, words.of("area", code)) for code in areas),
            corrections=self.reading.corrections,
            concepts=tuple(
                (code, words.of("term", code))
                for code, weight in list(self.reading.concepts.items())[:3]
                if weight >= planner.RELAXED
            ),
            relaxed=plan.stage == "relaxed",
            truncated=self.reading.truncated,
        )

    def _took(self) -> float:
        return round((time.perf_counter() - self.started) * 1000, 1)


def _not_kept(specs: Iterable[Spec]) -> dict[Spec, int]:
    """Store no timetable while reading; the formula has no use for one."""
    return dict.fromkeys(specs, 0)


def _points(plan: Plan, doc: Doc, hit: Hit) -> dict[str, float]:
    fields = ranking.Fields(
        doc.id,
        set(doc.name_t.split()),
        set(doc.tax_t.split()),
        set(doc.body_t.split()),
        set(doc.term),
        set(doc.main_term),
        set(doc.category),
        set(doc.population),
        doc.quality,
    )
    meters = hit.place.distance_m if hit.place else None
    near = plan.geo is not None and plan.geo.lat is not None
    parts = ranking.parts(plan, fields)
    return parts | {"quality": doc.quality, "place": ranking.place(meters) if near else 1.0}


def _with_status(filters: tuple[Filter, ...], audience: Scope) -> tuple[Filter, ...]:
    """Show what is in action; only staff may ask for suspended listings."""
    asked = next((f.values for f in filters if f.field == "status"), SHOWN)
    allowed = tuple(v for v in asked if v in SHOWN or audience == "staff") or ("none",)
    return (*(f for f in filters if f.field != "status"), Filter("status", "any", allowed))


def _geo(request: SearchRequest) -> Geo | None:
    near = request.near
    if near is None:
        return Geo(box=request.bbox) if request.bbox else None
    known = labels().areas.get(near.area or "")
    covers = (*(known.path if known else ()), NATION)
    return Geo(near.lat, near.lon, near.radius_m, covers, request.bbox)


def _in_areas(plan: Plan, codes: Iterable[str]) -> Plan:
    lineages = tuple(lineage(code) for code in codes)
    return replace(plan, filters=(*plan.filters, Filter("area", "region", lineages)))


def lineage(code: str) -> tuple[str, ...]:
    """Return an area's code and those it lies in, narrowest first, the nation last."""
    known = labels().areas.get(code)
    path = reversed(known.path) if known else (code,)
    return tuple(dict.fromkeys([*path, NATION]))


# ---- Direct look-ups ------------------------------------------------------------------------
def _looked_up(text: str, reading: Reading, audience: Scope) -> dict[int, float]:
    """Return ids by uid, phone digits or name; they need no engine and no words."""
    if not text.strip():
        return {}
    if uid := _uid(text):
        rows = Service.objects.listed().filter(uid=uid).values_list("pk", flat=True)
        return dict.fromkeys(rows, ranking.EXACT)
    scope = AUDIENCES[audience]
    found = dict.fromkeys(_by_phone(text), ranking.EXACT)
    for id_, whole in suggestions.services_called(text, reading.letters, audiences=scope).items():
        found.setdefault(id_, ranking.EXACT if whole else _MINE)
    return found


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def _by_phone(text: str) -> list[int]:
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    other = [c for c in text if not (c.isdigit() or c in " +-()")]
    if len(digits) < 5 or other:
        return []
    rows = Phone.objects.filter(audience="public", contact__isnull=True)
    rows = rows.filter(e164__endswith=digits.lstrip("0"))[:20]
    ids: list[int] = []
    for phone in rows:
        if phone.service_id:
            ids.append(phone.service_id)
        elif phone.organization_id:
            theirs = Service.objects.listed().filter(organization=phone.organization_id)
            ids += theirs.values_list("pk", flat=True)[:20]
    return ids


# ---- Other doors ----------------------------------------------------------------------------
def matching_ids(text: str, *, by: Reader, filters: tuple[Filter, ...] = ()) -> list[int]:
    """Return ids of what a text finds for the public, best first; without an engine refuse."""
    request = SearchRequest(text=text, filters=filters, per_page=1000, tally=False)
    finding = _Finding(request, by)
    finding.audience = "public"
    plan = finding._plan({})  # noqa: SLF001  # the same module
    try:
        _plan, result = finding._loosened(plan)  # noqa: SLF001
    except Unavailable as error:
        raise SearchUnavailable from error
    return [hit.id for hit in result.hits]


@dataclass(slots=True)
class _Start:
    facets: dict[str, tuple[float, Mapping[str, Mapping[str, int]]]]


_start = _Start({})


def forget() -> None:
    """Drop what is held."""
    _start.facets.clear()


def category_count() -> int:
    """Count the kinds of service that the vocabulary knows."""
    return len(labels().parents)


def overview(by: Reader) -> tuple[Mapping[str, int], int, int]:
    """Return services per category, all services, and the percentage verified within a year."""
    try:
        found = start_facets(audience_of(by))
    except Unavailable:
        return {}, 0, 0
    total = sum(found["status"].values())
    recent = found["verified"].get("365", 0)
    return found["category"], total, round(100 * recent / total) if total else 0


def start_facets(audience: Scope) -> Mapping[str, Mapping[str, int]]:
    """Return the counts of categories without any condition, held for a minute."""
    held = _start.facets.get(audience)
    if held and time.monotonic() < held[0] + _KEPT_S:
        return held[1]
    plan = Plan(
        stage="browse",
        filters=(Filter("status", "any", SHOWN),),
        facets=("category", "term", "status", "verified"),
        limit=1,
        today=verified_day(today()),
        audience=audience,
    )
    found = Answering().search(plan).facets
    _start.facets[audience] = time.monotonic(), found
    return found


def on_map(request: SearchRequest, by: Reader, *, zoom: int) -> dict[str, Any]:
    """Return up to 200 points, else counts per square of the grid that fits the zoom."""
    finding = _Finding(replace(request, page=1, per_page=200, tally=False), by)
    grid = "cell_a" if zoom <= 7 else "cell_b" if zoom <= 11 else "cell_c"
    plan = replace(finding._plan({}), facets=(grid,))  # noqa: SLF001  # the same module
    try:
        plan, result = finding._loosened(plan)  # noqa: SLF001
    except Unavailable as error:
        raise SearchUnavailable from error
    if result.total <= 200:
        loader = Loader([hit.id for hit in result.hits], by)
        hits = loader.hits(result.hits, finding._asked(plan))  # noqa: SLF001
        return {"points": [_pin(hit) for hit in hits if hit.place and hit.place.lat is not None]}
    return {"clusters": list(_clusters(result.facets[grid], grid, request.bbox))}


def _pin(hit: Any) -> dict[str, Any]:
    return {
        "uid": str(hit.service.uid),
        "name": hit.service.text("name")[0],
        "lat": hit.place.lat,
        "lon": hit.place.lon,
        "precision": hit.place.precision,
    }


def _clusters(counts: Mapping[str, int], grid: str, box: Box | None) -> Iterable[dict[str, Any]]:
    from search.documents.doc import CELL_SIZES  # noqa: PLC0415

    size = CELL_SIZES[grid]
    for name, count in sorted(counts.items()):
        row, column = map(int, name.split("_"))
        lat, lon = (row + 0.5) * size, (column + 0.5) * size
        if box is None or (box.south <= lat <= box.north and _between(lon, box)):
            yield {"lat": round(lat, 4), "lon": round(lon, 4), "count": count}


def _between(lon: float, box: Box) -> bool:
    if box.west <= box.east:
        return box.west <= lon <= box.east
    return lon >= box.west or lon <= box.east
