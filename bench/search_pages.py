"""Search over HTTP at many services, against a bare view that fetches the same rows by id."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any


def measure(services: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Run in a process and a database of its own, so that the memory is that of a web process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings_test",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "SEARCH_DIR": f"{folder}/index",
            "BENCH_FOLDER": folder,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.search_inside", str(services)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told.pop("promises"), told
