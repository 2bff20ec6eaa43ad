"""A plan as queries of the embedded engine."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import tantivy
from tantivy import FieldType, Occur, Query

from search import ranking
from search.backends import cells
from search.backends.base import (
    AUDIENCES,
    own_filter,
)
from search.backends.embedded.index import MICRO, POINTS, SCHEMA, unpack
from search.documents.doc import MAX_POINTS
from search.planner import Geo, Plan
from search.requests import Filter

Numbers = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Beside a rarer condition so many terms are skipped through; a set is read to its end.
_ONE_BY_ONE = 256
_TEXTS = {"name_t": ranking.NAME, "tax_t": ranking.TAX, "body_t": ranking.BODY}


def term(field: str, value: str) -> Query:
    """Match one code or token."""
    return Query.term_query(SCHEMA, field, value, "basic")


def any_of(field: str, values: Iterable[str]) -> Query:
    """Match any of several codes."""
    wanted = list(values)
    if not wanted:
        return nothing()
    if len(wanted) <= _ONE_BY_ONE:
        return either([term(field, value) for value in wanted])
    return Query.term_set_query(SCHEMA, field, wanted)


def either(queries: Sequence[Query]) -> Query:
    """Match one of several queries."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, q) for q in queries] or [(Occur.Must, nothing())])


def nothing() -> Query:
    """Match no document."""
    return Query.empty_query()


def least(field: str, tokens: Sequence[str], least: int) -> Query:
    """Match documents with at least so many of the tokens."""
    terms = [term(field, token) for token in tokens]
    if least <= 1:
        return either(terms)
    if least >= len(terms):
        return Query.boolean_query([(Occur.Must, term) for term in terms])
    return Query.boolean_query(
        [(Occur.Should, t) for t in terms], minimum_number_should_match=least
    )


def number_between(field: str, low: int | None, high: int | None) -> Query:
    """Match a number within bounds, both included."""
    return Query.range_query(SCHEMA, field, FieldType.Unsigned, low, high)


def silent(query: Query) -> tuple[Occur, Query]:
    """Make a condition that filters and does not score."""
    return Occur.Must, Query.const_score_query(query, 0.0)


class Conditions:
    """Turns a plan into queries: who is admitted, under which conditions, with how many points."""

    def __init__(self, searcher: tantivy.Searcher, plan: Plan) -> None:
        """Take a searcher that stays the same for the whole answer."""
        self.searcher, self.plan = searcher, plan

    # ---- Admission and conditions -----------------------------------------------------------
    def _admission(self) -> Query | None:
        plan = self.plan
        if plan.stage == "browse":
            return None
        if plan.stage == "related":
            return any_of("category", [code for code, _ in plan.categories])
        ways = [self._strict()] if plan.groups else []
        if plan.stage == "relaxed":
            if plan.admitting:
                ways.append(any_of("term", plan.admitting))
            if plan.min_tokens:
                ways.append(least("all_t", plan.mandatory, plan.min_tokens))
        if plan.exact:
            ways.append(term("name_t", plan.exact))
        if plan.ids:
            ways.append(any_of("key", [str(id_) for id_, _ in plan.ids]))
        return either(ways) if ways else nothing()

    def _strict(self) -> Query:
        groups = []
        for group in self.plan.groups:
            ways = [least("all_t", group.tokens, group.min_match)]
            if group.concepts:
                ways.append(any_of("term", group.concepts))
            groups.append((Occur.Must, either(ways)))
        return groups[0][1] if len(groups) == 1 else Query.boolean_query(groups)

    def _condition(self, wanted: Filter) -> Query:
        if wanted.op == "covers_age":
            return either([self._age(months) for months in wanted.values])
        if wanted.op == "range":
            low, high = wanted.values
            return number_between(wanted.field, low, high)
        if wanted.op == "region":
            return either([self._region(wanted.field, codes) for codes in wanted.values])
        if wanted.field == "open":
            return either([self._opening(state) for state in wanted.values])
        return any_of(wanted.field, wanted.values)

    @staticmethod
    def _age(months: int) -> Query:
        low, high = number_between("age_min", None, months), number_between("age_max", months, None)
        return Query.boolean_query([(Occur.Must, low), (Occur.Must, high)])

    def _opening(self, state: str) -> Query:
        known = Query.exists_query("sched")
        if state == "unknown":
            return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, known)])
        open_ = any_of("sched", [str(id_) for id_ in sorted(self.plan.sched or ())])
        if state == "open":
            return open_
        return Query.boolean_query([(Occur.Must, known), (Occur.MustNot, open_)])

    @staticmethod
    def _region(field: str, codes: tuple[str, ...]) -> Query:
        covered, inside = any_of("covers", codes), term("area", codes[0])
        if field == "home":
            declared = Query.exists_query("covers")
            inside = Query.boolean_query([(Occur.Must, inside), (Occur.MustNot, declared)])
        return either([covered, inside])

    def _clauses(self, *, but: str = "") -> list[tuple[Occur, Query]]:
        plan = self.plan
        clauses = [silent(any_of("audience", AUDIENCES[plan.audience]))]
        admission = self._admission()
        if admission is not None:
            clauses.append(silent(admission))
        kept = (wanted for wanted in plan.filters if wanted.field != but)
        clauses += [silent(self._condition(wanted)) for wanted in kept]
        if plan.without:
            clauses.append((Occur.MustNot, any_of("key", [str(id_) for id_ in plan.without])))
        return clauses

    def _conditions(self, *, but: str = "") -> list[tuple[Occur, Query]]:
        clauses = self._clauses(but=but)
        return clauses if self._where is None else [*clauses, silent(self._where)]

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
            inside = self._inside([cover], lambda points: nearest(points, geo) <= radius)
            if geo.covers:
                inside.append(any_of("covers", geo.covers))
            parts.append(either(inside))
        if geo.box is not None:
            covers = cells.of_window(geo.box)
            parts.append(either(self._inside(covers, lambda points: in_box(points, geo))))
        return Query.boolean_query([(Occur.Must, part) for part in parts])

    def _inside(
        self, covers: Sequence[cells.Cover], holds: Callable[[Numbers], npt.NDArray[np.bool_]]
    ) -> list[Query]:
        ways = [
            any_of(name, squares)
            for cover in covers
            for name, squares in cover.inside.items()
            if squares
        ]
        cut = [any_of(cover.cut_name, cover.cut) for cover in covers if cover.cut]
        if cut:
            # Facets ask without their own filters, so the squares are looked into without them.
            faceted = {own_filter(facet) for facet in self.plan.facets}
            asked = [f for f in self.plan.filters if f.field not in faceted]
            clauses = [silent(either(cut)), *(silent(self._condition(f)) for f in asked)]
            admission = self._admission()
            clauses += [silent(admission)] if admission is not None else []
            hits = self._all(Query.boolean_query(clauses))
            ids, points = self._ids(hits), self._points(hits)
            ways.append(any_of("key", [str(id_) for id_ in ids[holds(points)]]))
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
            asked = addresses if len(rows) == len(addresses) else [addresses[r] for r in rows]
            packed = self.searcher.fast_field_values(POINTS[number], asked)
            points[rows, number] = unpacked(np.array(packed, dtype=np.uint64))
        for row in np.flatnonzero(counts > MAX_POINTS):
            rest = str(self.searcher.doc(addresses[row]).get_first("more") or "").split()
            points[row, MAX_POINTS : MAX_POINTS + len(rest)] = [unpack(int(v)) for v in rest]
        return points

    # ---- Scores -----------------------------------------------------------------------------
    def _scoring(self) -> list[tuple[Occur, Query]]:
        plan = self.plan
        scored = [
            Query.const_score_query(term(field, token), weight * points)
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
                Query.const_score_query(term("category", code), ranking.category_points(weight))
                for code, weight in plan.categories
            ]
            scored.append(Query.disjunction_max_query(best))
        exact = [Query.const_score_query(term("key", str(id_)), points) for id_, points in plan.ids]
        if plan.exact:
            exact.append(Query.const_score_query(term("name_t", plan.exact), ranking.EXACT))
        if exact:
            scored.append(Query.disjunction_max_query(exact))
        if plan.prefer:
            scored.append(
                Query.const_score_query(any_of("population", plan.prefer), ranking.PREFERRED)
            )
        clauses = [(Occur.Should, query) for query in scored]
        if plan.stage == "browse":
            clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), ranking.BROWSE)))
        return clauses

    @staticmethod
    def _concept(code: str, weight: float) -> Query:
        return Query.disjunction_max_query(
            [
                Query.const_score_query(term("main_term", code), ranking.concept_points(weight)),
                Query.const_score_query(term("term", code), ranking.secondary_points(weight)),
            ]
        )

    def _scored(self, *more: tuple[Occur, Query]) -> Query:
        return Query.boolean_query([*self._conditions(), *more, *self._scoring()])

    def _matching(self, *more: tuple[Occur, Query], but: str = "") -> Query:
        return Query.boolean_query([*self._conditions(but=but), *more])


def unpacked(packed: npt.NDArray[np.uint64]) -> Numbers:
    """Take points out of their numbers."""
    lat = (packed >> np.uint64(32)).astype(float) / MICRO - 90
    lon = (packed & np.uint64(0xFFFFFFFF)).astype(float) / MICRO - 180
    return np.stack([lat, lon], axis=-1)


def nearest(points: Numbers, geo: Geo) -> Numbers:
    """Return metres to the nearest point of each document; without a point infinity."""
    metres = cells.meters(geo.lat or 0.0, geo.lon or 0.0, points[..., 0], points[..., 1])
    return np.asarray(np.where(np.isnan(metres), np.inf, metres).min(axis=1, initial=np.inf))


def in_box(points: Numbers, geo: Geo) -> Mask:
    """Say which documents have a point in the window."""
    box = geo.box
    assert box is not None  # noqa: S101  # asked by the caller
    lat, lon = points[..., 0], points[..., 1]
    if box.west <= box.east:
        between = (lon >= box.west) & (lon <= box.east)
    else:
        between = (lon >= box.west) | (lon <= box.east)
    return np.asarray((between & (lat >= box.south) & (lat <= box.north)).any(axis=1))
