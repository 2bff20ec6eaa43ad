"""What every door does, whoever knocks: headers, forged requests, foreign hosts, bad bodies."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.permissions import Role
from tests.conftest import ROOT
from tests.factories import accounts
from tests.security import world
from tests.security.visits import ROUTES, Visit, blank_pages, undone

pytestmark = pytest.mark.once
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'",
    "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
}  # fmt: skip
OPEN_DATA = {name for name, route in ROUTES.items() if route.path.startswith("hsds/")}
GETS = [name for name, route in ROUTES.items() if "GET" in route.methods]


def _gets(column: str, both_sides: Any) -> Any:
    """Yield an answer to each GET route."""
    who = world.person(column, both_sides.own)
    browser = world.browser(column, who, both_sides.own)
    things = both_sides.things("own") | world.account_things(who, both_sides.of)["own"]
    for name in GETS:
        yield name, Visit(ROUTES[name], "GET", things, signed_in=who is not None).send(browser)


@pytest.mark.parametrize("column", ["anonymous", Role.WORKER, Role.PARTNER_INTAKE])
def test_every_answer_carries_the_headers(column, both_sides):
    wrong = []
    with undone(), blank_pages():
        for name, answer in _gets(column, both_sides):
            head, place = answer.headers, f"{name} {answer.status}"
            # Open data is meant to be read from other sites; nothing else is.
            shared = {"Cross-Origin-Resource-Policy": "cross-origin"} if name in OPEN_DATA else {}
            expected = HEADERS | shared
            wrong += [f"{place}: {h}" for h, value in expected.items() if head.get(h) != value]
            policy = head.get("Content-Security-Policy", "")
            if policy != "sandbox":
                wrong += [f"{place}: {part}" for part in POLICY if part not in policy]
            if "unsafe" in policy:
                wrong.append(f"{place}: {policy}")
            referrers = {"no-referrer"} if "<str:token>" in ROUTES[name].path else {"same-origin"}
            if head.get("Referrer-Policy") not in referrers:
                wrong.append(f"{place}: {head.get('Referrer-Policy')}")
            # Health answers and the descriptions of open data are about nobody.
            about_nobody = name.startswith("core:") or name in OPEN_DATA
            stored = "no-store" not in head.get("Cache-Control", "")
            if column != "anonymous" and stored and not about_nobody:
                wrong.append(f"{place}: {head.get('Cache-Control')}")

    assert wrong == []


BODIES = {
    "deep": "[" * 5000 + "]" * 5000,
    "deep object": '{"a":' * 500 + "1" + "}" * 500,
    "large": json.dumps({"q": "长" * 1_100_000}),
    "not a number": '{"q": NaN}',
    "infinite": '{"q": 1e999}',
    "twice": '{"q": "a", "q": "b"}',
    "bad bytes": b'{"q": "\xff\xfe"}',
    "half a pair": '{"q": "\\ud83d"}',
    "a null byte": '{"q": "a\\u0000b"}',
    "no object": '"q"',
    "nothing": "",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("url", ["/api/v1/search", "/api/v1/clients", "/hsds/v3/services"])
def test_no_body_breaks_an_endpoint(url, body, both_sides):
    with undone():
        browser = world.browser(Role.WORKER, both_sides.own.scene.worker, both_sides.own)
        answer = browser.post(
            url, data=body, content_type="application/json", headers={"Idempotency-Key": "one"}
        )

        assert 400 <= answer.status_code < 500 or (answer.status_code == 200 and body in {"", b""})


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "https:evil.example", "http:///evil.example", " //evil.example",
    ],
)  # fmt: skip
@pytest.mark.parametrize("door", ["core:language", "core:display", "account_login"])
def test_no_form_leads_to_another_site(door, target, both_sides):
    person = both_sides.own.scene.worker
    fields = {
        "core:language": {"language": "en"},
        "core:display": {"theme": "dark", "text_size": "large"},
        "account_login": {"login": person.email, "password": accounts.PASSWORD},
    }

    with undone():
        answer = Browser().post(reverse(door), fields[door] | {"next": target})

    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


def test_a_forged_host_is_refused_and_never_quoted(both_sides):
    answer = Browser().get("/help/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert b"evil" not in answer.content


def test_a_forwarded_host_is_not_believed(both_sides):
    answer = Browser().get("/hsds/v3/", headers={"x-forwarded-host": "evil.example"})

    assert b"evil" not in answer.content


@pytest.mark.parametrize(
    "path", ["/static/../config/settings.py", "/static/%2e%2e/%2e%2e/manage.py", "/static/..%5cx"]
)
def test_no_path_leaves_the_folder_of_static_files(path, both_sides):
    answer = Browser().get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content

    assert answer.status_code in {302, 404}
    assert b"import" not in body


PROFILE = """
import django, json
from django.conf import settings
django.setup()
names = (
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "DEBUG", "USE_X_FORWARDED_HOST",
)
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_in_production_cookies_and_transport_are_closed():
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"INSECURE_HTTP_OK", "DATABASE_URL"}
    } | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "0",
        "SECRET_KEY": "production-" + "s" * 60,
        "ALLOWED_HOSTS": "linkwell.example",
        "SITE_URL": "https://linkwell.example",
    }
    run = subprocess.run(
        [sys.executable, "-c", PROFILE],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert json.loads(run.stdout.splitlines()[-1]) == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "LANGUAGE_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_SSL_REDIRECT": True,
        "DEBUG": False,
        "USE_X_FORWARDED_HOST": False,
    }
