"""What benches that write share: a PostgreSQL of their own with an empty, migrated database."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from tests import servers

INSIDE = "--inside"


def run(module: str, *arguments: object) -> int:
    """Run a bench again in a process whose database is a new PostgreSQL; return its exit code."""
    command = [sys.executable, "-m", module, INSIDE, *map(str, arguments)]
    with servers.postgres() as url:
        settings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
        return subprocess.run(command, env=os.environ | settings, check=False).returncode


@contextlib.contextmanager
def migrated() -> Iterator[None]:
    """Start Django on a database of the bench and remove that afterwards."""
    import django  # noqa: PLC0415  # only the inner process has settings

    django.setup()

    from django.db import connection  # noqa: PLC0415

    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
