"""The inner part of `bench.search_pages`: a database, an index and pages of its own process."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from core.jobs import now, today  # noqa: E402
from directory.catalogue import models as c  # noqa: E402
from directory.geography.models import Area  # noqa: E402
from search import forms, sync  # noqa: E402

PAGE_TARGET = 1.5
REBUILD_TARGET = 5_000
MEMORY_TARGET_MB = 250
TRIES = 3
ASKED = {
    "text": [
        f"/api/v1/search?q={q}&per_page=20" for q in ("送餐", "法律援助", "康复", "培训", "救助")
    ],
    "text near": [
        f"/api/v1/search?q={q}&per_page=20&lat=30.26&lon=120.13&radius=5000"
        for q in ("送餐", "法律援助", "康复", "培训", "救助")
    ],
    "category near open": [
        f"/api/v1/search?category={c}&per_page=20&lat=30.26&lon=120.13&radius=10000&open=2026-11-25T10:00:00%2B08:00"
        for c in ("EL", "HE", "LE", "CY", "SA")
    ],
    "lay words": [
        f"/api/v1/search?q={q}&per_page=20"
        for q in ("老人没人做饭", "工资要不回来", "孩子不想上学", "看病没钱", "房东赶我走")
    ],
}


def inside(services: int) -> None:
    """Fill a database, build the index, ask pages; print one line of JSON."""

    folder = os.environ["BENCH_FOLDER"]
    settings.SEARCH_DIR = f"{folder}/index"
    connection.settings_dict["NAME"] = f"{folder}/bench.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    call_command("migrate", verbosity=0)
    load(services)
    started, cpu = time.perf_counter(), time.process_time()

    Path(settings.SEARCH_DIR).mkdir(parents=True, exist_ok=True)
    made = sync.rebuild()
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    memory = _memory(folder)
    told: dict[str, Any] = {
        "services": services,
        "rebuild": {
            "documents": made.docs,
            "seconds": round(seconds, 1),
            "cpu_seconds": round(cpu, 1),
        },
        "web_process_mb": memory,
        "classes": {},
    }
    rows = [
        _row("rebuild, documents per CPU second", made.docs / cpu, REBUILD_TARGET, at_most=False),
        _row("memory of a web process, MB", memory, MEMORY_TARGET_MB),
    ]
    rows += _pages(told)
    print(json.dumps(told | {"promises": rows}, ensure_ascii=False))


def _row(name: str, figure: float, target: float, *, at_most: bool = True) -> dict[str, Any]:
    holds = figure <= target if at_most else figure >= target
    return {"name": name, "figure": round(figure, 4), "target": target, "holds": holds}


def load(services: int) -> None:
    """Write services with sites, hours, phones, terms and capacities, in bulk and without news."""

    rng = random.Random(7)
    areas = list(Area.objects.filter(code__in=["330106", "330105", "330102", "330108"]))
    terms = list(c.TaxonomyTerm.objects.filter(taxonomy__code="shegong-cn", parent__isnull=False))
    fees = list(c.TaxonomyTerm.objects.filter(taxonomy__code="fee"))
    with transaction.atomic():
        owners = c.Organization.objects.bulk_create(
            [
                c.Organization(name=f"听雨第{n}社会工作服务中心", state="listed")
                for n in range(services // 3)
            ]
        )
        kinds = [rng.choice(terms) for _ in range(services)]
        made = c.Service.objects.bulk_create(
            [_service(rng, rng.choice(owners), term, today()) for term in kinds], batch_size=500
        )
        locations = c.Location.objects.bulk_create(
            [_location(rng, rng.choice(areas)) for _ in made], batch_size=500
        )
        sites = c.ServiceAtLocation.objects.bulk_create(
            [
                c.ServiceAtLocation(service=service, location=location)
                for service, location in zip(made, locations, strict=True)
                if rng.random() < 0.9
            ],
            batch_size=500,
        )
        for model, rows in (
            (
                c.Attribute,
                [_tag(s, term, "service_type") for s, term in zip(made, kinds, strict=True)],
            ),
            (c.Attribute, [_tag(s, rng.choice(fees), "fee") for s in made]),
            (
                c.Phone,
                [
                    c.Phone(service=s, number=f"0571-8{s.pk:07d}", e164=f"+865718{s.pk:07d}")
                    for s in made
                ],
            ),
            (c.Schedule, [_hours(rng, site) for site in sites]),
            (
                c.ServiceCapacity,
                [c.ServiceCapacity(service=s, availability="open", updated=now()) for s in made],
            ),
        ):
            model.objects.bulk_create(rows, batch_size=500)


def _service(rng: random.Random, owner: Any, term: Any, on: Any) -> Any:

    return c.Service(
        organization=owner,
        name=f"{rng.choice('柳汀桂井长听雨')}{term.name.split('（')[0]}",
        description=f"为本区居民提供{term.name}，由社工陪同办理，周一至周五受理，请带身份证和户口簿。"
        * 2,
        eligibility_description="本区居民，低保、特困和独居老人优先",
        state="active",
        freshness="fresh",
        verified_on=on,
        sort_key=str(rng.random()),
    )


def _location(rng: random.Random, area: Any) -> Any:

    return c.Location(
        name="服务点",
        area=area,
        latitude=round(rng.gauss(30.26, 0.06), 6),
        longitude=round(rng.gauss(120.13, 0.06), 6),
        precision="exact",
    )


def _tag(service: Any, term: Any, kind: str) -> Any:

    return c.Attribute(
        service=service, link_entity="service", link_uid=service.uid, link_type=kind, term=term
    )


def _hours(rng: random.Random, site: Any) -> Any:

    opens, closes = rng.choice([("08:30", "17:00"), ("09:00", "20:00"), ("13:00", "18:00")])
    return c.Schedule(
        service_at_location=site,
        freq="WEEKLY",
        byday="MO,TU,WE,TH,FR",
        opens_at=opens,
        closes_at=closes,
    )


def _memory(folder: str) -> float:
    """Return the resident size of a fresh process after it answered a few searches."""
    script = (
        "import resource, django; django.setup();"
        "from django.conf import settings; from django.db import connection;"
        f"settings.SEARCH_DIR = {folder + '/index'!r};"
        f"connection.settings_dict['NAME'] = {folder + '/bench.sqlite3'!r};"
        "from django.test import Client; c = Client(SERVER_NAME='localhost');"
        "[c.get('/search/', {'q': q}) for q in ('送餐', '底保申请', '法律援助', 'leagl aid')];"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return float(done.stdout.splitlines()[-1])


def _pages(told: dict[str, Any]) -> list[dict[str, Any]]:

    forms.SearchThrottle.per_minute = 10**9
    client = Client(SERVER_NAME="localhost")
    rows: list[dict[str, Any]] = []
    with override_settings(ROOT_URLCONF="bench.search_urls"):
        for name, addresses in ASKED.items():
            mine: list[float] = []
            bare: list[float] = []
            for address in addresses:
                uids = ",".join(h["service"]["uid"] for h in client.get(address).json()["hits"])
                mine += _times(client, address)
                bare += _times(client, f"/bare?uids={uids}") if uids else []
            figures = {"search": _told(mine), "bare": _told(bare)}
            ratio = figures["search"]["p95"] / figures["bare"]["p95"]
            told["classes"][name] = figures | {"ratio": round(ratio, 3)}
            rows.append(_row(f"page {name} ÷ bare view, p95", ratio, PAGE_TARGET))
    return rows


def _times(client: Any, address: str) -> list[float]:
    values = []
    client.get(address)
    for _ in range(TRIES * 4):
        started = time.perf_counter()
        answer = client.get(address)
        values.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    return sorted(values)[: TRIES * 3]


def _told(values: list[float]) -> dict[str, float]:
    ranked = sorted(values)
    return {
        "p50": round(ranked[len(ranked) // 2], 2),
        "p95": round(ranked[int(0.95 * (len(ranked) - 1))], 2),
    }


if __name__ == "__main__":
    inside(int(sys.argv[1]))
