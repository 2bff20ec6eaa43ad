"""Mutated files: no crash, no write from a failed check; a killed import goes on."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from accounts.queries import system
from directory.catalogue.models import Organization, Service
from directory.exchange import queries
from directory.exchange.imports import pipeline
from directory.exchange.models import SourceRecord
from tests.factories import exchange as make

SPICES = (
    "\x00", "\u202e", "\ud83d\ude00", '"', "'", ",", "\n", "\r\n", ";", "\ufeff", "=1+1", "../",
    "<script>", "9" * 400, "-1", "1e308", "NaN", "null", "{}", "[]", "0001-01-01", "25:61",
    "javascript:alert(1)", "&#0;", "&lt;", "%00", "\\", "漢" * 300,
)  # fmt: skip


def mutated(text: str, seed: int) -> bytes:
    """Return a text with a few things done to it that files suffer."""
    chance = random.Random(seed)
    for _n in range(chance.randint(1, 6)):
        at, to = sorted(chance.choices(range(len(text) + 1), k=2))
        match chance.randrange(5):
            case 0:
                text = text[:at] + text[min(to, at + 40) :]
            case 1:
                text = text[:at] + chance.choice(SPICES) + text[at:]
            case 2:
                text = text[:at] + text[at:to] + text[at:]
            case 3:
                lines = text.split("\n")
                chance.shuffle(lines)
                text = "\n".join(lines)
            case 4:
                text = text[: max(at, 10)]
    raw = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.2:
        place = chance.randrange(len(raw) + 1)
        raw = raw[:place] + bytes(chance.randrange(256) for _n in range(4)) + raw[place:]
    return raw


def catalogue_size():
    return [Organization.objects.count(), Service.objects.count(), SourceRecord.objects.count()]


def full_service() -> str:
    """Return one object with every kind of thing inside."""
    phone = {"id": make.uid(6), "number": "110", "languages": [{"id": make.uid(7), "code": "en"}]}
    hours = {"id": make.uid(8), "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}
    place = {
        "id": make.uid(4),
        "location": {
            "id": make.uid(3), "location_type": "physical", "latitude": 30.2, "longitude": 120.1,
            "addresses": [{"id": make.uid(5), "address_1": "1 Main Street", "country": "CN"}],
        },
    }  # fmt: skip
    return json.dumps(
        {
            "id": make.uid(2), "name": "Meals", "status": "active", "minimum_age": 60,
            "organization": {"id": make.uid(1), "name": "A", "description": "B"},
            "phones": [phone], "schedules": [hours], "service_at_locations": [place],
            "cost_options": [{"id": make.uid(9), "amount": 5, "currency": "CNY"}],
        }
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("block", range(4))
def test_mutated_files_never_crash_and_a_check_never_writes(tmp_path, block):
    before = catalogue_size()
    files = {name: make.table(rows) for name, rows in make.small().items()}
    for seed in range(block * 50, block * 50 + 50):
        path = tmp_path / str(seed)
        path.mkdir()
        if seed % 2:
            (path / "service.json").write_bytes(mutated(full_service(), seed))
        else:
            for number, (name, text) in enumerate(files.items()):
                (path / name).write_bytes(mutated(text, seed * 10 + number))

        batch = make.checked(path)

        assert batch.state in {"checked", "failed"}
        assert catalogue_size() == before
        for each in queries.observations(batch):
            assert {"file", "code", "severity", "message"} <= set(each)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_what_a_mutated_file_still_says_can_be_written(tmp_path, seed):
    (tmp_path / "service.json").write_bytes(mutated(full_service(), seed + 1000))
    batch = make.checked(tmp_path)

    if batch.state == "checked":
        pipeline.apply(batch, by=system())

        assert batch.state == "applied"
        assert not batch.rows.filter(outcome="").exists()


# ---- Killed in the middle -------------------------------------------------------------------
def _copy_of_test_database(path: Path) -> None:
    source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
    copy = sqlite3.connect(path)
    with source, copy:
        source.backup(copy)
    source.close()
    copy.close()


def _environment(path: Path) -> dict[str, str]:
    ring = os.environ["FIELD_ENCRYPTION_KEYS"]
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{path}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "FIELD_ENCRYPTION_KEYS": ring,
        "SEARCH_DIR": f"{path}.search",
    }


def _start(path: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_hsds", *arguments],
        cwd=settings.BASE_DIR,
        env=_environment(path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(path, timeout=30)
    try:
        with database:
            return database.execute(sql).fetchall()
    finally:
        database.close()


DUMP = (
    "SELECT uid, name, state FROM catalogue_organization ORDER BY uid",
    "SELECT uid, name, state, listed_on IS NULL FROM catalogue_service ORDER BY uid",
    "SELECT uid, number FROM catalogue_phone ORDER BY uid",
    "SELECT uid, history_type FROM catalogue_historicalservice ORDER BY uid, history_type",
    'SELECT "table", external_id, uid FROM exchange_sourcerecord ORDER BY 1, 2',
)


def _many() -> dict[str, make.Table]:
    many = range(250)
    return {
        "organizations.csv": [{"id": f"o{n}", "name": f"Organization {n}"} for n in many],
        "services.csv": [
            {"id": f"s{n}", "organization_id": f"o{n}", "name": f"S{n}", "status": "active"}
            for n in many
        ],
        "phones.csv": [{"id": f"p{n}", "service_id": f"s{n}", "number": "12345"} for n in many],
        "service_at_location.csv": [],
    }  # fmt: skip


@pytest.mark.once
@pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="copies a file")
@pytest.mark.usefixtures("django_db_setup")
def test_an_import_killed_while_it_writes_ends_with_the_same_database(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        _copy_of_test_database(tmp_path / "killed.sqlite3")
    shutil.copy(tmp_path / "killed.sqlite3", tmp_path / "whole.sqlite3")
    killed, whole = tmp_path / "killed.sqlite3", tmp_path / "whole.sqlite3"
    files = make.folder(tmp_path / "in", _many())
    undisturbed = _start(whole, str(files), "--source", "test")

    process = _start(killed, str(files), "--source", "test")
    written = "SELECT count(*) FROM exchange_importrow WHERE outcome = 'created'"
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        if _ask(killed, written)[0][0]:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.02)
    assert process.wait(60) == -signal.SIGKILL
    done = _ask(killed, written)[0][0]
    assert 0 < done < 750
    [(uid,)] = _ask(killed, "SELECT uid FROM exchange_importbatch")
    _ask(killed, "UPDATE exchange_importbatch SET heartbeat_at = '2020-01-01'")

    assert _start(killed, "--resume", str(uid)).wait(120) == 0
    assert undisturbed.wait(120) == 0
    for sql in DUMP:
        assert _ask(killed, sql) == _ask(whole, sql)
