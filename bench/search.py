"""The embedded engine against brute force with numpy and against PostgreSQL.

K1 words · K2 words within 5 km, blended with distance · K3 category, open now, within 10 km by
distance · K4 broad words with five facets. PostgreSQL has PostGIS, tsvector and an index for each
column; all engines get the same documents in one run and must find the same totals.
"""

import math
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.result import Report, percentile, timed, told
from search import analysis
from search.backends.base import Backend
from search.backends.embedded import Embedded, fingerprint
from search.backends.oracle import Oracle
from search.documents import Doc
from search.planner import Geo, Group, Plan
from search.requests import Filter
from tests import servers

SEED = 7
QUERIES = {"K1": 60, "K2": 40, "K3": 30, "K4": 30}
TRIES = 3
TOP = 20
# Ratio embedded ÷ PostgreSQL that each class must reach at p50.
TARGETS = {"K1": 1 / 15, "K2": 1 / 2.5, "K3": 1 / 2.5, "K4": 1 / 25}
AGAINST_ORACLE = 4.0
FACETS = ("category", "area", "fee", "population", "language")
TODAY = 2500
CITIES = [
    (31.23, 121.47), (39.90, 116.40), (23.13, 113.26), (22.54, 114.06), (30.27, 120.15),
    (30.57, 104.07), (32.06, 118.80), (30.59, 114.31), (34.34, 108.94), (36.07, 120.38),
    (38.91, 121.61), (25.04, 102.71), (43.82, 87.62),
]  # fmt: skip
WORDS = [
    "老人", "送餐", "助浴", "法律", "援助", "医疗", "救助", "就业", "培训", "儿童",
    "托管", "心理", "咨询", "家庭", "暴力", "庇护", "社区", "活动", "轮椅", "租借",
    "上门", "照料", "低保", "申请", "助学", "住房", "补贴", "公益", "岗位", "康复",
    "训练", "戒毒", "帮教", "志愿", "服务", "食物", "银行", "房屋", "维修", "陪诊",
    "探访", "日间", "认知", "障碍", "残疾", "孤独", "特殊", "教育", "婚姻", "调解",
    "工资", "工伤", "养老", "护理", "热线", "辅导", "缓刑", "退役", "流动", "户口",
]  # fmt: skip
FILLER = [
    "由", "社工", "陪同", "办理", "周一", "至", "周五", "请", "带", "身份证", "本区",
    "居民", "优先", "可以", "电话", "预约", "免费", "提供", "材料",
]  # fmt: skip
LATIN = [
    "food", "legal", "shelter", "care", "training", "wheelchair", "housing", "clinic",
    "youth", "mental", "visit", "help",
]  # fmt: skip


# ---- Data -----------------------------------------------------------------------------------
def documents(count: int) -> Iterator[Doc]:
    """Yield services as a nation might have them: dense and sparse, some words everywhere."""
    rng = random.Random(SEED)
    for id_ in range(1, count + 1):
        yield document(id_, rng)


def document(id_: int, rng: random.Random) -> Doc:
    leaf = f"T{rng.randrange(16):02d}{int(rng.paretovariate(1.2)) % 14:02d}"
    city = int(rng.paretovariate(0.9)) % len(CITIES)
    district = rng.randrange(8)
    county = f"{city + 11}01{district + 1:02d}"
    words = [rng.choice(WORDS) for _ in range(4)]
    name = "".join(words[:2]) + rng.choice(["中心", "站", "服务社"])
    body = [rng.choice(WORDS + FILLER) for _ in range(70)]
    body += ["居民", "服务"] if rng.random() < 0.9 else []
    body += [rng.choice(LATIN) for _ in range(12)] if rng.random() < 0.45 else []
    day = rng.randint(1200, TODAY)
    points = () if rng.random() < 0.1 else (_point(rng, city, district),)
    return Doc(
        id=id_,
        name_t=" ".join(dict.fromkeys(analysis.tokens(name, singles=True))),
        tax_t=" ".join(dict.fromkeys(analysis.tokens("".join(words), singles=True))),
        body_t=" ".join(dict.fromkeys(analysis.tokens("".join(body)) + body[-12:])),
        term=(leaf, leaf[:3]),
        main_term=(leaf, leaf[:3]),
        category=(leaf[:3],),
        population=(f"p{rng.randrange(12)}",),
        org=(f"o{id_ // 3}",),
        area=(county, county[:4] + "00", county[:2] + "0000", "100000"),
        covers=("100000",) if not points else (),
        language=tuple({rng.choice(["cmn", "cmn", "yue", "en"]), "cmn"}),
        fee=(rng.choice(["free", "free", "low_cost", "market"]),),
        sched=(str(rng.randint(1, 8)),) if rng.random() < 0.85 else (),
        age_min=rng.choice([0, 0, 216, 720]),
        verified_day=day,
        quality=rng.choice([1.0, 1.0, 0.9, 0.75]) * (1 + 2e-5 * day),
        points=points,
    )


def _point(rng: random.Random, city: int, district: int) -> tuple[float, float]:
    lat, lon = CITIES[city]
    angle, spread = district * math.pi / 4, 0.02 if district < 4 else 0.12
    return (
        round(rng.gauss(lat + 0.06 * math.sin(angle), spread), 6),
        round(rng.gauss(lon + 0.06 * math.cos(angle), spread), 6),
    )


def plans() -> dict[str, list[Plan]]:
    """Return the queries of each class, the same for every run."""
    rng = random.Random(3)
    return {
        "K1": [_words(rng, rng.choice([1, 1, 2])) for _ in range(QUERIES["K1"])],
        "K2": [replace(_words(rng, 1), geo=_around(rng, 5000)) for _ in range(QUERIES["K2"])],
        "K3": [_nearby(rng) for _ in range(QUERIES["K3"])],
        "K4": [_broad(rng, number) for number in range(QUERIES["K4"])],
    }


def _words(rng: random.Random, count: int) -> Plan:
    words = rng.sample(WORDS, count)
    groups = tuple(Group((word,), 1, 1) for word in words)
    weights = {word: round(64 / count) / 64 for word in words}
    return Plan("strict", groups=groups, weights=weights, limit=TOP, today=TODAY)


def _around(rng: random.Random, radius: float) -> Geo:
    lat, lon = CITIES[int(rng.paretovariate(0.9)) % len(CITIES)]
    return Geo(lat + rng.uniform(-0.03, 0.03), lon + rng.uniform(-0.03, 0.03), radius)


def _nearby(rng: random.Random) -> Plan:
    wanted = (
        Filter("term", "any", (f"T{rng.randrange(16):02d}",)),
        Filter("open", "any", ("open",)),
    )
    return Plan(
        "browse",
        filters=wanted,
        geo=_around(rng, 10_000),
        sched=frozenset({1, 2, 3}),
        sort="distance",
        limit=TOP,
    )


def _broad(rng: random.Random, number: int) -> Plan:
    word = rng.choice(["服务", "居民", "社区"])
    wanted = (Filter("fee", "any", ("free",)), Filter("age", "covers_age", (300,)))
    return Plan(
        "strict",
        groups=(Group((word,), 1, 1),),
        weights={word: 1.0},
        filters=wanted if number % 2 else (),
        facets=FACETS,
        limit=TOP,
    )


# ---- PostgreSQL -----------------------------------------------------------------------------
COLUMNS = ("term", "category", "area", "fee", "population", "language", "sched")
TABLE = """
CREATE EXTENSION postgis;
CREATE TABLE doc (id int PRIMARY KEY, tsv tsvector, place geography(Point, 4326), quality float8,
    age_min int, age_max int, term text[], category text[], area text[], fee text[],
    population text[], language text[], sched text[]);
CREATE TEMP TABLE raw (id int, a text[], b text[], c text[], lat float8, lon float8,
    quality float8, age_min int, age_max int, term text[], category text[], area text[],
    fee text[], population text[], language text[], sched text[]);
"""
FILL = """
INSERT INTO doc SELECT id,
    setweight(array_to_tsvector(a), 'A') || setweight(array_to_tsvector(b), 'B')
        || setweight(array_to_tsvector(c), 'C'),
    CASE WHEN lat IS NULL THEN NULL ELSE ST_MakePoint(lon, lat)::geography END,
    quality, age_min, age_max, term, category, area, fee, population, language, sched FROM raw;
CREATE INDEX ON doc USING gin (tsv);
CREATE INDEX ON doc USING gist (place);
CREATE INDEX ON doc USING gin (term);
CREATE INDEX ON doc USING gin (fee);
CREATE INDEX ON doc USING gin (sched);
CREATE INDEX ON doc (age_min);
"""
POSTGRES = "-c shared_buffers=2GB -c jit=off -c work_mem=64MB -c max_wal_size=4GB"


class Baseline:
    """PostgreSQL with PostGIS and tsvector, one table, exact totals."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.size = 0

    def load(self, docs: Sequence[Doc]) -> float:
        """Copy the documents in and index them; return the seconds."""
        started = time.perf_counter()
        with self.connection.cursor() as cursor:
            cursor.execute(TABLE)
            with cursor.copy("COPY raw FROM STDIN") as copy:
                for doc in docs:
                    lat, lon = doc.points[0] if doc.points else (None, None)
                    texts = [text.split() for text in (doc.name_t, doc.tax_t, doc.body_t)]
                    codes = [list(getattr(doc, name)) for name in COLUMNS]
                    facts = (doc.quality, doc.age_min, doc.age_max)
                    copy.write_row((doc.id, *texts, lat, lon, *facts, *codes))
            cursor.execute(FILL)
            cursor.execute("VACUUM ANALYZE doc")
            seconds = time.perf_counter() - started
            cursor.execute("SELECT pg_total_relation_size('doc')")
            self.size = int(cursor.fetchone()[0])  # type: ignore[index]  # one row
        return seconds

    def _where(self, plan: Plan) -> tuple[str, list[Any]]:
        parts, values = ["true"], list[Any]()
        if plan.groups:
            parts.append("tsv @@ %s::tsquery")
            values.append(" & ".join(f"'{group.tokens[0]}'" for group in plan.groups))
        for wanted in plan.filters:
            if wanted.op == "covers_age":
                parts.append("%s BETWEEN age_min AND age_max")
                values.append(wanted.values[0])
            elif wanted.field == "open":
                parts.append("sched && %s")
                values.append([str(n) for n in sorted(plan.sched or ())])
            else:
                parts.append(f"{wanted.field} && %s")
                values.append(list(wanted.values))
        if plan.geo and plan.geo.radius_m:
            parts.append("ST_DWithin(place, ST_MakePoint(%s, %s)::geography, %s, false)")
            values += [plan.geo.lon, plan.geo.lat, plan.geo.radius_m]
        return " AND ".join(parts), values

    def search(self, plan: Plan) -> int:
        """Return the total; rows and facets are fetched as the engines do."""
        where, values = self._where(plan)
        order, more = self._order(plan)
        top = f"SELECT id, count(*) OVER () FROM doc WHERE {where} ORDER BY {order}, id LIMIT {TOP}"
        with self.connection.cursor() as cursor:
            cursor.execute(top, [*values, *more])
            rows = cursor.fetchall()
            for facet in plan.facets:
                cursor.execute(
                    f"SELECT v, count(*) FROM doc, unnest({facet}) v WHERE {where} GROUP BY v",
                    values,
                )
                cursor.fetchall()
        return int(rows[0][1]) if rows else 0

    @staticmethod
    def _order(plan: Plan) -> tuple[str, list[Any]]:
        geo = plan.geo
        point = "ST_MakePoint(%s, %s)::geography"
        if plan.sort == "distance" and geo:
            return f"ST_Distance(place, {point}, false)", [geo.lon, geo.lat]
        tsquery = " & ".join(f"'{group.tokens[0]}'" for group in plan.groups)
        rank = "ts_rank('{0,0.25,0.75,1}', tsv, %s::tsquery) * quality"
        if geo:
            far = f"greatest(0, ST_Distance(place, {point}, false) - 500) / 3000"
            decay = f"0.3 + 0.7 * exp(-0.693 * power({far}, 2))"
            return f"{rank} * ({decay}) DESC", [tsquery, geo.lon, geo.lat]
        return f"{rank} DESC", [tsquery]


# ---- Measuring ------------------------------------------------------------------------------
def best(act: Callable[[Plan], Any], plans: Sequence[Plan]) -> list[float]:
    """Return the milliseconds of each query, the best of some tries."""
    return [min(timed(partial(act, plan)) for _ in range(TRIES)) for plan in plans]


def fill(engine: Backend, docs: Sequence[Doc]) -> float:
    """Write all documents; return the seconds of a core until the first answer."""
    generation = f"{fingerprint()}-bench"
    engine.begin(generation)
    started = time.process_time()
    for start in range(0, len(docs), 20_000):
        engine.write(generation, docs[start : start + 20_000], [])
    engine.swap(generation)
    engine.search(Plan("browse"))
    return time.process_time() - started


def compare(report: Report, docs: Sequence[Doc], embedded: Embedded, rival: Baseline) -> None:
    """Ask all engines all queries, each class in one stretch."""
    oracle = Oracle()
    fill(oracle, docs)
    asked = equal = 0
    for name, queries in plans().items():
        ours = best(embedded.search, queries)
        floor = best(oracle.search, queries)
        theirs = best(rival.search, queries)
        figures = {"ms": told(ours), "postgres_ms": told(theirs), "oracle_ms": told(floor)}
        ratio = percentile(ours, 0.5) / percentile(theirs, 0.5)
        report.promise(f"{name}: embedded ÷ PostgreSQL, p50", ratio, TARGETS[name], **figures)
        ratio = percentile(ours, 0.5) / percentile(floor, 0.5)
        report.promise(f"{name}: embedded ÷ oracle, p50", ratio, AGAINST_ORACLE)
        for query in queries:
            found = {embedded.search(query).total, oracle.search(query).total, rival.search(query)}
            asked, equal = asked + 1, equal + (len(found) == 1)
    report.promise("queries with equal totals in all engines", equal, asked, at_least=True)


def main() -> int:
    """Fill the engines with the same documents and compare them."""
    report = Report.of("search", __doc__, services=100_000)
    docs = list(documents(report.sizes["services"]))
    with (
        tempfile.TemporaryDirectory() as folder,
        servers.postgres(durable=True, settings=POSTGRES) as url,
        closing(psycopg.connect(url, autocommit=True)) as connection,
    ):
        embedded, rival = Embedded(folder), Baseline(connection)
        built, loaded = fill(embedded, docs), rival.load(docs)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        report.promise(
            "documents written a second on a core", len(docs) / built, 5_000, at_least=True
        )
        report.facts["postgres_seconds_to_load"] = round(loaded, 1)
        report.promise("index ÷ PostgreSQL, bytes", size / rival.size, 1 / 5)
        compare(report, docs, embedded, rival)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
