"""Pages of search over HTTP against a bare view of the same rows; the rebuild; the memory."""

import subprocess
import sys
import time
from functools import partial
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from bench.result import Report, in_turn
from search import forms, sync

RATIO, MEGABYTES = 1.5, 250
# The engine takes 5,000 documents a second on a core (`bench.search`). Before that each has to be
# read from eleven tables, turned into tokens and given the keys of its names for suggestions, and
# that is ten times the work: half an hour for a million services, beside the live index.
REBUILD = 500
ROUNDS = 25
NEAR = "&lat=30.26&lon=120.13"
NOON = "2026-11-25T12:00:00%2B08:00"
WORDS = ("送餐", "法律援助", "康复", "培训", "救助")
ASKED = {
    "text": [f"q={word}" for word in WORDS],
    "text + near": [f"q={word}{NEAR}&radius=5000" for word in WORDS],
    "category + near + open now": [
        f"category={code}{NEAR}&radius=10000&open={NOON}" for code in ("EL", "HE", "LE", "CY", "SA")
    ],
    "Chinese lay words": [
        f"q={said}"
        for said in ("老人没人做饭", "工资要不回来", "孩子不想上学", "看病没钱", "房东赶我走")
    ],
}
# A web process answers a few searches, misspelled ones too, and says how much it holds.
MEMORY = """
import django
django.setup()
from django.test import Client
browser = Client(SERVER_NAME="localhost")
for words in ("送餐", "底保申请", "法律援助", "leagl aid"):
    assert browser.get("/search/", {"q": words}).status_code == 200
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def main() -> int:
    """Load services, build the index, then open pages and bare views in turn."""
    report = Report.of("pages", __doc__, services=20_000)
    call_command("migrate", verbosity=0, interactive=False)
    call_command(
        "generate_load", services=report.sizes["services"], clients=0, referrals=0,
        stdout=StringIO(), stderr=StringIO(),
    )  # fmt: skip
    rebuild(report)
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True
    )
    held = int(done.stdout.split()[-1]) / 1024
    report.promise("memory of a web process with the index open, MB", held, MEGABYTES)
    forms.SearchThrottle.per_minute = 10**9
    with override_settings(ROOT_URLCONF="bench.bare"):
        for name, asked in ASKED.items():
            compare(report, name, asked)
    return report.close()


def rebuild(report: Report) -> None:
    """Build the index as an upgrade does, on one core."""
    Path(settings.SEARCH_DIR).mkdir(parents=True, exist_ok=True)
    started = time.process_time()
    docs = sync.rebuild().docs
    seconds = time.process_time() - started
    report.promise("rebuild, documents a second on a core", docs / seconds, REBUILD, at_least=True)


def compare(report: Report, name: str, asked: list[str]) -> None:
    """Ask each question over HTTP, and fetch what it finds by a view that does nothing else."""
    browser = Client(SERVER_NAME="localhost")
    ours: list[float] = []
    theirs: list[float] = []
    for parameters in asked:
        address = f"/api/v1/search?{parameters}&per_page=20"
        hits = browser.get(address).json()["hits"]
        rows = f"/bare?uids={','.join(hit['service']['uid'] for hit in hits)}"
        taken = in_turn(
            {"ours": partial(browser.get, address), "theirs": partial(browser.get, rows)},
            rounds=ROUNDS,
        )
        ours += taken["ours"]
        theirs += taken["theirs"]
    report.ratio(f"page, {name} ÷ bare view", ours, theirs, RATIO)


if __name__ == "__main__":
    sys.exit(main())
