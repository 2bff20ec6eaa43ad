"""Start-up: wires what nobody imports, and checks what must hold before anything is served."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils import translation

from core.crypto import check_ring
from core.jobs import State, read_database_clock, readings
from core.text import sheets

OURS = ("accounts", "directory.", "search", "referrals.")


# ---- Wiring ---------------------------------------------------------------------------------
class Wiring(AppConfig):
    """Imports what nobody imports: the modules that listen, the modules that run by the clock."""

    name = "config"

    def ready(self) -> None:
        """Import `receivers` and `jobs` of each application; guard logs; follow the clock."""
        for app in apps.get_app_configs():
            if app.name.startswith(OURS):
                for module in ("receivers", "jobs"):
                    if find_spec(f"{app.name}.{module}"):
                        import_module(f"{app.name}.{module}")
        post_migrate.connect(put_guards_back)
        connection_created.connect(follow_database_clock)


def put_guards_back(sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """Guard the logs of an application after every migrate: rebuilt SQLite tables lose triggers."""
    # Imported here: this module is loaded before any table may be.
    from core.models import AppendOnly, guard  # noqa: PLC0415

    logs = [model for model in sender.get_models() if issubclass(model, AppendOnly)]
    there = connections[using].introspection.table_names() if logs else []
    for model in logs:
        if model._meta.db_table in there:
            guard(model, connections[using])


def follow_database_clock(connection: Any, **_kwargs: Any) -> None:
    """Measure the clocks where a connection is opened, so that no due comparison has to."""
    read_database_clock(connection)


def refuse_to_start_on_errors() -> None:
    """Print everything that must not be so, then exit; web server and worker call this."""
    found = checks.run_checks(tags=["linkwell"]) + checks.run_checks(
        tags=[checks.Tags.database], databases=["default"]
    )
    found += [*live()]
    for message in found:
        print(message, file=sys.stderr)  # noqa: T201  # before logging can be trusted
    if any(message.is_serious() for message in found):
        sys.exit(1)


# ---- What the settings must say -------------------------------------------------------------
Rule = Callable[[], Iterator[str]]
RULES: dict[str, Rule] = {}

LOCAL = {"127.0.0.1", "localhost", "::1", "[::1]", "testserver", ""}
NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "fuse.sshfs", "glusterfs", "ceph", "afs")
KNOWN_WORDS = {"", "postgres", "password", "linkwell", "changeme", "elastic", "secret", "admin"}
DATABASE_KEYS = {
    *("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS", "TEST", "TIME_ZONE"),
    *("CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "ATOMIC_REQUESTS", "AUTOCOMMIT"),
    "DISABLE_SERVER_SIDE_CURSORS",
}


def rule(code: str) -> Callable[[Rule], Rule]:
    """Register a rule: it yields a sentence for each thing that must not be so."""

    def register(function: Rule) -> Rule:
        RULES[code] = function
        return function

    return register


@checks.register("linkwell")
def settings_hold(app_configs: object, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Run every rule about settings."""
    return [_message(code, text) for code, found in RULES.items() for text in found()]


def _message(code: str, text: str) -> checks.CheckMessage:
    kind = checks.Error if code.startswith("E") else checks.Warning
    return kind(text, id=f"linkwell.{code}")


def _database() -> dict[str, Any]:
    return settings.DATABASES["default"]


def _on_sqlite() -> bool:
    return "sqlite" in _database()["ENGINE"]


def _hosts() -> set[str]:
    return {*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_URL).hostname or ""}


@rule("E001")
def secret_key() -> Iterator[str]:
    """Ask for what sessions and signed cookies stand on."""
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        yield "SECRET_KEY is absent, known or shorter than 50 characters."


@rule("E002")
def key_ring() -> Iterator[str]:
    """Ask for what every word about a person is sealed with."""
    try:
        check_ring()
    except ImproperlyConfigured as error:
        yield str(error)


@rule("E003")
def debug() -> Iterator[str]:
    """Keep debug pages, which show settings and rows, at home."""
    if settings.DEBUG and _hosts() - LOCAL:
        yield "DEBUG is on while other machines may connect."


@rule("E004")
def any_host() -> Iterator[str]:
    """Keep forged hosts out of links."""
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS must name the hosts; * allows every forged one."


@rule("E006")
def network_file_system() -> Iterator[str]:
    """Keep SQLite and the embedded index where their locks hold."""
    kept = {"embedded index": settings.SEARCH_DIR}
    if _on_sqlite():
        kept["database"] = _database()["NAME"]
    for name, path in kept.items():
        if _file_system(Path(path)).startswith(NETWORK_FILE_SYSTEMS):
            yield f"The {name} lies on a network file system."


def _file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    if not mounts.exists():
        return ""
    lines = [line.split() for line in mounts.read_text().splitlines()]
    above = [(len(line[1]), line[2]) for line in lines if path.resolve().is_relative_to(line[1])]
    return max(above, default=(0, ""))[1]


@rule("E007")
def unknown_database_keys() -> Iterator[str]:
    """Refuse keys that Django ignores silently: a protection would be off."""
    for key in sorted(set(_database()) - DATABASE_KEYS):
        yield f"DATABASES has the unknown key {key}; options belong into OPTIONS."


@rule("E008")
def atomic_requests() -> Iterator[str]:
    """Keep GETs from taking the writer's lock."""
    if _database().get("ATOMIC_REQUESTS"):
        yield "ATOMIC_REQUESTS must stay off; operations open their transactions."


@rule("E009")
def transport() -> Iterator[str]:
    """Keep passwords and client data from crossing a network in the clear."""
    if settings.INSECURE_HTTP_OK or settings.DEBUG or settings.DEMO:
        return
    needed = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    for name in needed:
        if not getattr(settings, name):
            yield f"{name} is off; set INSECURE_HTTP_OK=1 only behind your own protection."
    if not settings.SITE_URL.startswith("https://"):
        yield "SITE_URL must begin with https:// (or set INSECURE_HTTP_OK=1)."


@rule("E010")
def default_passwords() -> Iterator[str]:
    """Refuse known passwords where others reach the server."""
    database = _database()
    distant = database.get("HOST") not in LOCAL and not str(database.get("HOST")).startswith("/")
    if not _on_sqlite() and distant and database.get("PASSWORD") in KNOWN_WORDS:
        yield "The database has no password or a known one, and is not on this machine."
    for node in map(urlsplit, _cluster()):
        if node.hostname and node.hostname not in LOCAL and (node.password or "") in KNOWN_WORDS:
            yield f"Elasticsearch at {node.hostname} has no password or a known one."


@rule("E011")
def search_settings() -> Iterator[str]:
    """Refuse typing mistakes that would show up as empty lists."""
    if settings.SEARCH_ENGINE not in {"embedded", "elasticsearch"}:
        yield "SEARCH_ENGINE is embedded or elasticsearch."
    if settings.SEARCH_ENGINE == "elasticsearch" and not settings.ELASTICSEARCH_URL:
        yield "SEARCH_ENGINE=elasticsearch needs ELASTICSEARCH_URL."
    if settings.SEARCH_FALLBACK not in {"", "embedded"}:
        yield "SEARCH_FALLBACK is empty or embedded."
    if any(urlsplit(node).scheme not in {"http", "https"} for node in _cluster()):
        yield "ELASTICSEARCH_URL is not an address."
    if not re.fullmatch(r"[a-z][a-z0-9]*", settings.ELASTICSEARCH_PREFIX):
        yield "ELASTICSEARCH_PREFIX begins with a small letter; digits may follow."


def _cluster() -> list[str]:
    nodes = settings.ELASTICSEARCH_URL.split(",")
    return [node.strip() for node in nodes if node.strip()]


@rule("E012")
def safeguards() -> Iterator[str]:
    """Let only tests show what happens without a safeguard."""
    if settings.SAFEGUARDS_OFF and settings.SETTINGS_MODULE != "config.settings_test":
        yield f"Safeguards are switched off: {', '.join(sorted(settings.SAFEGUARDS_OFF))}."


@rule("E013")
def demo_profile() -> Iterator[str]:
    """Keep the demo at home: it prints its passwords and asks for no second factor."""
    if settings.DEMO and _hosts() - LOCAL:
        yield "The demo profile may be reached from this machine only."


@rule("E014")
def forwarded_headers() -> Iterator[str]:
    """Believe forwarded headers only where a proxy writes them."""
    if settings.SECURE_PROXY_SSL_HEADER and not settings.TRUSTED_PROXIES:
        yield "SECURE_PROXY_SSL_HEADER is trusted while TRUSTED_PROXIES is 0."
    if settings.USE_X_FORWARDED_HOST:
        yield "USE_X_FORWARDED_HOST must stay off; links are built from SITE_URL."


@rule("E016")
def pool() -> Iterator[str]:
    """Let no thread keep a pooled connection for itself."""
    if _database().get("OPTIONS", {}).get("pool") and _database().get("CONN_MAX_AGE"):
        yield "A connection pool needs CONN_MAX_AGE = 0."


@rule("E019")
def media() -> Iterator[str]:
    """Keep attachments where only a view that asks for permission reads them."""
    root, static = Path(settings.MEDIA_ROOT).resolve(), Path(settings.STATIC_ROOT).resolve()
    if root.is_relative_to(static) or static.is_relative_to(root):
        yield "MEDIA_ROOT and STATIC_ROOT lie inside one another."
    way = (root, *root.parents)
    if root.exists() and all(part.stat().st_mode & 0o005 == 0o005 for part in way):
        yield "MEDIA_ROOT can be read by every user of this machine."


@rule("W001")
def cache_per_process() -> Iterator[str]:
    """Warn where approximate limits count per process."""
    local = "locmem" in settings.CACHES["default"]["BACKEND"]
    if local and settings.WEB_CONCURRENCY > 1:
        yield "Several web processes share no cache; set CACHE_URL."


@rule("W003")
def anchors() -> Iterator[str]:
    """Ask for anchors: only against them a cut-off end of the access log shows."""
    if not settings.AUDIT_ANCHOR_DIR:
        yield "AUDIT_ANCHOR_DIR is empty: the end of the access log is anchored nowhere."


@rule("W006")
def combined_administrators() -> Iterator[str]:
    """Warn where nobody checks the person who sets up accounts and reads the log."""
    if settings.COMBINED_ADMIN_OK:
        yield "COMBINED_ADMIN_OK lets one person hold roles that exclude each other."


# ---- What the running parts must say --------------------------------------------------------
WANTED_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": 20000,
}


@checks.register(checks.Tags.database)
def pragmas_hold(
    app_configs: object = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[checks.CheckMessage]:
    """Read the live settings of SQLite: options in the wrong place are ignored silently (E005)."""
    if not databases or connection.vendor != "sqlite":
        return []
    found = {}
    with connection.cursor() as cursor:
        for name in WANTED_PRAGMAS:
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    # A database in memory has no journal file; tests of single functions may use one.
    wrong = [name for name, value in WANTED_PRAGMAS.items() if found[name] not in {value, "memory"}]
    return [_message("E005", f"SQLite runs with {name}={found[name]}.") for name in wrong]


def live() -> Iterator[checks.CheckMessage]:
    """Look at what only a serving process needs, so that `migrate` can still mend it."""
    from core.models import missing_guards  # noqa: PLC0415  # as above

    if not sheets.is_safe():
        yield _message("E015", "defusedxml is not active: a spreadsheet could exhaust the memory.")
    try:
        missing = missing_guards(connection)
        skew = abs(read_database_clock(connection).total_seconds())
    except DatabaseError:
        # Not a setting: the health check says so, and the server answers 503 until it is back.
        return
    if missing:
        names = ", ".join(missing)
        yield _message("E017", f"Guards are missing ({names}); run `manage.py migrate`.")
    with translation.override("en"):
        for _probe, reading in readings(serving_only=True):
            if reading.state == State.FAIL:
                yield _message("W004", str(reading.text))
    if skew > 5:
        yield _message("W007", f"This machine's clock and the database's differ by {skew:.0f} s.")
