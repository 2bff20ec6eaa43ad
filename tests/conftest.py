"""What every test shares: which tests run where, and databases that are migrated once."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
# Tables up to this size are put back row by row; larger ones hold reference data nobody edits.
SMALL = 2000


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this run cannot show, and in the PostgreSQL part what needs no database."""
    on_sqlite = not os.environ.get("DATABASE_URL", "").startswith("postgres")
    for item in items:
        if on_sqlite and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="means nothing on SQLite"))
        if item.get_closest_marker("data") and not DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"the foreign data sets are not in {DATA}"))
    if os.environ.get("ONLY_DATABASE"):
        uses = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(uses)])
        items[:] = uses


def _uses_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or names & {"db", "committed_db"})


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Let no test inherit the language that another one left active."""
    translation.deactivate()
    yield
    translation.deactivate()


# ---- A database, migrated once and copied for each worker ------------------------------------
def _migrations_fingerprint() -> str:
    """Return a name that changes with every migration and with the reference data they load."""
    digest = blake2b(digest_size=6)
    sources = [p for p in ROOT.glob("*/**/migrations/*.py") if ".venv" not in p.parts]
    for path in sorted([*sources, *ROOT.glob("fixtures/**/*.csv")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _locked(name: str) -> Iterator[Path]:
    folder = Path(tempfile.gettempdir()) / f"linkwell-templates-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _copy_of_migrated_file(target: str) -> None:
    fingerprint = _migrations_fingerprint()
    with _locked(fingerprint) as folder:
        template = folder / f"{fingerprint}.sqlite3"
        if not template.exists():
            draft = folder / f"{fingerprint}.draft"
            for stale in folder.glob(f"{fingerprint}.draft*"):
                stale.unlink()
            _use(str(draft))
            call_command("migrate", verbosity=0, interactive=False)
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            draft.rename(template)
        shutil.copy(template, target)
    _use(target)


def _copy_of_migrated_database(target: str) -> None:
    """Make the worker's database from one that was migrated once on this server."""
    admin, quote = settings.DATABASES["default"]["NAME"], connection.ops.quote_name
    template = f"linkwell_{_migrations_fingerprint()}"
    with _locked(f"{template}_{connection.settings_dict['PORT']}"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
            is_there = cursor.fetchone() is not None
            if not is_there:
                cursor.execute(f"CREATE DATABASE {quote(template)}")
        if not is_there:
            _use(template)
            call_command("migrate", verbosity=0, interactive=False)
            _use(admin)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(target)}")
            cursor.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(template)}")
    _use(target)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, worker_id: str
) -> Iterator[None]:
    """Give each worker its own copy of a migrated database; migrating takes longer than tests."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            _copy_of_migrated_file(settings.DATABASES["default"]["TEST"]["NAME"])
        else:
            _copy_of_migrated_database(f"test_linkwell_{worker_id}_{os.getpid()}")
    yield
    with django_db_blocker.unblock():
        connection.close()


def _rows(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return list(cursor.fetchall())


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        return int(cursor.fetchone()[0])


class _Unguarded:
    """Switches foreign keys and the triggers of append-only tables off while tables are reset."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = replica")
                return
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            self.triggers = cursor.fetchall()
            for name, _sql in self.triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')

    def __exit__(self, *_error: object) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = origin")
                return
            for _name, sql in self.triggers:
                cursor.execute(sql)
            cursor.execute("PRAGMA foreign_keys = ON")


@pytest.fixture(name="audit_guards_off")
def _audit_guards_off() -> type[_Unguarded]:
    """Give a context in which a test may tamper with append-only tables."""
    return _Unguarded


@pytest.fixture(scope="session")
def _as_migrated(django_db_setup: None, django_db_blocker: Any) -> dict[str, list[Any] | int]:
    """Remember what the migrations wrote, so that it can be put back after a committing test."""
    with django_db_blocker.unblock():
        tables = [t for t in connection.introspection.table_names() if t != "django_migrations"]
        counts = {table: _count(table) for table in tables}
        return {t: _rows(t) if counts[t] <= SMALL else counts[t] for t in tables}


@pytest.fixture
def committed_db(
    _as_migrated: dict[str, list[Any] | int], django_db_blocker: Any
) -> Iterator[None]:
    """Give a database whose transactions really commit; afterwards it is as after the migrations.

    Django's flush would also empty what data migrations wrote, and the triggers refuse it.
    """
    with django_db_blocker.unblock():
        yield
        connection.close()
        with _Unguarded():
            _put_back(_as_migrated)


def _put_back(before: dict[str, list[Any] | int]) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, kept in before.items():
            if isinstance(kept, int):
                if _count(table) != kept:
                    raise AssertionError(f"{table} holds reference data; a test changed it")
            elif (now := _rows(table)) != kept and sorted(map(repr, now)) != sorted(
                map(repr, kept)
            ):
                cursor.execute(f"DELETE FROM {quote(table)}")
                for row in kept:
                    marks = ", ".join(["%s"] * len(row))
                    cursor.execute(f"INSERT INTO {quote(table)} VALUES ({marks})", list(row))
