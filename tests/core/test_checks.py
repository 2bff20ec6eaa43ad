from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection

from accounts.models import AuditEntry
from config import checks
from core import jobs
from core.jobs import Probe, Reading, State
from core.models import append_only_models, missing_guards
from core.models.append_only import _names

LOCAL = {"ALLOWED_HOSTS": ["127.0.0.1"], "SITE_URL": "http://127.0.0.1:8000"}


@pytest.fixture
def given(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], None]:
    """Change settings; those of the database in place, because Django warns of anything else."""

    def change(changes: dict[str, Any]) -> None:
        for name, value in changes.items():
            if name == "DATABASES":
                monkeypatch.setitem(settings.DATABASES, "default", value["default"])
            else:
                setattr(settings, name, value)

    return change


def database(**changes: Any) -> dict[str, Any]:
    ours = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db.example",
        "PASSWORD": "k2pX9vTq",
        "OPTIONS": {},
    }
    return {"DATABASES": {"default": ours | changes}}


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("E001", {"SECRET_KEY": ""}),
    ("E001", {"SECRET_KEY": "short"}),
    ("E001", {"SECRET_KEY": "x" * 80}),
    ("E001", {"SECRET_KEY": "django-insecure-" + "abcdefghij" * 8}),
    ("E002", {"FIELD_ENCRYPTION_KEYS": ""}),
    ("E002", {"FIELD_ENCRYPTION_KEYS": "enc:a:secretsecret"}),
    ("E003", {"DEBUG": True, "ALLOWED_HOSTS": ["linkwell.example"]}),
    ("E004", {"ALLOWED_HOSTS": ["*"]}),
    ("E007", database(TIMEOUT=20)),
    ("E008", database(ATOMIC_REQUESTS=True)),
    ("E009", {"INSECURE_HTTP_OK": False}),
    ("E009", {"INSECURE_HTTP_OK": False, "SITE_URL": "http://linkwell.example"}),
    ("E010", database(PASSWORD="")),
    ("E010", database(PASSWORD="postgres")),
    ("E010", {"ELASTICSEARCH_URL": "https://elastic:changeme@engine.example:9200"}),
    ("E011", {"ELASTICSEARCH_URL": "engine.example:9200"}),
    ("E010", {"ELASTICSEARCH_URL": "http://localhost:9200, https://elastic@engine.example:9200"}),
    ("E011", {"SEARCH_FALLBACK": "yes"}),
    ("E011", {"SEARCH_ENGINE": "solr"}),
    ("E011", {"SEARCH_ENGINE": "elasticsearch", "ELASTICSEARCH_URL": ""}),
    ("E011", {"ELASTICSEARCH_PREFIX": "Services-*"}),
    ("E012", {"SAFEGUARDS_OFF": {"cas"}, "SETTINGS_MODULE": "config.settings"}),
    ("E013", {"DEMO": True, "SITE_URL": "https://linkwell.example"}),
    ("E014", {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}),
    ("E014", {"USE_X_FORWARDED_HOST": True}),
    ("E016", database(OPTIONS={"pool": True}, CONN_MAX_AGE=60)),
    ("E019", {"MEDIA_ROOT": "/srv/static/media", "STATIC_ROOT": "/srv/static"}),
    ("W001", {"WEB_CONCURRENCY": 4}),
    ("W003", {"AUDIT_ANCHOR_DIR": ""}),
    ("W006", {"COMBINED_ADMIN_OK": True}),
]


def found() -> set[str]:
    return {str(message.id).removeprefix("linkwell.") for message in checks.settings_hold(None)}


def test_the_settings_of_the_tests_hold() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("code", "changes"), BROKEN, ids=[f"{code}-{n}" for n, (code, _s) in enumerate(BROKEN)]
)
def test_a_setting_that_must_not_be_so_is_named(
    given: Callable[[dict[str, Any]], None], code: str, changes: dict[str, Any]
) -> None:
    given(changes)

    assert code in found()


GOOD: list[dict[str, Any]] = [
    {"DEBUG": True, **LOCAL},
    {"DEMO": True, **LOCAL},
    database(),
    database(HOST="/run/postgresql", PASSWORD=""),
    database(HOST="127.0.0.1", PASSWORD=""),
    database(OPTIONS={"pool": True}),
    {"ELASTICSEARCH_URL": "http://127.0.0.1:9200"},
    {"ELASTICSEARCH_URL": "https://elastic:k2pX9vTq@engine.example:9200"},
    {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "TRUSTED_PROXIES": 1},
]


@pytest.mark.parametrize("changes", GOOD, ids=range(len(GOOD)))
def test_a_setting_that_may_be_so_is_not(
    given: Callable[[dict[str, Any]], None], changes: dict[str, Any]
) -> None:
    given(changes)

    assert found() == set()


def test_every_error_is_serious_and_every_warning_is_not(settings: Any) -> None:
    settings.COMBINED_ADMIN_OK = True
    settings.ALLOWED_HOSTS = ["*"]

    serious = {str(m.id): m.is_serious() for m in checks.settings_hold(None)}

    assert serious == {"linkwell.E004": True, "linkwell.W006": False}


def test_no_message_quotes_a_secret(settings: Any) -> None:
    settings.SECRET_KEY = "s3cr3t"
    settings.FIELD_ENCRYPTION_KEYS = "enc:a:s3cr3t"
    settings.ELASTICSEARCH_URL = "s3cr3t"

    assert "s3cr3t" not in " ".join(str(message) for message in checks.settings_hold(None))


def test_readable_attachments_are_named(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "media").mkdir(mode=0o755)
    monkeypatch.setattr(Path, "parents", ())
    settings.MEDIA_ROOT = str(tmp_path / "media")
    assert found() == {"E019"}

    (tmp_path / "media").chmod(0o700)
    assert found() == set()


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/srv/data/x", "nfs4"), ("/srv/database", "ext4"), ("/srv/data", "nfs4"), ("/var", "ext4")],
)
def test_the_file_system_of_a_path_is_the_nearest_mount(
    tmp_path: Path, path: str, kind: str
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\nserver:/data /srv/data nfs4 rw 0 0\n")

    assert checks._file_system(Path(path), mounts) == kind


# ---- Live -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_sqlite_runs_as_it_must() -> None:
    assert checks.pragmas_hold(databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PRAGMAs are SQLite's")
def test_a_pragma_that_is_off_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 5")
        try:
            (message,) = checks.pragmas_hold(databases=["default"])
        finally:
            cursor.execute("PRAGMA busy_timeout = 20000")

    assert (message.id, "busy_timeout" in message.msg) == ("linkwell.E005", True)


@pytest.mark.django_db
def test_every_log_of_the_installation_is_guarded_after_migrate() -> None:
    assert AuditEntry in append_only_models()
    assert missing_guards(connection) == []
    assert [message for message in checks.live() if message.is_serious()] == []


@pytest.mark.django_db
def test_a_missing_guard_stops_the_start_and_migrate_puts_it_back(audit_guards_off: Any) -> None:
    with connection.cursor() as cursor:
        name = _names(AuditEntry, connection)[0]
        on = f' ON "{AuditEntry._meta.db_table}"' if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "{name}"{on}')

    assert [m.id for m in checks.live() if m.is_serious()] == ["linkwell.E017"]

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")

    assert missing_guards(connection) == []


@pytest.mark.django_db
def test_a_part_that_cannot_serve_is_named_with_the_remedy(monkeypatch: Any) -> None:
    def index() -> Reading:
        return Reading(State.FAIL, "run rebuild_index")

    found = Probe("search.index", "Index", index, serving=True)
    monkeypatch.setattr(jobs, "PROBES", {found.name: found})

    (message,) = [message for message in checks.live() if message.id == "linkwell.W004"]

    assert "rebuild_index" in message.msg
    assert not message.is_serious()


@pytest.mark.django_db
def test_an_error_keeps_the_server_from_starting(settings: Any, capsys: Any) -> None:
    checks.refuse_to_start_on_errors()
    settings.ALLOWED_HOSTS = ["*"]

    with pytest.raises(SystemExit) as ended:
        checks.refuse_to_start_on_errors()

    assert ended.value.code == 1
    assert "linkwell.E004" in capsys.readouterr().err


def test_the_checks_run_with_every_command(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    with pytest.raises(SystemCheckError, match=r"linkwell\.E004"):
        call_command("check")
