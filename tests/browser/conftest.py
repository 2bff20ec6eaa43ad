"""Debian's Chromium, and the demo city in a server of its own."""

import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from tests import servers
from tests.support.browser import Watch

ROOT = Path(__file__).resolve().parent.parent.parent
# Loading the city takes minutes on a busy machine; a fault shows sooner.
PATIENCE = 900


@dataclass(frozen=True)
class Site:
    """A running installation with the demo city."""

    url: str
    passphrase: str
    environment: dict[str, str]

    def manage(self, *command: str) -> str:
        """Run a management command of this installation and return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


def _environment(folder: Path, port: int) -> dict[str, str]:
    ring = ",".join(
        f"{purpose}:browser:{b64encode(secrets.token_bytes(32)).decode()}"
        for purpose in ("enc", "idx", "mac", "bak")
    )
    return {
        "SECURITY_PROFILE": "demo",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEYS": ring,
        "DEMO_PASSPHRASE": "-".join(secrets.token_hex(2) for _ in range(4)),
        "DATABASE_URL": f"sqlite:///{folder / 'city.sqlite3'}",
        "SEARCH_DIR": str(folder / "search"),
        "MEDIA_ROOT": str(folder / "media"),
        "AUDIT_ANCHOR_DIR": str(folder / "anchors"),
        "SITE_URL": f"http://127.0.0.1:{port}",
    }


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/live", timeout=2):  # noqa: S310  # our own server
            return True
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Load the city once, serve it with the scheduler beside it, stop both at the end."""
    folder, port = tmp_path_factory.mktemp("city"), servers.free_port()
    environment = _environment(folder, port)
    site = Site(environment["SITE_URL"], environment["DEMO_PASSPHRASE"], environment)
    site.manage("demo", "--no-serve")
    with (folder / "server.log").open("wb") as log:
        processes = [
            subprocess.Popen(
                command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log
            )
            for command in (
                [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
                [sys.executable, "manage.py", "work"],
            )
        ]
        try:
            until = time.monotonic() + 30
            while not _answers(site.url):
                assert time.monotonic() < until, (folder / "server.log").read_text()[-2000:]
                time.sleep(0.1)
            yield site
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=10)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Take the installed Chromium; inside a container as root it runs without its sandbox."""
    try:
        path = servers.chromium()
    except servers.NotAvailable as missing:
        pytest.skip(str(missing))
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": path, "args": as_root}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Speak Chinese unless a test says otherwise."""
    return browser_context_args | {"locale": "zh-CN"}


@pytest.fixture
def watch(site: Site, page: Page) -> Iterator[Watch]:
    """Fail a test whose pages complain on the console or ask another host."""
    watch = Watch(site.url)
    watch.follow(page)
    yield watch
    assert watch.seen == []


@pytest.fixture
def visit(site: Site, page: Page, watch: Watch) -> Callable[[str], Response]:
    """Give a function that opens a path of the city, watched."""

    def visit(path: str) -> Response:
        response = page.goto(site.url + path)
        assert response is not None
        return response

    return visit


@pytest.fixture
def sign_in(site: Site, page: Page, visit: Callable[[str], Response]) -> Callable[[str], None]:
    """Give a function that signs a demo user in by the form, as people do."""

    def sign_in(email: str) -> None:
        visit("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", site.passphrase)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/accounts/" not in url)

    return sign_in
