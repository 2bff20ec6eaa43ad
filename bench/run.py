"""Runs benches one after the other, so that none measures another: `python -m bench.run [PART]`.

Behind one part stand its own options, as in `python -m bench.run inbox --referrals 20000`.
"""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

import psycopg

from tests import servers

DATABASE = "linkwell_bench"
MEMORY = "-c shared_buffers=1GB -c max_wal_size=4GB"
Place = contextlib.AbstractContextManager[Mapping[str, str]]


@contextlib.contextmanager
def in_memory() -> Iterator[dict[str, str]]:
    """Give settings to what needs no database of the product."""
    yield {"DJANGO_SETTINGS_MODULE": "config.settings_test"}


@contextlib.contextmanager
def on_sqlite() -> Iterator[dict[str, str]]:
    """Give an installation as `make demo` makes it, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="linkwell-bench-") as folder:
        key = b64encode(secrets.token_bytes(32)).decode()
        yield {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECURITY_PROFILE": "demo",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "FIELD_ENCRYPTION_KEYS": ",".join(
                f"{p}:b1:{key}" for p in ("enc", "idx", "mac", "bak")
            ),
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "SEARCH_DIR": f"{folder}/search",
            "MEDIA_ROOT": f"{folder}/media",
        }


@contextlib.contextmanager
def on_postgres() -> Iterator[dict[str, str]]:
    """Give an empty database on a PostgreSQL that writes through to the disk."""
    with servers.postgres(durable=True, settings=MEMORY) as url:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            yield {
                "DJANGO_SETTINGS_MODULE": "config.settings_test",
                "DATABASE_URL": urlsplit(url)._replace(path=f"/{DATABASE}").geturl(),
            }
        finally:
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


PARTS: dict[str, Callable[[], Place]] = {
    "search": in_memory,
    "pages": on_sqlite,
    "imports": on_sqlite,
    "inbox": on_postgres,
    "races": on_postgres,
    "crash": on_postgres,
}


def run(part: str, *options: str) -> int:
    """Run one bench; 1 = a promise does not hold."""
    with PARTS[part]() as settings:
        command = [sys.executable, "-m", f"bench.{part}", *options]
        return subprocess.run(command, env=os.environ | settings, check=False).returncode


def main() -> int:
    """Run the parts that were asked for, or all."""
    part, options = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if part and part not in PARTS:
        raise SystemExit(f"{part} is none of {', '.join(PARTS)}")
    return max(run(each, *options) for each in ([part] if part else PARTS))


if __name__ == "__main__":
    sys.exit(main())
