"""A plan as one request to the cluster, and the answer as ours; no network.

All points are constants; the cluster's own statistics play no part, so every engine orders alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from elasticsearch.dsl import SF, A, Search
from elasticsearch.dsl.function import ScoreFunction
from elasticsearch.dsl.query import (
    Bool,
    ConstantScore,
    DisMax,
    Exists,
    FunctionScore,
    GeoBoundingBox,
    GeoDistance,
    MatchAll,
    Query,
    Range,
    Term,
    Terms,
)

from search import ranking
from search.backends.base import AUDIENCES, FACETS, VERIFIED_EDGES, Found, Result, own_filter
from search.planner import Geo, Plan
from search.requests import Filter

_TEXTS = {"name_t": ranking.NAME, "tax_t": ranking.TAX, "body_t": ranking.BODY}
_MOST_VALUES = 65_000
_EXACTLY: dict[str, Any] = {"track_total_hits": True, "timeout": "1s"}


def any_of(field: str, values: Iterable[str | int]) -> Query:
    """Match any of several codes."""
    wanted: Any = list(values)
    return Term(**{field: wanted[0]}) if len(wanted) == 1 else Terms(**{field: wanted})


def both(queries: Iterable[Query]) -> Query:
    """Match all of several queries."""
    return Bool(filter=list(queries))


def either(queries: Sequence[Query], least: int = 1) -> Query:
    """Match one of several queries, or more of them."""
    if len(queries) == 1:
        return queries[0]
    return Bool(should=list(queries), minimum_should_match=least)


def neither(query: Query) -> Query:
    """Match what a query does not."""
    return Bool(must_not=[query])


def nothing() -> Query:
    """Match no document."""
    return neither(MatchAll())


def between(field: str, low: int | None, high: int | None) -> Query:
    """Match a number within bounds, both included."""
    edges = {"gte": low, "lte": high}
    return Range(**{field: {name: edge for name, edge in edges.items() if edge is not None}})


def points(query: Query, boost: float) -> Query:
    """Give what a query matches a fixed number of points."""
    return ConstantScore(filter=query, boost=boost)


class Request:
    """Turns a plan into a request: who is admitted, with how many points, in which order."""

    def __init__(self, plan: Plan) -> None:
        """Take a plan."""
        self.plan = plan

    # ---- Admission and conditions -----------------------------------------------------------
    def _admission(self) -> Query:
        plan = self.plan
        if plan.stage == "related":
            return any_of("category", [code for code, _ in plan.categories])
        ways = [both(map(self._group, plan.groups))] if plan.groups else []
        if plan.stage == "relaxed":
            if plan.admitting:
                ways.append(any_of("term", plan.admitting))
            if plan.min_tokens:
                ways.append(self._tokens(plan.mandatory, plan.min_tokens))
        if plan.exact:
            ways.append(Term(name_t=plan.exact))
        if plan.ids:
            ways.append(any_of("id_num", [id_ for id_, _ in plan.ids]))
        return either(ways) if ways else nothing()

    def _group(self, group: Any) -> Query:
        ways = [self._tokens(group.tokens, group.min_match)]
        if group.concepts:
            ways.append(any_of("term", group.concepts))
        return either(ways)

    @staticmethod
    def _tokens(tokens: Sequence[str], least: int) -> Query:
        if least <= 1:
            return any_of("all_t", tokens)
        if least > len(tokens):
            return nothing()
        return either([Term(all_t=token) for token in tokens], least)

    def _condition(self, wanted: Filter) -> Query:
        if wanted.op == "covers_age":
            return either([self._age(months) for months in wanted.values])
        if wanted.op == "range":
            return between(wanted.field, *wanted.values)
        if wanted.op == "region":
            return either([self._region(wanted.field, codes) for codes in wanted.values])
        if wanted.field == "open":
            return either([self._opening(state) for state in wanted.values])
        return any_of(wanted.field, wanted.values)

    @staticmethod
    def _age(months: int) -> Query:
        return both([between("age_min", None, months), between("age_max", months, None)])

    def _opening(self, state: str) -> Query:
        known = Exists(field="sched")
        if state == "unknown":
            return neither(known)
        opened = any_of("sched", [str(id_) for id_ in sorted(self.plan.sched or ())])
        return opened if state == "open" else both([known, neither(opened)])

    @staticmethod
    def _region(field: str, codes: Sequence[str]) -> Query:
        inside: Query = Term(area=codes[0])
        if field == "home":
            inside = both([inside, neither(Exists(field="covers"))])
        return either([any_of("covers", codes), inside])

    def _where(self, geo: Geo) -> Iterator[Query]:
        if geo.radius_m is not None:
            around = GeoDistance(
                points={"lat": geo.lat, "lon": geo.lon}, distance=f"{geo.radius_m}m"
            )
            yield either([around, any_of("covers", geo.covers)]) if geo.covers else around
        if geo.box is not None:
            box = geo.box
            edges = {"top": box.north, "left": box.west, "bottom": box.south, "right": box.east}
            yield GeoBoundingBox(points=edges)

    def _always(self) -> list[Query]:
        """Return the conditions that every facet obeys too."""
        plan = self.plan
        clauses: list[Query] = [Term(listed=True), any_of("audience", AUDIENCES[plan.audience])]
        if plan.stage != "browse":
            clauses.append(self._admission())
        if plan.geo:
            clauses += self._where(plan.geo)
        if plan.without:
            clauses.append(neither(any_of("id_num", plan.without)))
        return clauses + [self._condition(f) for f in plan.filters if f.field not in self._owned]

    @property
    def _owned(self) -> set[str]:
        """Return the fields whose facet is asked for and must not obey its own filter."""
        return {own_filter(facet) for facet in self.plan.facets}

    def _set_aside(self, *, but: str = "") -> list[Query]:
        kept = [f for f in self.plan.filters if f.field in self._owned and f.field != but]
        return [self._condition(wanted) for wanted in kept]

    # ---- Scores -----------------------------------------------------------------------------
    def _scoring(self) -> Iterator[Query]:
        plan = self.plan
        for token, weight in plan.weights.items():
            for field, worth in _TEXTS.items():
                yield points(Term(**{field: token}), weight * worth)
        if plan.concepts:
            carried = [self._concept(code, weight) for code, weight in plan.concepts]
            yield DisMax(queries=carried, tie_breaker=ranking.CONCEPT_TIE)
        if plan.categories:
            best = [
                points(Term(category=code), ranking.category_points(weight))
                for code, weight in plan.categories
            ]
            yield DisMax(queries=best)
        exact = [points(Term(id_num=id_), worth) for id_, worth in plan.ids]
        if plan.exact:
            exact.append(points(Term(name_t=plan.exact), ranking.EXACT))
        if exact:
            yield DisMax(queries=exact)
        if plan.prefer:
            yield points(any_of("population", plan.prefer), ranking.PREFERRED)
        if plan.stage == "browse":
            yield points(MatchAll(), ranking.BROWSE)

    @staticmethod
    def _concept(code: str, weight: float) -> Query:
        return DisMax(
            queries=[
                points(Term(main_term=code), ranking.concept_points(weight)),
                points(Term(term=code), ranking.secondary_points(weight)),
            ]
        )

    def _scored(self) -> Query:
        query: Query = Bool(
            filter=self._always(), should=list(self._scoring()), minimum_should_match=0
        )
        if self._is_near:
            query = FunctionScore(
                query=query, functions=self._place(), score_mode="sum", boost_mode="multiply"
            )
        quality = SF({"field_value_factor": {"field": "quality", "missing": 1}})
        return FunctionScore(query=query, functions=[quality], boost_mode="multiply")

    def _place(self) -> list[ScoreFunction]:
        bell = {
            "origin": self._here,
            "offset": f"{ranking.OFFSET_M}m",
            "scale": f"{ranking.SCALE_M}m",
            "decay": 0.5,
        }
        somewhere = Exists(field="points")
        nowhere = ranking.NOWHERE - ranking.FLOOR
        falling = {"points": bell, "multi_value_mode": "min"}
        return [
            SF({"weight": ranking.FLOOR}),
            SF("gauss", **falling, weight=ranking.SLOPE, filter=somewhere),
            SF({"weight": nowhere, "filter": neither(somewhere).to_dict()}),
        ]

    # ---- Order ------------------------------------------------------------------------------
    @property
    def _is_near(self) -> bool:
        return self.plan.geo is not None and self.plan.geo.lat is not None

    @property
    def _here(self) -> dict[str, float | None]:
        geo = self.plan.geo or Geo()
        return {"lat": geo.lat, "lon": geo.lon}

    def _order(self) -> list[Any]:
        away = {"_geo_distance": {"points": self._here, "mode": "min", "unit": "m"}}
        if self.plan.sort == "distance" and self._is_near:
            return [away, "tie", {"_score": "desc"}, "id_num"]
        first: list[Any] = [{"_score": "desc"}]
        if self.plan.sort == "name":
            first = [f"name_key_{self.plan.language}"]
        elif self.plan.sort == "verified":
            first = [{"verified_day": "desc"}]
        # Behind the id nothing is compared any more: the distance is only told.
        return [*first, "id_num", *([away] if self._is_near else [])]

    # ---- The request ------------------------------------------------------------------------
    def body(self) -> dict[str, Any]:
        """Return the request that answers the plan whole."""
        search = Search().query(self._scored()).sort(*self._order())
        if rest := self._set_aside():
            search = search.post_filter(both(rest))
        for facet in self.plan.facets:
            kept = both(self._set_aside(but=own_filter(facet)) or [MatchAll()])
            search.aggs.bucket(facet, "filter", filter=kept).bucket("counts", self._facet(facet))
        search = search[self.plan.offset : self.plan.offset + self.plan.limit]
        return search.to_dict() | {"track_scores": True, "_source": False} | _EXACTLY

    def count(self) -> dict[str, Any]:
        """Return the request that only counts."""
        query = both([*self._always(), *self._set_aside()])
        return Search().query(query).to_dict() | {"size": 0} | _EXACTLY

    def _facet(self, facet: str) -> Any:
        if facet == "open":
            states = ("open", "closed", "unknown")
            return A("filters", filters={state: self._opening(state) for state in states})
        if facet == "verified":
            return A("filters", filters=self._ages())
        return A("terms", field=FACETS[facet], size=_MOST_VALUES)

    def _ages(self) -> dict[str, Query]:
        today = self.plan.today
        near, far = VERIFIED_EDGES
        return {
            str(near): between("verified_day", today - near, None),
            str(far): between("verified_day", today - far, None),
            "older": between("verified_day", None, today - far - 1),
        }

    # ---- The answer -------------------------------------------------------------------------
    def result(self, answer: Mapping[str, Any]) -> Result:
        """Read the answer to `body`."""
        hits, total = answer["hits"]["hits"], answer["hits"]["total"]["value"]
        facets = {
            name: _counts(answer["aggregations"][name]["counts"]["buckets"])
            for name in self.plan.facets
        }
        partial = bool(answer["timed_out"] or answer["_shards"]["failed"])
        return Result(total, tuple(map(self._found, hits)), facets, partial)

    def _found(self, hit: Mapping[str, Any]) -> Found:
        if not self._is_near:
            return Found(int(hit["_id"]), hit["_score"], None)
        told = hit["sort"][0 if self.plan.sort == "distance" else -1]
        meters = float(told)  # "Infinity" for what has no point
        return Found(int(hit["_id"]), hit["_score"], meters if meters < float("inf") else None)


def _counts(buckets: Any) -> dict[str, int]:
    pairs = (
        [(name, bucket["doc_count"]) for name, bucket in buckets.items()]
        if isinstance(buckets, dict)
        else [(bucket["key"], bucket["doc_count"]) for bucket in buckets]
    )
    return {value: count for value, count in pairs if count}
