"""One plan on one searcher of the embedded engine."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import tantivy
from tantivy import FieldType, Occur, Order, Query

from search import ranking
from search.backends import cells
from search.backends.base import (
    AUDIENCES,
    FACETS,
    FAR_CANDIDATES,
    MOST_CANDIDATES,
    NEAR_M,
    VERIFIED_EDGES,
    Found,
    Result,
    own_filter,
)
from search.backends.embedded.index import POINTS, SCHEMA, unpack
from search.documents.doc import MAX_POINTS
from search.planner import Geo, Plan
from search.requests import Filter

Numbers = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Hits = list[tuple[float, tantivy.DocAddress]]

_RINGS = (5_000.0, 20_000.0, 60_000.0, 200_000.0)
_TIES = 60
_UNIT = 0.25
_TEXTS = {"name_t": ranking.NAME, "tax_t": ranking.TAX, "body_t": ranking.BODY}


def _term(field: str, value: str) -> Query:
    return Query.term_query(SCHEMA, field, value, "basic")


def _any(field: str, values: Iterable[str]) -> Query:
    wanted = list(values)
    if len(wanted) == 1:
        return _term(field, wanted[0])
    return Query.term_set_query(SCHEMA, field, wanted) if wanted else Query.empty_query()


def _either(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, q) for q in queries] or [(Occur.Must, _none())])


def _none() -> Query:
    return Query.empty_query()


def _least(field: str, tokens: Sequence[str], least: int) -> Query:
    """Match documents with at least so many of the tokens."""
    terms = [_term(field, token) for token in tokens]
    if least <= 1:
        return _either(terms)
    if least >= len(terms):
        return Query.boolean_query([(Occur.Must, term) for term in terms])
    return Query.boolean_query(
        [(Occur.Should, t) for t in terms], minimum_number_should_match=least
    )


def _number(field: str, low: int | None, high: int | None) -> Query:
    return Query.range_query(SCHEMA, field, FieldType.Unsigned, low, high)


def _silent(query: Query) -> tuple[Occur, Query]:
    """Make a condition that filters and does not score."""
    return Occur.Must, Query.const_score_query(query, 0.0)


class Search:
    """Builds the queries of a plan and puts the answer together."""

    def __init__(self, searcher: tantivy.Searcher, plan: Plan) -> None:
        """Take a searcher that stays the same for the whole answer."""
        self.searcher, self.plan = searcher, plan

    # ---- Admission and conditions -----------------------------------------------------------
    def _admission(self) -> Query | None:
        plan = self.plan
        if plan.stage == "browse":
            return None
        if plan.stage == "related":
            return _any("category", [code for code, _ in plan.categories])
        ways = [self._strict()] if plan.groups else []
        if plan.stage == "relaxed":
            if plan.admitting:
                ways.append(_any("term", plan.admitting))
            if plan.min_tokens:
                ways.append(_least("all_t", plan.mandatory, plan.min_tokens))
        if plan.exact:
            ways.append(_term("name_t", plan.exact))
        if plan.ids:
            ways.append(_any("key", [str(id_) for id_, _ in plan.ids]))
        return _either(ways) if ways else _none()

    def _strict(self) -> Query:
        groups = []
        for group in self.plan.groups:
            ways = [_least("all_t", group.tokens, group.min_match)]
            if group.concepts:
                ways.append(_any("term", group.concepts))
            groups.append((Occur.Must, _either(ways)))
        return groups[0][1] if len(groups) == 1 else Query.boolean_query(groups)

    def _condition(self, wanted: Filter) -> Query:
        if wanted.op == "covers_age":
            return _either([self._age(months) for months in wanted.values])
        if wanted.op == "range":
            low, high = wanted.values
            return _number(wanted.field, low, high)
        if wanted.op == "region":
            return _either([self._region(wanted.field, codes) for codes in wanted.values])
        if wanted.field == "open":
            return _either([self._opening(state) for state in wanted.values])
        return _any(wanted.field, wanted.values)

    @staticmethod
    def _age(months: int) -> Query:
        low, high = _number("age_min", None, months), _number("age_max", months, None)
        return Query.boolean_query([(Occur.Must, low), (Occur.Must, high)])

    def _opening(self, state: str) -> Query:
        known = Query.exists_query("sched")
        if state == "unknown":
            return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, known)])
        open_ = _any("sched", [str(id_) for id_ in sorted(self.plan.sched or ())])
        if state == "open":
            return open_
        return Query.boolean_query([(Occur.Must, known), (Occur.MustNot, open_)])

    @staticmethod
    def _region(field: str, codes: tuple[str, ...]) -> Query:
        covered, inside = _any("covers", codes), _term("area", codes[0])
        if field == "home":
            declared = Query.exists_query("covers")
            inside = Query.boolean_query([(Occur.Must, inside), (Occur.MustNot, declared)])
        return _either([covered, inside])

    def _clauses(self, *, but: str = "") -> list[tuple[Occur, Query]]:
        plan = self.plan
        clauses = [_silent(_any("audience", AUDIENCES[plan.audience]))]
        admission = self._admission()
        if admission is not None:
            clauses.append(_silent(admission))
        kept = (wanted for wanted in plan.filters if wanted.field != but)
        clauses += [_silent(self._condition(wanted)) for wanted in kept]
        if plan.without:
            clauses.append((Occur.MustNot, _any("key", [str(id_) for id_ in plan.without])))
        return clauses

    def _conditions(self, *, but: str = "") -> list[tuple[Occur, Query]]:
        clauses = self._clauses(but=but)
        return clauses if self._where is None else [*clauses, _silent(self._where)]

    # ---- Places -----------------------------------------------------------------------------
    @cached_property
    def _where(self) -> Query | None:
        """Restrict to a radius and a window, exact to the meter."""
        geo = self.plan.geo
        if geo is None or (geo.radius_m is None and geo.box is None):
            return None
        parts = []
        if geo.radius_m is not None and geo.lat is not None and geo.lon is not None:
            radius = geo.radius_m
            cover = cells.of_circle(geo.lat, geo.lon, radius)
            inside = self._inside([cover], lambda points: _nearest(points, geo) <= radius)
            if geo.covers:
                inside.append(_any("covers", geo.covers))
            parts.append(_either(inside))
        if geo.box is not None:
            covers = cells.of_window(geo.box)
            parts.append(_either(self._inside(covers, lambda points: _in_box(points, geo))))
        return Query.boolean_query([(Occur.Must, part) for part in parts])

    def _inside(
        self, covers: Sequence[cells.Cover], holds: Callable[[Numbers], npt.NDArray[np.bool_]]
    ) -> list[Query]:
        ways = [
            _any(name, squares)
            for cover in covers
            for name, squares in cover.inside.items()
            if squares
        ]
        cut = [_any(cover.cut_name, cover.cut) for cover in covers if cover.cut]
        if cut:
            # Facets ask without their own filters, so the squares are looked into without them.
            faceted = {own_filter(facet) for facet in self.plan.facets}
            asked = [f for f in self.plan.filters if f.field not in faceted]
            clauses = [_silent(_either(cut)), *(_silent(self._condition(f)) for f in asked)]
            admission = self._admission()
            clauses += [_silent(admission)] if admission is not None else []
            hits = self._all(Query.boolean_query(clauses))
            ids, points = self._ids(hits), self._points(hits)
            ways.append(_any("key", [str(id_) for id_ in ids[holds(points)]]))
        return ways

    def _all(self, query: Query) -> list[tantivy.DocAddress]:
        hits = self.searcher.search(query, limit=max(1, self.searcher.num_docs), count=False).hits
        return [address for _, address in hits]

    def _ids(self, addresses: list[tantivy.DocAddress]) -> Ids:
        return np.array(self.searcher.fast_field_values("id_num", addresses), dtype=np.int64)

    def _points(self, addresses: list[tantivy.DocAddress]) -> Numbers:
        """Return (documents, points, 2) in degrees; what is not there is NaN."""
        counts = np.array(self.searcher.fast_field_values("npt", addresses), dtype=int)
        most = int(counts.max(initial=0))
        points = np.full((len(addresses), max(most, 1), 2), np.nan)
        for number in range(min(most, MAX_POINTS)):
            rows = np.flatnonzero(counts > number)
            packed = self.searcher.fast_field_values(POINTS[number], [addresses[r] for r in rows])
            points[rows, number] = [unpack(int(value or 0)) for value in packed]
        for row in np.flatnonzero(counts > MAX_POINTS):
            rest = str(self.searcher.doc(addresses[row]).get_first("more") or "").split()
            points[row, MAX_POINTS : MAX_POINTS + len(rest)] = [unpack(int(v)) for v in rest]
        return points

    # ---- Scores -----------------------------------------------------------------------------
    def _scoring(self) -> list[tuple[Occur, Query]]:
        plan = self.plan
        scored = [
            Query.const_score_query(_term(field, token), weight * points)
            for token, weight in plan.weights.items()
            for field, points in _TEXTS.items()
        ]
        if plan.concepts:
            scored.append(
                Query.disjunction_max_query(
                    [self._concept(code, weight) for code, weight in plan.concepts],
                    ranking.CONCEPT_TIE,
                )
            )
        if plan.categories:
            best = [
                Query.const_score_query(_term("category", code), ranking.category_points(weight))
                for code, weight in plan.categories
            ]
            scored.append(Query.disjunction_max_query(best))
        exact = [
            Query.const_score_query(_term("key", str(id_)), points) for id_, points in plan.ids
        ]
        if plan.exact:
            exact.append(Query.const_score_query(_term("name_t", plan.exact), ranking.EXACT))
        if exact:
            scored.append(Query.disjunction_max_query(exact))
        if plan.prefer:
            scored.append(
                Query.const_score_query(_any("population", plan.prefer), ranking.PREFERRED)
            )
        clauses = [(Occur.Should, query) for query in scored]
        if plan.stage == "browse":
            clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), ranking.BROWSE)))
        return clauses

    @staticmethod
    def _concept(code: str, weight: float) -> Query:
        return Query.disjunction_max_query(
            [
                Query.const_score_query(_term("main_term", code), ranking.concept_points(weight)),
                Query.const_score_query(_term("term", code), ranking.secondary_points(weight)),
            ]
        )

    def _scored(self, *more: tuple[Occur, Query]) -> Query:
        return Query.boolean_query([*self._conditions(), *more, *self._scoring()])

    def _matching(self, *more: tuple[Occur, Query], but: str = "") -> Query:
        return Query.boolean_query([*self._conditions(but=but), *more])

    def total(self) -> int:
        """Count the matches."""
        return int(self.searcher.search(self._matching(), limit=1).count)  # type: ignore[attr-defined]  # missing in the stubs

    # ---- Order ------------------------------------------------------------------------------
    def _top(self, query: Query, wanted: int) -> tuple[Hits, int]:
        """Return the best and all that tie with the last of them, as far as it makes sense."""
        limit = wanted + _TIES
        while True:
            found = self.searcher.search(query, limit=limit, weight_by_field="qw")
            hits: Hits = found.hits
            tied = len(hits) == limit and hits[-1][0] == hits[wanted - 1][0]
            if not tied or limit >= MOST_CANDIDATES:
                return hits, int(found.count)  # type: ignore[attr-defined]  # missing in the stubs
            limit = min(limit * 8, MOST_CANDIDATES)

    def result(self) -> Result:
        """Answer the plan."""
        plan = self.plan
        if plan.sort in {"name", "verified"}:
            total, found = self._by_field()
        elif plan.sort == "distance" and plan.geo and plan.geo.lat is not None:
            total, found = self._by_distance()
        elif plan.geo and plan.geo.lat is not None:
            total, found = self._by_blend()
        else:
            total, found = self._by_score()
        return Result(total, tuple(found), self._facets())

    @property
    def _end(self) -> int:
        return self.plan.offset + self.plan.limit

    def _page(self, found: list[Found]) -> list[Found]:
        return found[self.plan.offset : self._end]

    def _by_score(self) -> tuple[int, list[Found]]:
        hits, total = self._top(self._scored(), max(1, self._end))
        ids = self._ids([address for _, address in hits])
        found = [Found(int(i), s * _UNIT, None) for i, (s, _) in zip(ids, hits, strict=True)]
        found.sort(key=lambda hit: (-hit.score, hit.id))
        return total, self._page(found)

    def _rescored(self, hits: Hits) -> list[Found]:
        """Give hits their distance, and the score that distance makes of theirs."""
        addresses = [address for _, address in hits]
        ids, points = self._ids(addresses), self._points(addresses)
        geo = self.plan.geo
        assert geo is not None  # noqa: S101  # asked by the callers
        metres = _nearest(points, geo)
        return [
            Found(
                int(id_),
                score * _UNIT * ranking.place(float(m) if np.isfinite(m) else None),
                float(m) if np.isfinite(m) else None,
            )
            for id_, (score, _), m in zip(ids, hits, metres, strict=True)
        ]

    def _by_blend(self) -> tuple[int, list[Found]]:
        near = _silent(self._around(NEAR_M))
        pointless = _silent(_number("npt", None, 0))
        close, _ = self._top(self._scored(near), MOST_CANDIDATES)
        wide = max(FAR_CANDIDATES, self._end)
        far, _ = self._top(
            self._scored((Occur.MustNot, pointless[1]), (Occur.MustNot, near[1])), wide
        )
        bare, _ = self._top(self._scored(pointless), max(1, self._end))
        found = self._rescored([*close, *far, *bare])
        found.sort(key=lambda hit: (-hit.score, hit.id))
        return self.total(), self._page(found)

    def _around(self, radius_m: float) -> Query:
        geo = self.plan.geo
        assert geo is not None  # noqa: S101  # asked by the callers
        assert geo.lat is not None  # noqa: S101
        assert geo.lon is not None  # noqa: S101
        cover = cells.of_circle(geo.lat, geo.lon, radius_m)
        ways = [_any(name, squares) for name, squares in cover.inside.items() if squares]
        return _either([*ways, *([_any(cover.cut_name, cover.cut)] if cover.cut else [])])

    def _by_distance(self) -> tuple[int, list[Found]]:
        total = self.total()
        measured: list[Found] = []
        for radius in (*_RINGS, None):
            ring = [_silent(self._around(radius))] if radius else [_silent(_number("npt", 1, None))]
            found = self.searcher.search(
                self._scored(*ring), limit=max(1, total), weight_by_field="qw", count=False
            )
            measured = self._rescored(found.hits)
            if radius is None or sum((h.distance_m or 0) <= radius for h in measured) >= self._end:
                break
        measured.sort(key=lambda hit: (hit.distance_m or 0.0, hit.id))
        if len(measured) >= self._end:
            return total, self._page(measured)
        bare, _ = self._top(self._scored(_silent(_number("npt", None, 0))), max(1, self._end))
        rest = sorted(self._rescored(bare), key=lambda hit: (-hit.score, hit.id))
        return total, self._page([*measured, *rest])

    def _by_field(self) -> tuple[int, list[Found]]:
        by_name = self.plan.sort == "name"
        name_key = f"name_key_{self.plan.language}"
        found = self.searcher.search(
            self._matching(),
            limit=max(1, self._end),
            order_by_field=name_key if by_name else "verified_order",
            order=Order.Asc if by_name else Order.Desc,
        )
        page = [address for _, address in found.hits][self.plan.offset :]
        ids = [int(id_) for id_ in self._ids(page)]
        scores = self._scores(ids)
        return int(found.count), [scores[id_] for id_ in ids]  # type: ignore[attr-defined]  # missing in the stubs

    def _scores(self, ids: Sequence[int]) -> dict[int, Found]:
        if not ids:
            return {}
        only = _silent(_any("key", [str(id_) for id_ in ids]))
        found = self.searcher.search(self._scored(only), limit=len(ids), weight_by_field="qw")
        if self.plan.geo and self.plan.geo.lat is not None:
            return {hit.id: hit for hit in self._rescored(found.hits)}
        hit_ids = self._ids([address for _, address in found.hits])
        return {
            int(id_): Found(int(id_), score * _UNIT, None)
            for id_, (score, _) in zip(hit_ids, found.hits, strict=True)
        }

    # ---- Facets -----------------------------------------------------------------------------
    def _facets(self) -> dict[str, dict[str, int]]:
        filtered = {wanted.field for wanted in self.plan.filters}
        together = [f for f in self.plan.facets if own_filter(f) not in filtered]
        counted = self._count(together, but="")
        for facet in self.plan.facets:
            if facet not in together:
                counted |= self._count([facet], but=own_filter(facet))
        return {facet: counted[facet] for facet in self.plan.facets}

    def _count(self, facets: Sequence[str], *, but: str) -> dict[str, dict[str, int]]:
        plain = [facet for facet in facets if facet not in {"open", "verified"}]
        counted: dict[str, dict[str, int]] = {}
        if plain:
            wanted = {f: {"terms": {"field": FACETS[f], "size": 65_000}} for f in plain}
            found = self.searcher.aggregate(self._matching(but=but), wanted)
            for facet in plain:
                buckets = found[facet]["buckets"]
                counted[facet] = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
        if "open" in facets:
            states = ("open", "closed", "unknown")
            counted["open"] = self._sizes({s: self._opening(s) for s in states}, but=but)
        if "verified" in facets:
            counted["verified"] = self._sizes(self._ages(), but=but)
        return counted

    def _ages(self) -> dict[str, Query]:
        today = self.plan.today
        near, far = VERIFIED_EDGES
        return {
            str(near): _number("verified_day", max(0, today - near), None),
            str(far): _number("verified_day", max(0, today - far), None),
            "older": _number("verified_day", None, max(0, today - far - 1))
            if today > far
            else _none(),
        }

    def _sizes(self, parts: dict[str, Query], *, but: str) -> dict[str, int]:
        sizes = {
            name: int(
                self.searcher.search(self._matching(_silent(query), but=but), limit=1).count  # type: ignore[attr-defined]  # missing in the stubs
            )
            for name, query in parts.items()
        }
        return {name: size for name, size in sizes.items() if size}


def _nearest(points: Numbers, geo: Geo) -> Numbers:
    """Return metres to the nearest point of each document; without a point infinity."""
    metres = cells.meters(geo.lat or 0.0, geo.lon or 0.0, points[..., 0], points[..., 1])
    return np.asarray(np.where(np.isnan(metres), np.inf, metres).min(axis=1, initial=np.inf))


def _in_box(points: Numbers, geo: Geo) -> npt.NDArray[np.bool_]:
    box = geo.box
    assert box is not None  # noqa: S101  # asked by the caller
    lat, lon = points[..., 0], points[..., 1]
    if box.west <= box.east:
        between = (lon >= box.west) & (lon <= box.east)
    else:
        between = (lon >= box.west) | (lon <= box.east)
    return np.asarray((between & (lat >= box.south) & (lat <= box.north)).any(axis=1))
