"""Invented documents and plans, the same for every run of a seed."""

import random
from dataclasses import replace

from core.text import fold
from search import analysis
from search.documents.doc import Doc
from search.planner import Geo, Group, Plan, dyadic
from search.requests import Box, Filter

CATEGORIES = {f"C{c}": [f"C{c}{n:02d}" for n in range(1, 7)] for c in "ABCDEF"}
LEAVES = {leaf: category for category, leaves in CATEGORIES.items() for leaf in leaves}
WORDS = [
    "老人送餐", "助浴", "法律援助", "医疗救助", "就业培训", "儿童托管", "心理咨询",
    "家暴庇护", "社区活动", "轮椅租借", "上门照料", "低保申请", "助学金", "住房补贴",
    "公益岗位", "康复训练", "戒毒帮教", "志愿服务", "食物银行", "房屋维修",
]  # fmt: skip
LATIN = [
    "food", "legal", "shelter", "care", "training", "wheelchair", "dental", "housing",
    "clinic", "youth", "mental", "visit",
]  # fmt: skip
# Province, city, counties: six digits, so that codes look like real ones.
COUNTIES = {
    f"9{p}0{c}0{n}": (f"9{p}0{c}00", f"9{p}0000", "100000")
    for p in "12"
    for c in "123"
    for n in "1234"
}
CENTERS = [(31.2, 121.45), (39.9, 116.4), (60.0, 10.0), (-41.0, 174.8), (0.01, 179.95)]
POPULATIONS = ["elder", "under14", "disabled", "woman", "veteran", "general"]
TODAY = 2500


def documents(count=2000, seed=7):
    rng = random.Random(seed)
    return [_document(id_, rng) for id_ in rng.sample(range(1, count * 3), count)]


def _document(id_, rng):
    leaves = rng.sample(sorted(LEAVES), rng.choice([1, 1, 1, 2, 3]))
    words = rng.sample(WORDS, rng.randint(1, 4)) + rng.sample(LATIN, rng.randint(0, 3))
    name = words[0] + rng.choice(["中心", "服务站", "", " center", "计划"])
    names = [*dict.fromkeys(analysis.tokens(name, singles=True)), analysis.exact(name)]
    body = [token for word in words for token in analysis.tokens(word)]
    county = rng.choice(sorted(COUNTIES))
    covers = rng.choice([(), (), (county,), (COUNTIES[county][0],), ("100000",)])
    status, trust = rng.choice(
        [("active", 1.0), ("active", 1.0), ("due", 0.9), ("stale", 0.75), ("suspended", 0.5)]
    )
    availability, factor = rng.choice(
        [("open", 1.0), ("full", 0.8), ("waitlist", 0.9), ("unknown", 1.0)]
    )
    day = rng.choice([0, rng.randint(1000, TODAY), TODAY - rng.randint(0, 120)])
    points = _points(rng)
    low = rng.choice([0, 0, 72, 216, 720])
    return Doc(
        id=id_,
        version=rng.randint(1, 9),
        name_t=" ".join(names),
        tax_t=" ".join(
            dict.fromkeys(
                t
                for leaf in leaves
                for t in analysis.tokens(
                    WORDS[sorted(LEAVES).index(leaf) % len(WORDS)], singles=True
                )
            )
        ),
        body_t=" ".join(dict.fromkeys(body)),
        term=tuple(dict.fromkeys([*leaves, *(LEAVES[leaf] for leaf in leaves)])),
        main_term=tuple(leaves[:1]) if rng.random() < 0.5 else tuple(leaves),
        category=tuple(dict.fromkeys(LEAVES[leaf] for leaf in leaves)),
        population=tuple(rng.sample(POPULATIONS, rng.randint(0, 2))),
        org=(f"o{rng.randint(1, 90)}",),
        org_type=(rng.choice(["ngo", "hospital", "street"]),),
        sector=(rng.choice(["civil", "health"]),),
        area=tuple(dict.fromkeys([county, *COUNTIES[county], *covers])),
        covers=covers,
        language=tuple(rng.sample(["cmn", "yue", "en", "csl"], rng.randint(0, 3))),
        fee=(rng.choice(["free", "low_cost", "market"]),),
        application=tuple(rng.sample(["walk_in", "phone", "online"], rng.randint(0, 2))),
        accessibility=tuple(rng.sample(["wheelchair", "lift"], rng.randint(0, 2))),
        availability=(availability,),
        status=(status,),
        audience=(rng.choice(["public", "public", "public", "partner", "staff"]),),
        modes=tuple(rng.sample(["in_person", "remote", "home_visit"], rng.randint(1, 2))),
        sched=tuple(str(n) for n in rng.sample(range(1, 9), rng.randint(0, 2))),
        age_min=low,
        age_max=rng.choice([1800, low + 120, low + 600]),
        verified_day=day,
        quality=trust * factor * (1 + 2e-5 * day),
        points=points,
        name_key_zh=fold(name),
        name_key_en=f"{id_ % 97:03d}",
    )


def _points(rng):
    if rng.random() < 0.15:
        return ()
    lat, lon = rng.choice(CENTERS)
    spread = rng.choice([0.01, 0.05, 0.3])
    amount = rng.choice([1, 1, 1, 1, 2, 3, 11])
    return tuple(
        (round(rng.gauss(lat, spread), 6), round((rng.gauss(lon, spread) + 180) % 360 - 180, 6))
        for _ in range(amount)
    )


def plans(count=320, seed=11):
    rng = random.Random(seed)
    return [plan(rng) for _ in range(count)]


def plan(rng):
    stage = rng.choice(["browse", "strict", "strict", "relaxed", "related"])
    made = Plan(stage=stage, today=TODAY, sched=frozenset(rng.sample(range(1, 9), 3)))
    if stage != "browse":
        made = replace(made, **_words(rng))
    geo = _geo(rng)
    sorts = ["best", "best", "best", "name", "verified"] + (
        ["distance"] * 3 if geo and geo.lat is not None else []
    )
    facets = rng.sample(
        [
            "category",
            "term",
            "area",
            "population",
            "org_type",
            "sector",
            "fee",
            "application",
            "mode",
            "language",
            "accessibility",
            "availability",
            "open",
            "verified",
            "cell_b",
        ],
        rng.choice([0, 0, 3, 6]),
    )
    return replace(
        made,
        filters=_filters(rng),
        geo=geo,
        facets=tuple(facets),
        sort=rng.choice(sorts),
        offset=rng.choice([0, 0, 0, 25, 100]),
        limit=rng.choice([10, 25, 100]),
        audience=rng.choice(["public", "public", "partner", "staff"]),
        language=rng.choice(["zh", "en"]),
        prefer=tuple(rng.sample(POPULATIONS, rng.choice([0, 0, 1, 2]))),
    )


def _words(rng):
    groups: list[Group] = []
    weights: dict[str, float] = {}
    words = rng.sample(WORDS + LATIN, rng.randint(1, 3))
    concepts = tuple(
        (leaf, dyadic(rng.uniform(0.08, 2)))
        for leaf in rng.sample(sorted(LEAVES), rng.randint(0, 6))
    )
    for word in words:
        tokens = list(dict.fromkeys(analysis.tokens(word)))
        carried = tuple(c for c, w in concepts if w >= 0.6 and rng.random() < 0.5)
        groups.append(Group(tuple(tokens), rng.randint(1, len(tokens)), len(tokens), carried))
        weights |= {token: dyadic(rng.uniform(0.02, 0.5)) for token in tokens}
    categories = tuple(
        (c, dyadic(rng.uniform(0.1, 2))) for c in rng.sample(sorted(CATEGORIES), rng.randint(1, 3))
    )
    return {
        "groups": tuple(groups),
        "weights": weights,
        "concepts": concepts,
        "categories": categories,
        "exact": rng.choice(["", analysis.exact(words[0] + "中心")]),
        "ids": tuple(
            (rng.randint(1, 6000), rng.choice([40.0, 200.0])) for _ in range(rng.choice([0, 0, 3]))
        ),
        "min_tokens": max(1, round(0.7 * sum(g.size for g in groups))),
        "without": tuple(rng.sample(range(1, 6000), rng.choice([0, 0, 5]))),
    }


def _filters(rng):
    county = rng.choice(sorted(COUNTIES))
    chain = (county, *COUNTIES[county])
    every = [
        Filter("status", "any", ("active", "due", "stale")),
        Filter("term", "any", tuple(rng.sample([*LEAVES, *CATEGORIES], 3))),
        Filter("fee", "any", (rng.choice(["free", "low_cost"]),)),
        Filter("population", "any", (rng.choice(POPULATIONS),)),
        Filter("covers_age", "covers_age", (rng.choice([0, 60, 300, 900]),)),
        Filter("verified_day", "range", (TODAY - rng.choice([30, 90, 365]), None)),
        Filter("area", "region", (chain[rng.randint(0, 2) :],)),
        Filter("home", "region", (chain,)),
        Filter("open", "any", (rng.choice(["open", "closed", "unknown"]),)),
        Filter("modes", "any", ("remote", "home_visit")),
        Filter("language", "any", (rng.choice(["yue", "en", "none"]),)),
        Filter("org", "any", (f"o{rng.randint(1, 90)}",)),
    ]
    return tuple(rng.sample(every, rng.choice([0, 0, 1, 1, 2, 3])))


def _geo(rng):
    if rng.random() < 0.4:
        return None
    lat, lon = rng.choice(CENTERS)
    lat, lon = lat + rng.uniform(-0.05, 0.05), (lon + rng.uniform(-0.05, 0.05) + 180) % 360 - 180
    radius = rng.choice([None, None, 800.0, 5_000.0, 30_000.0, 150_000.0])
    covers = (rng.choice(sorted(COUNTIES)), "100000") if rng.random() < 0.5 else ()
    box = None
    if rng.random() < 0.15:
        east = lon + 0.3
        box = Box(lon - 0.2, lat - 0.2, east - 360 if east > 180 else east, lat + 0.2)
    return Geo(lat, lon, radius, covers, box)
