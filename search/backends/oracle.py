"""Brute force over sets and numpy, written from the rules and not from the other engines.

It checks them in tests and is the floor in the benchmark; it keeps everything in memory.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from search import ranking
from search.backends.base import (
    AUDIENCES,
    FACETS,
    VERIFIED_EDGES,
    Failure,
    Found,
    Health,
    Result,
    Sums,
    Unavailable,
    own_filter,
)
from search.documents.doc import CELL_SIZES, Doc
from search.planner import Geo, Plan
from search.requests import Filter

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

_EARTH = 6_371_008.8
_TEXTS = {"name_t": ranking.NAME, "tax_t": ranking.TAX, "body_t": ranking.BODY}
_CODES = [
    "term", "main_term", "category", "population", "org", "org_type", "sector", "area", "covers",
    "language", "fee", "application", "accessibility", "availability", "status", "audience",
    "modes", "sched", *CELL_SIZES,
]  # fmt: skip


class _Columns:
    """All documents of a generation, turned on their side."""

    def __init__(self, documents: Iterable[Doc]) -> None:
        self.docs = sorted(documents, key=lambda doc: doc.id)
        self.n = len(self.docs)
        self.ids = np.array([doc.id for doc in self.docs], dtype=np.int64)
        self.quality = np.array([doc.quality for doc in self.docs], dtype=float)
        self.age_min = np.array([doc.age_min for doc in self.docs], dtype=int)
        self.age_max = np.array([doc.age_max for doc in self.docs], dtype=int)
        self.verified_day = np.array([doc.verified_day for doc in self.docs], dtype=int)
        self._rows = {name: self._postings(name) for name in (*_TEXTS, *_CODES)}
        owners = [row for row, doc in enumerate(self.docs) for _ in doc.points]
        self._owners = np.array(owners, dtype=int)
        flat = [point for doc in self.docs for point in doc.points]
        self._lat = np.radians(np.array([lat for lat, _ in flat], dtype=float))
        self._lon = np.radians(np.array([lon for _, lon in flat], dtype=float))
        self._degrees = flat

    def values(self, doc: Doc, name: str) -> Iterable[str]:
        if name in CELL_SIZES:
            return doc.cells(name)
        value: str | tuple[str, ...] = getattr(doc, name)
        return value.split() if isinstance(value, str) else value

    def _postings(self, name: str) -> dict[str, npt.NDArray[np.int64]]:
        rows: dict[str, list[int]] = defaultdict(list)
        for row, doc in enumerate(self.docs):
            for value in set(self.values(doc, name)):
                rows[value].append(row)
        return {value: np.array(found) for value, found in rows.items()}

    def rows(self, name: str, value: str) -> npt.NDArray[np.int64]:
        return self._rows[name].get(value, np.array([], dtype=int))

    def has(self, name: str, values: Iterable[str]) -> Mask:
        mask = np.zeros(self.n, dtype=bool)
        for value in values:
            mask[self.rows(name, value)] = True
        return mask

    def known(self, name: str) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
        yield from self._rows[name].items()

    def distance(self, geo: Geo) -> Numbers:
        best = np.full(self.n, np.inf)
        if geo.lat is None or geo.lon is None or not len(self._owners):
            return best
        lat, lon = np.radians(geo.lat), np.radians(geo.lon)
        chord = (
            np.sin((self._lat - lat) / 2) ** 2
            + np.cos(lat) * np.cos(self._lat) * np.sin((self._lon - lon) / 2) ** 2
        )
        metres = 2 * _EARTH * np.arcsin(np.minimum(1, np.sqrt(chord)))
        np.minimum.at(best, self._owners, metres)
        return best

    def inside(self, geo: Geo) -> Mask:
        mask = np.zeros(self.n, dtype=bool)
        box = geo.box
        for owner, (lat, lon) in zip(self._owners, self._degrees, strict=True):
            if box and box.south <= lat <= box.north:
                across = box.west > box.east
                between = box.west <= lon <= box.east
                if across:
                    between = lon >= box.west or lon <= box.east
                mask[owner] |= between
        return mask


class _Search:
    """One plan on one set of columns."""

    def __init__(self, columns: _Columns, plan: Plan) -> None:
        self.c, self.plan = columns, plan

    @cached_property
    def distance(self) -> Numbers:
        return self.c.distance(self.plan.geo) if self.plan.geo else np.full(self.c.n, np.inf)

    def _everywhere(self, token: str) -> Mask:
        mask = np.zeros(self.c.n, dtype=bool)
        for name in _TEXTS:
            mask[self.c.rows(name, token)] = True
        return mask

    @cached_property
    def admitted(self) -> Mask:
        plan, c = self.plan, self.c
        if plan.stage == "browse":
            return np.ones(c.n, dtype=bool)
        if plan.stage == "related":
            return c.has("category", [code for code, _ in plan.categories])
        mask = self._strict()
        if plan.stage == "relaxed":
            mask |= c.has("term", plan.admitting)
            if plan.min_tokens:
                found = sum(self._everywhere(token).astype(int) for token in plan.mandatory)
                mask |= np.asarray(found) >= plan.min_tokens
        mask |= c.has("name_t", [plan.exact])
        return mask | np.isin(c.ids, [id_ for id_, _ in plan.ids])

    def _strict(self) -> Mask:
        mask = np.full(self.c.n, bool(self.plan.groups))
        for group in self.plan.groups:
            found = np.zeros(self.c.n, dtype=int)
            for token in group.tokens:
                found += self._everywhere(token)
            mask &= (found >= group.min_match) | self.c.has("term", group.concepts)
        return mask

    def condition(self, wanted: Filter) -> Mask:
        c = self.c
        if wanted.op == "covers_age":
            return _any_of([(c.age_min <= m) & (m <= c.age_max) for m in wanted.values])
        if wanted.op == "range":
            low, high = wanted.values
            column: npt.NDArray[np.int64] = getattr(c, wanted.field)
            mask = np.ones(c.n, dtype=bool) if low is None else column >= low
            return mask if high is None else mask & (column <= high)
        if wanted.op == "region":
            return _any_of([self._region(wanted.field, v) for v in wanted.values])
        if wanted.field == "open":
            return _any_of([self._opening(state) for state in wanted.values])
        return c.has(wanted.field, wanted.values)

    def _opening(self, state: str) -> Mask:
        open_ = self.c.has("sched", [str(id_) for id_ in self.plan.sched or ()])
        known = np.zeros(self.c.n, dtype=bool)
        for _, rows in self.c.known("sched"):
            known[rows] = True
        return {"open": open_, "closed": known & ~open_, "unknown": ~known}[state]

    def _region(self, field: str, codes: tuple[str, ...]) -> Mask:
        covered = self.c.has("covers", codes)
        inside = self.c.has("area", codes[:1])
        if field == "area":
            return covered | inside
        declared = np.zeros(self.c.n, dtype=bool)
        for _, rows in self.c.known("covers"):
            declared[rows] = True
        return covered | (inside & ~declared)

    def mask(self, *, but: str = "") -> Mask:
        plan, c = self.plan, self.c
        mask = self.admitted & c.has("audience", AUDIENCES[plan.audience])
        for wanted in plan.filters:
            if wanted.field != but:
                mask &= self.condition(wanted)
        if plan.geo and plan.geo.radius_m is not None:
            mask &= (self.distance <= plan.geo.radius_m) | c.has("covers", plan.geo.covers)
        if plan.geo and plan.geo.box:
            mask &= c.inside(plan.geo)
        return mask & ~np.isin(c.ids, plan.without)

    @cached_property
    def scores(self) -> Numbers:
        plan, c = self.plan, self.c
        total = np.full(c.n, ranking.BROWSE if plan.stage == "browse" else 0.0)
        for token, weight in plan.weights.items():
            for name, points in _TEXTS.items():
                total[c.rows(name, token)] += weight * points
        total += self._concepts() + self._categories()
        exact = np.zeros(c.n)
        exact[c.rows("name_t", plan.exact)] = ranking.EXACT
        for id_, points in plan.ids:
            exact[c.ids == id_] = np.maximum(exact[c.ids == id_], points)
        total += exact
        total[c.has("population", plan.prefer)] += ranking.PREFERRED
        total *= c.quality
        if plan.geo and plan.geo.lat is not None:
            total *= np.array([ranking.place(d if np.isfinite(d) else None) for d in self.distance])
        return total

    def _concepts(self) -> Numbers:
        best, rest = np.zeros(self.c.n), np.zeros(self.c.n)
        for code, weight in self.plan.concepts:
            points = np.zeros(self.c.n)
            points[self.c.rows("term", code)] = ranking.secondary_points(weight)
            points[self.c.rows("main_term", code)] = ranking.concept_points(weight)
            rest += points
            best = np.maximum(best, points)
        return best + ranking.CONCEPT_TIE * (rest - best)

    def _categories(self) -> Numbers:
        best = np.zeros(self.c.n)
        for code, weight in self.plan.categories:
            rows = self.c.rows("category", code)
            best[rows] = np.maximum(best[rows], ranking.category_points(weight))
        return best

    def order(self, rows: npt.NDArray[np.int64]) -> list[int]:
        def key(row: int) -> tuple[Any, ...]:
            doc, score = self.c.docs[row], self.scores[row]
            if self.plan.sort == "name":
                by_sound = self.plan.language == "zh"
                return (doc.name_key_zh if by_sound else doc.name_key_en, doc.id)
            if self.plan.sort == "verified":
                return (-doc.verified_day, doc.id)
            if self.plan.sort == "distance":
                metres = self.distance[row]
                return (metres, 0.0 if np.isfinite(metres) else -score, doc.id)
            return (-score, doc.id)

        return sorted((int(row) for row in rows), key=key)

    def result(self) -> Result:
        rows = np.flatnonzero(self.mask())
        ordered = self.order(rows)[self.plan.offset : self.plan.offset + self.plan.limit]
        hits = tuple(
            Found(
                int(self.c.ids[row]),
                float(self.scores[row]),
                float(self.distance[row]) if np.isfinite(self.distance[row]) else None,
            )
            for row in ordered
        )
        facets = {name: self._facet(name) for name in self.plan.facets}
        return Result(len(rows), hits, facets)

    def _facet(self, facet: str) -> dict[str, int]:
        mask = self.mask(but=own_filter(facet))
        if facet == "open":
            states = ("open", "closed", "unknown")
            counted = {state: int((mask & self._opening(state)).sum()) for state in states}
        elif facet == "verified":
            counted = self._verified(mask)
        else:
            rows = self.c.known(FACETS[facet])
            counted = {value: int(mask[found].sum()) for value, found in rows}
        return {value: count for value, count in counted.items() if count}

    def _verified(self, mask: Mask) -> dict[str, int]:
        age = self.plan.today - self.c.verified_day
        near, far = VERIFIED_EDGES
        return {
            str(near): int((mask & (age <= near)).sum()),
            str(far): int((mask & (age <= far)).sum()),
            "older": int((mask & (age > far)).sum()),
        }


def _any_of(masks: list[Mask]) -> Mask:
    return np.asarray(np.logical_or.reduce(masks))


class Oracle:
    """An engine in memory."""

    name = "oracle"
    fingerprint = "0" * 8

    def __init__(self) -> None:
        """Start without any generation."""
        self._generations: dict[str, dict[int, Doc]] = {}
        self._removed: dict[str, dict[int, int]] = {}
        self._live = ""
        self._columns: _Columns | None = None

    def begin(self, generation: str) -> None:
        """Create an empty generation."""
        self._generations[generation], self._removed[generation] = {}, {}

    def swap(self, generation: str) -> None:
        """Answer from this generation from now on."""
        self._live, self._columns = generation, None

    def drop(self, generation: str) -> None:
        """Forget a generation."""
        self._generations.pop(generation, None)

    def write(
        self, generation: str, upserts: Sequence[Doc], deletes: Sequence[tuple[int, int]]
    ) -> list[Failure]:
        """Keep the newest version of each document."""
        kept, removed = self._generations[generation], self._removed[generation]
        for doc in upserts:
            before = kept[doc.id].version if doc.id in kept else removed.get(doc.id, -1)
            if doc.version >= before:
                kept[doc.id] = doc
        for id_, version in deletes:
            if id_ not in kept or kept[id_].version <= version:
                kept.pop(id_, None)
                removed[id_] = version
        self._columns = None
        return []

    @contextmanager
    def locked(self, generation: str) -> Iterator[None]:
        """Let everybody in: an engine in memory has one process."""
        yield

    def stored(self) -> list[str]:
        """Return the names of all generations."""
        return sorted(self._generations)

    def _live_columns(self) -> _Columns:
        if self._live not in self._generations:
            raise Unavailable("the oracle has no generation")
        if self._columns is None:
            self._columns = _Columns(self._generations[self._live].values())
        return self._columns

    def search(self, plan: Plan, generation: str = "") -> Result:
        """Answer a plan by looking at every document."""
        if generation:
            return _Search(_Columns(self._generations[generation].values()), plan).result()
        return _Search(self._live_columns(), plan).result()

    def counts(self, plans: Sequence[Plan]) -> list[int]:
        """Return the totals of several plans."""
        return [int(_Search(self._live_columns(), plan).mask().sum()) for plan in plans]

    def sums(self, generation: str, step: int = 1000) -> dict[int, Sums]:
        """Return count and sums per range of ids."""
        found: dict[int, Sums] = {}
        for doc in self._generations[generation].values():
            low = doc.id // step * step
            count, versions, digests = found.get(low, Sums(0, 0, 0))
            found[low] = Sums(count + 1, versions + doc.version, digests + doc.digest)
        return found

    def tokens(self, generation: str, least: int) -> dict[str, int]:
        """Count in how many documents a token stands."""
        counts = Counter(
            token
            for doc in self._generations[generation].values()
            for token in {*doc.name_t.split(), *doc.tax_t.split(), *doc.body_t.split()}
        )
        return {token: n for token, n in counts.items() if n >= least}

    def health(self) -> Health:
        """Say how many documents are live."""
        live = self._generations.get(self._live)
        return Health(ok=live is not None, documents=len(live or {}))
