import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from accounts.models import User
from core.middleware.logs import EXTRAS, JSONFormatter, Redact

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls")]


@pytest.fixture
def user() -> User:
    return User.objects.create(email="a@example.org", name="Ann")


# ---- Id and headers -------------------------------------------------------------------------
def test_a_well_formed_id_is_kept_and_any_other_replaced(client: Client) -> None:
    kept = client.get("/try/", headers={"X-Request-ID": "abc-DEF-123"})
    replaced = [
        client.get("/try/", headers={"X-Request-ID": bad})["X-Request-ID"]
        for bad in ("short", "x" * 65, "with blank", "<script>aaaa", "")
    ]

    assert kept["X-Request-ID"] == "abc-DEF-123"
    assert all(len(found) == 32 and found.isalnum() for found in replaced)


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PLACES = {
    "page": "/try/",
    "refusal": "/try/forbidden/",
    "unknown page": "/nowhere/",
    "fault": "/try/fault/",
    "static file": "/static/core/linkwell.css",
    "API": "/api/v1/echo",
    "problem": "/api/v1/echo/conflict",
    "sign-in redirect": "/settings/system/",
    "health": "/health/live",
}


@pytest.mark.parametrize("path", PLACES.values(), ids=PLACES)
def test_every_answer_has_the_security_headers(client: Client, path: str) -> None:
    client.raise_request_exception = False
    answer = client.get(path)
    answer.close()

    assert {name: answer.get(name) for name in HEADERS} == HEADERS
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_hsts_is_sent_over_tls(client: Client, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True

    assert "includeSubDomains" in client.get("/try/", secure=True)["Strict-Transport-Security"]


def test_a_page_that_a_secret_link_opens_sends_no_referrer(client: Client) -> None:
    assert client.get("/open/abcdef/")["Referrer-Policy"] == "no-referrer"


def test_what_a_signed_in_user_sees_is_kept_by_nobody(client: Client, user: User) -> None:
    assert "no-store" not in client.get("/try/").get("Cache-Control", "")
    client.force_login(user, backend=configured.AUTHENTICATION_BACKENDS[0])

    answer = client.get("/try/")

    assert answer["Cache-Control"] == "no-store"
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in answer["Vary"].split(",")}


def test_answers_of_the_api_are_kept_by_nobody(client: Client) -> None:
    assert client.get("/api/v1/echo")["Cache-Control"] == "no-store"


# ---- Language -------------------------------------------------------------------------------
def language(client: Client, path: str = "/try/", **headers: str) -> str:
    return client.get(path, headers=headers)["Content-Language"]


@pytest.mark.parametrize(
    ("accepted", "shown"),
    [
        ("", "zh-hans"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("fr", "zh-hans"),
        ("*", "zh-hans"),
        ("<nonsense>", "zh-hans"),
    ],
)
def test_without_a_choice_the_browser_decides(client: Client, accepted: str, shown: str) -> None:
    assert language(client, **{"Accept-Language": accepted}) == shown


def test_the_cookie_beats_the_browser(client: Client) -> None:
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "en"

    assert language(client, **{"Accept-Language": "zh"}) == "en"


def test_the_user_beats_the_cookie(client: Client, user: User) -> None:
    user.language = "en"
    user.save()
    client.force_login(user, backend=configured.AUTHENTICATION_BACKENDS[0])
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "zh-hans"

    assert language(client) == "en"


def test_the_address_beats_everything_and_is_remembered(client: Client, user: User) -> None:
    user.language = "en"
    user.save()
    client.force_login(user, backend=configured.AUTHENTICATION_BACKENDS[0])

    assert language(client, "/try/?lang=zh") == "zh-hans"
    assert client.cookies[configured.LANGUAGE_COOKIE_NAME].value == "zh-hans"


def test_an_unknown_language_is_ignored(client: Client) -> None:
    assert language(client, "/try/?lang=xx") == "zh-hans"
    assert configured.LANGUAGE_COOKIE_NAME not in client.cookies


# ---- Text -----------------------------------------------------------------------------------
def test_query_and_form_are_cleaned_once(client: Client) -> None:
    answer = client.post("/try/?q=e%CC%81", {"q": "a\r\nb\ufeff"})

    assert answer.content.decode() == "é|a\nb"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("code", ["\x00", "\x1b", "\u202e"])
def test_unclean_text_is_refused_and_named(client: Client, method: str, code: str) -> None:
    answer = getattr(client, method)("/try/", {"q": f"a{code}"})

    assert answer.status_code == 400
    assert f"U+{ord(code):04X}" in answer.content.decode()


# ---- Problems on pages ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status"),
    [("conflict", 409), ("forbidden", 403), ("django-forbidden", 403), ("missing", 404)],
)
def test_a_refusal_is_a_page_with_words_and_a_number(
    client: Client, name: str, status: int
) -> None:
    answer = client.get(f"/try/{name}/")
    text = answer.content.decode()

    assert answer.status_code == status
    assert "<h1" in text
    assert answer["X-Request-ID"] in text
    assert "secret words" not in text


def test_a_request_of_htmx_gets_a_banner_for_the_top_of_the_page(client: Client) -> None:
    answer = client.get("/try/conflict/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "Somebody was faster." in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#main", "afterbegin")


def test_a_missing_database_is_a_page_in_both_languages(client: Client) -> None:
    answer = client.get("/try/down/")
    text = answer.content.decode()

    assert answer.status_code == 503
    assert answer["Retry-After"] == "1"
    assert 'lang="zh-Hans"' in text
    assert 'lang="en"' in text


def test_a_fault_of_ours_is_a_page_that_tells_nothing(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/try/fault/")

    assert answer.status_code == 500
    assert "13800138000" not in answer.content.decode()


def test_a_form_without_a_token_is_answered_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/try/", {"q": "x"})

    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()


# ---- Log ------------------------------------------------------------------------------------
@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []
    formatter = JSONFormatter()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = formatter.format(record)
            assert "\n" not in text
            found.append(json.loads(text) | {"raw": text})

    handler = Keep()
    handler.addFilter(Redact())
    loggers = [logging.getLogger(name) for name in ("linkwell", "django", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    yield found
    for logger in loggers:
        logger.removeHandler(handler)


def test_a_request_leaves_one_line_with_its_route(client: Client, lines: list[Any]) -> None:
    client.get("/try/?q=secret", headers={"X-Request-ID": "abcdefgh"})

    (line,) = lines
    assert {key: line[key] for key in ("event", "method", "status", "request_id", "level")} == {
        "event": "request",
        "method": "GET",
        "status": 200,
        "request_id": "abcdefgh",
        "level": "info",
    }
    assert line["logger"] == "linkwell.request"
    assert line["ms"] >= 0
    assert "secret" not in line["raw"]


def test_no_line_holds_a_path_a_query_a_body_or_a_token(client: Client, lines: list[Any]) -> None:
    client.raise_request_exception = False
    token = "K7fQ2mZx9LpW4vTn8RbY6cHd3JsG5aEe"
    for path in (f"/open/{token}/", f"/nowhere/{token}", "/try/missing/", "/try/fault/"):
        client.post(f"{path}?name=zhangsan", {"name": "zhangsan", "phone": "13800138000"})

    logged = "".join(line["raw"] for line in lines)
    assert len(lines) >= 4
    for word in (token, "zhangsan", "13800138000", "张三", "\\u5f20\\u4e09", "nowhere"):
        assert word not in logged, word


def test_a_fault_is_logged_by_place_and_kind(client: Client, lines: list[Any]) -> None:
    client.raise_request_exception = False
    client.get("/try/fault/")

    (fault,) = [line for line in lines if "exception" in line]
    (found,) = fault["exception"]
    assert found["kind"] == "builtins.ZeroDivisionError"
    assert any("urls.py" in frame for frame in found["frames"])
    assert "text" not in found


PERSONAL = [
    "13800138000",
    "+86 138 0013 8000",
    "138-0013-8000",
    "021-62180455",
    "(202) 555-0143",
    "11010519491231002X",
    "zhang.san+x@example.org",
    "Authorization: Bearer abc.def-ghi_12345",
    "Token abcdefgh12345678",
    "sessionid=abc123def",
    "password: hunter2",
    "/confirm/K7fQ2mZx9LpW4vTn8RbY6cHd3JsG5aEe/",
]


def logged(message: str, *args: object, **extra: object) -> str:
    record = logging.LogRecord("linkwell", logging.INFO, "", 0, message, args, None)
    record.__dict__.update(extra)
    Redact().filter(record)
    return JSONFormatter().format(record)


@pytest.mark.parametrize("text", PERSONAL)
def test_what_looks_like_a_persons_is_hidden(text: str) -> None:
    secret = text.rsplit(" ", 1)[-1].rsplit("=", 1)[-1].strip("/").rsplit("/", 1)[-1]

    assert secret not in logged("it was %s there", text)
    assert "[hidden]" in logged("it was %s there", text)


@pytest.mark.parametrize("text", ["12348", "2026-11-24 10:00", "rebuilt 20000 documents", "ab12"])
def test_ordinary_figures_stay(text: str) -> None:
    assert text in logged("it was %s there", text)


def test_line_breaks_and_terminal_codes_are_escaped() -> None:
    line = logged("one\r\ntwo\x1b[31m\x9b0m")

    assert line.isascii()
    assert line.isprintable()


def test_only_known_extras_are_logged() -> None:
    line = json.loads(logged("x", client="张三", route="core:help"))

    assert "client" not in line
    assert line["route"] == "core:help"
    assert "client" not in EXTRAS


def test_without_the_safeguard_the_canary_is_in_the_log(settings: Any) -> None:
    settings.SAFEGUARDS_OFF = {"redaction"}

    assert "13800138000" in logged("it was %s there", "13800138000")
