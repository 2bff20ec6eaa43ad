"""The answer to one plan: who comes first, how far, how many of which kind."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tantivy
from tantivy import Occur, Order, Query

from search import ranking
from search.backends import cells
from search.backends.base import (
    FACETS,
    FAR_CANDIDATES,
    MOST_CANDIDATES,
    NEAR_M,
    VERIFIED_EDGES,
    Found,
    Result,
    own_filter,
)
from search.backends.embedded.conditions import (
    Conditions,
    Ids,
    Mask,
    Numbers,
    any_of,
    either,
    nearest,
    nothing,
    number_between,
    silent,
)

Hits = list[tuple[float, tantivy.DocAddress]]

_RINGS = (5_000.0, 20_000.0, 60_000.0, 200_000.0)
# Beyond this radius a circle may hold so many that they are not all looked at.
_LOOKED_AT_M = 20_000.0
_TIES = 60
_UNIT = 0.25


@dataclass(frozen=True, slots=True)
class Candidates:
    """Documents on their way to a page: ids, points before distance, meters (or infinity)."""

    ids: Ids
    base: Numbers
    meters: Numbers

    def kept(self, mask: Mask) -> "Candidates":
        """Return some of them."""
        return Candidates(self.ids[mask], self.base[mask], self.meters[mask])

    def joined(self, *others: "Candidates") -> "Candidates":
        """Return all of them."""
        every = (self, *others)
        return Candidates(
            np.concatenate([each.ids for each in every]),
            np.concatenate([each.base for each in every]),
            np.concatenate([each.meters for each in every]),
        )

    def page(self, plan_sort: str, start: int, end: int) -> list[Found]:
        """Return a page by score, or by distance with the rest by score behind."""
        scores = self.base * ranking.places(self.meters)
        if plan_sort == "distance":
            behind = np.where(np.isfinite(self.meters), 0.0, -scores)
            order = np.lexsort((self.ids, behind, self.meters))
        else:
            order = np.lexsort((self.ids, -scores))
        return [
            Found(
                int(self.ids[row]),
                float(scores[row]),
                float(self.meters[row]) if np.isfinite(self.meters[row]) else None,
            )
            for row in order[start:end]
        ]


class Search(Conditions):
    """Puts the answer to a plan together."""

    def total(self) -> int:
        """Count the matches."""
        return self._size(self._matching())

    def _size(self, query: Query) -> int:
        return int(self.searcher.search(query, limit=1).count)  # type: ignore[attr-defined]  # missing in the stubs

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
        plan, geo = self.plan, self.plan.geo
        if plan.sort in {"name", "verified"}:
            total, found = self._by_field()
        elif geo is None or geo.lat is None:
            total, found = self._by_score()
        elif geo.radius_m is not None and geo.radius_m <= _LOOKED_AT_M and geo.box is None:
            total, found = self._in_radius(geo.radius_m)
        elif plan.sort == "distance":
            total, found = self._by_distance()
        else:
            total, found = self._by_blend()
        return Result(total, tuple(found), self._facets())

    @property
    def _end(self) -> int:
        return self.plan.offset + self.plan.limit

    def _page(self, candidates: Candidates) -> list[Found]:
        return candidates.page(self.plan.sort, self.plan.offset, self._end)

    def _by_score(self) -> tuple[int, list[Found]]:
        hits, total = self._top(self._scored(), max(1, self._end))
        ids = self._ids([address for _, address in hits])
        found = [Found(int(i), s * _UNIT, None) for i, (s, _) in zip(ids, hits, strict=True)]
        found.sort(key=lambda hit: (-hit.score, hit.id))
        return total, found[self.plan.offset : self._end]

    def _measured(self, hits: Hits) -> Candidates:
        """Look up the distance of hits."""
        addresses = [address for _, address in hits]
        geo = self.plan.geo
        assert geo is not None  # noqa: S101  # asked by the callers
        base = np.array([score for score, _ in hits], dtype=float) * _UNIT
        return Candidates(self._ids(addresses), base, nearest(self._points(addresses), geo))

    def _in_radius(self, radius_m: float) -> tuple[int, list[Found]]:
        """Look at everything in the squares around, and at what serves the area from elsewhere."""
        geo = self.plan.geo
        assert geo is not None  # noqa: S101  # asked by the caller
        around, covering = self._around(radius_m), any_of("covers", geo.covers)
        clauses = self._clauses()
        scoring = self._scoring()
        most = max(1, self.searcher.num_docs)
        near = Query.boolean_query([*clauses, silent(around), *scoring])
        hits = self.searcher.search(near, limit=most, weight_by_field="qw", count=False).hits
        inside = self._measured(hits)
        if not geo.covers:
            inside = inside.kept(inside.meters <= radius_m)
            return len(inside.ids), self._page(inside)
        both = Query.boolean_query([*clauses, silent(around), silent(covering)])
        serving = self._ids(self._all(both))
        inside = inside.kept((inside.meters <= radius_m) | np.isin(inside.ids, serving))
        far = Query.boolean_query([*clauses, silent(covering), (Occur.MustNot, around), *scoring])
        wanted = MOST_CANDIDATES if self.plan.sort == "distance" else FAR_CANDIDATES
        outside, more = self._top(far, max(wanted, self._end))
        return len(inside.ids) + more, self._page(inside.joined(self._measured(outside)))

    def _by_blend(self) -> tuple[int, list[Found]]:
        near = silent(self._around(NEAR_M))
        pointless = silent(number_between("npt", None, 0))
        close, some = self._top(self._scored(near), MOST_CANDIDATES)
        wide = max(FAR_CANDIDATES, self._end)
        elsewhere = self._scored((Occur.MustNot, pointless[1]), (Occur.MustNot, near[1]))
        far, others = self._top(elsewhere, wide)
        bare, rest = self._top(self._scored(pointless), max(1, self._end))
        return some + others + rest, self._page(self._measured([*close, *far, *bare]))

    def _around(self, radius_m: float) -> Query:
        geo = self.plan.geo
        assert geo is not None  # noqa: S101  # asked by the callers
        assert geo.lat is not None  # noqa: S101
        assert geo.lon is not None  # noqa: S101
        cover = cells.of_circle(geo.lat, geo.lon, radius_m)
        ways = [any_of(name, squares) for name, squares in cover.inside.items() if squares]
        return either([*ways, *([any_of(cover.cut_name, cover.cut)] if cover.cut else [])])

    def _by_distance(self) -> tuple[int, list[Found]]:
        total = self.total()
        measured = self._measured([])
        for radius in (*_RINGS, None):
            ring = silent(self._around(radius) if radius else number_between("npt", 1, None))
            found = self.searcher.search(
                self._scored(ring), limit=max(1, total), weight_by_field="qw", count=False
            )
            measured = self._measured(found.hits)
            if radius is None or np.count_nonzero(measured.meters <= radius) >= self._end:
                break
        if len(measured.ids) < self._end:
            pointless = silent(number_between("npt", None, 0))
            bare, _ = self._top(self._scored(pointless), max(1, self._end))
            measured = measured.joined(self._measured(bare))
        return total, self._page(measured)

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
        only = silent(any_of("key", [str(id_) for id_ in ids]))
        found = self.searcher.search(self._scored(only), limit=len(ids), weight_by_field="qw")
        if self.plan.geo and self.plan.geo.lat is not None:
            return {hit.id: hit for hit in self._measured(found.hits).page("best", 0, len(ids))}
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
            str(near): number_between("verified_day", max(0, today - near), None),
            str(far): number_between("verified_day", max(0, today - far), None),
            "older": number_between("verified_day", None, max(0, today - far - 1))
            if today > far
            else nothing(),
        }

    def _sizes(self, parts: dict[str, Query], *, but: str) -> dict[str, int]:
        sizes = {
            name: self._size(self._matching(silent(query), but=but))
            for name, query in parts.items()
        }
        return {name: size for name, size in sizes.items() if size}
