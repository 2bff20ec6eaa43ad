"""`make test`: runs the parts of the suite and says in its last lines what ran and what did not."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "hsds"
FAST = "not browser and not data and not engine and not once"


class Outcome(NamedTuple):
    part: str
    result: str
    seconds: float
    counts: str
    remedy: str


def _shown(*command: str, **environment: str) -> tuple[int, str]:
    """Run Python, show its output as it comes, and return its exit code and pytest's last line."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    closing = ""
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if re.search(r"\d+ (passed|failed|error)", line):
            closing = line.strip("= \n")
    return process.wait(), closing


def _pytest(*options: str, **environment: str) -> tuple[int, str]:
    # In one order: what shuffling still finds (a language left active) is not yet mended.
    return _shown("-m", "pytest", "-q", "-p", "no:randomly", *options, **environment)


def sqlite() -> tuple[int, str]:
    """The whole fast suite."""
    return _pytest("-n", "auto", "-m", FAST)


def once() -> tuple[int, str]:
    """Every role at every door, every page in every status: long walks that no database changes."""
    return _pytest("-n", "auto", "-m", "once")


def coverage() -> tuple[int, str]:
    """The fast suite again under branch coverage that the workers share; only when asked for."""
    _shown("-m", "coverage", "erase")
    code, closing = _shown(
        "-m", "coverage", "run", "-m", "pytest", "-q", "-n", "auto", "-m", f"({FAST}) or once"
    )
    _shown("-m", "coverage", "combine", "-q")
    covered, _line = _shown("-m", "coverage", "report", "--skip-covered", "--precision=1")
    return code or covered, closing


def postgres() -> tuple[int, str]:
    with servers.postgres() as url:
        return _pytest("-n", "auto", "-m", FAST, DATABASE_URL=url, ONLY_DATABASE="1")


def data() -> tuple[int, str]:
    if not DATA.is_dir():
        raise servers.NotAvailable(f"put the foreign data sets into {DATA}")
    return _pytest("-m", "data")


def elasticsearch() -> tuple[int, str]:
    """The second engine on a real server."""
    if not os.environ.get("ELASTICSEARCH_URL"):
        servers.elasticsearch_home()
    return _pytest("-m", "engine", "tests/search")


def browser() -> tuple[int, str]:
    servers.chromium()
    return _pytest("-m", "browser", DJANGO_ALLOW_ASYNC_UNSAFE="true")


PARTS: dict[str, Callable[[], tuple[int, str]]] = {
    "sqlite": sqlite,
    "postgres": postgres,
    "once": once,
    "data": data,
    "elasticsearch": elasticsearch,
    "browser": browser,
    "coverage": coverage,
}
# What `make test` runs when no part is named.
USUAL = ("sqlite", "postgres", "once", "data", "elasticsearch", "browser")


def run(names: list[str]) -> Iterator[Outcome]:
    for name in names:
        print(f"\n── {name} " + "─" * 60, flush=True)
        start = time.monotonic()
        try:
            code, closing = PARTS[name]()
            result, remedy = ("failed", f"make test PART={name}") if code else ("passed", "")
        except servers.NotAvailable as missing:
            result, closing, remedy = "NOT RUN", "", str(missing)
        yield Outcome(name, result, time.monotonic() - start, closing, remedy)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"No part {', '.join(unknown)}; there are: {', '.join(PARTS)}")
        return 2
    outcomes = list(run(names or list(USUAL)))
    print("\npart          result    seconds  counts · remedy")
    for one in outcomes:
        print(f"{one.part:<13} {one.result:<9} {one.seconds:>7.0f}  {one.counts or one.remedy}")
    results = {one.result for one in outcomes}
    strict = os.environ.get("CI") == "true"
    return 1 if "failed" in results or (strict and "NOT RUN" in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
