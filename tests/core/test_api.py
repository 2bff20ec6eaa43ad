import contextlib
import io
import json
from typing import Any

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.api import StrictJSONParser, client_ip
from core.errors import Malformed
from core.text import UncleanText

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls")]
JSON = "application/json"


def post(client: Client, body: str | bytes) -> Any:
    return client.post("/api/v1/echo", body, content_type=JSON)


# ---- Bodies ---------------------------------------------------------------------------------
def test_a_plain_body_comes_through(client: Client) -> None:
    body = {"名": ["é", 1, -1.5, None, True], "deep": [[[]]]}

    assert post(client, json.dumps(body)).json() == {"got": body}


def test_text_is_composed_on_the_way_in(client: Client) -> None:
    assert post(client, '{"a": "e\\u0301\\r\\n\\ufeff"}').json() == {"got": {"a": "é\n"}}


BAD = {
    "no JSON": "{",
    "bad UTF-8": b'{"a": "\xff"}',
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "key twice": '{"a": 1, "a": 2}',
    "inner key twice": '{"x": [{"a": 1, "a": 2}]}',
    "NaN": '{"a": NaN}',
    "Infinity": '{"a": -Infinity}',
    "float too large": '{"a": 1e999}',
    "integer too large": '{"a": 9223372036854775808}',
    "integer of many digits": '{"a": ' + "9" * 100_000 + "}",
    "too deep": "[" * 33 + "]" * 33,
    "much too deep": "[" * 100_000,
    "too large": '{"a": "' + "x" * 1_048_576 + '"}',
    "NUL": '{"a": "\\u0000"}',
    "half a pair": '{"a": "\\ud800"}',
    "escape of a terminal": '{"a": "\\u001b[31m"}',
    "turned round": '{"a": "\\u202e"}',
    "in a key": '{"\\u0000": 1}',
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_a_bad_body_is_a_problem_and_never_a_fault(client: Client, body: str | bytes) -> None:
    answer = post(client, body)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in {"malformed", "unclean_text"}


def test_depth_counts_brackets_and_not_text(client: Client) -> None:
    assert post(client, json.dumps({"a": "[" * 500 + '\\"' + "{" * 500})).status_code == 200
    assert post(client, "[" * 32 + "]" * 32).status_code == 200


def test_a_pointer_leads_to_the_unclean_text(client: Client) -> None:
    answer = post(client, '{"lines": [{"a": "x"}, {"a": "\\u0000"}]}')

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/lines/1/a"]


@given(st.one_of(st.binary(), st.text('[]{}",:\\u0d81e+-9').map(str.encode)))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(Malformed, UncleanText):
        StrictJSONParser().parse(io.BytesIO(body))


def test_other_kinds_of_body_are_refused(client: Client) -> None:
    answer = client.post("/api/v1/echo", {"a": "1"})

    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


# ---- Parameters -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("nonsense=1", "nonsense"),
        ("name=a&name=b", "name"),
        ("page=1&page=2", "page"),
        ("per_page=0", "per_page"),
        ("per_page=101", "per_page"),
        ("per_page=abc", "per_page"),
        ("per_page=-1", "per_page"),
        ("per_page=٣", "per_page"),
        ("q=%00", "q"),
    ],
)
def test_an_unknown_or_doubled_parameter_is_named(client: Client, query: str, named: str) -> None:
    answer = client.get(f"/api/v1/users?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == named


@pytest.mark.parametrize("query", ["", "name=x", "theme=auto&theme=dark", "extra=1", "lang=en"])
def test_known_parameters_pass(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/users?{query}").status_code == 200


@pytest.fixture
def two_users() -> None:
    for number in (1, 2):
        User.objects.create(email=f"a{number}@example.org", name="甲")


@pytest.mark.usefixtures("two_users")
def test_a_page_says_where_it_stands(client: Client) -> None:
    answer = client.get("/api/v1/users?name=甲&per_page=1&page=2").json()

    assert {key: answer[key] for key in ("total", "page", "per_page", "pages")} == {
        "total": 2,
        "page": 2,
        "per_page": 1,
        "pages": 2,
    }
    assert len(answer["results"]) == 1


@pytest.mark.usefixtures("two_users")
@pytest.mark.parametrize("number", ["3", "0", "-1", "abc", "9" * 30])
def test_a_page_that_does_not_exist_is_not_found(client: Client, number: str) -> None:
    assert client.get(f"/api/v1/users?name=甲&per_page=1&page={number}").status_code == 404


# ---- Preconditions --------------------------------------------------------------------------
@pytest.mark.parametrize("header", ['"7"', "7", 'W/"7"'])
def test_the_version_is_read_from_if_match(client: Client, header: str) -> None:
    answer = client.patch("/api/v1/echo", "{}", content_type=JSON, headers={"If-Match": header})

    assert answer.json() == {"version": 7}


def test_a_change_without_a_version_is_refused(client: Client) -> None:
    answer = client.patch("/api/v1/echo", "{}", content_type=JSON)

    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


@pytest.mark.parametrize("header", ["*", '"x"', '"1", "2"', '"99999999999"'])
def test_another_precondition_is_malformed(client: Client, header: str) -> None:
    answer = client.patch("/api/v1/echo", "{}", content_type=JSON, headers={"If-Match": header})

    assert (answer.status_code, answer.json()["code"]) == (400, Malformed.code)


# ---- Problems -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("conflict", 409, "stale_version"),
        ("forbidden", 403, "not_permitted"),
        ("django-forbidden", 403, "not_permitted"),
        ("missing", 404, "not_found"),
        ("down", 503, "busy"),
    ],
)
def test_every_refusal_is_a_problem_document(
    client: Client, name: str, status: int, code: str
) -> None:
    answer = client.get(f"/api/v1/echo/{name}", headers={"X-Request-ID": "abcdefgh-1"})
    problem = answer.json()

    assert answer.status_code == problem["status"] == status
    assert problem["code"] == code
    assert problem["request_id"] == answer["X-Request-ID"] == "abcdefgh-1"
    assert problem["detail"]
    assert "secret" not in answer.content.decode()


def test_a_fault_of_ours_tells_nothing(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/api/v1/echo/fault")

    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert "13800138000" not in answer.content.decode()


def test_an_unknown_address_under_the_api_is_a_problem_too(client: Client) -> None:
    answer = client.get("/api/v1/nowhere")

    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_who_is_not_signed_in_is_told_how(client: Client) -> None:
    answer = client.get("/api/v1/private")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"]


def test_field_errors_have_pointers(client: Client) -> None:
    body = json.dumps({"lines": [{"amount": 1}, {"amount": "x"}]})
    answer = client.put("/api/v1/echo", body, content_type=JSON)

    assert answer.json()["code"] == "invalid"
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/name", "/lines/1/amount"}


def test_the_language_of_a_problem_is_the_readers(client: Client) -> None:
    zh = client.get("/api/v1/nowhere", headers={"Accept-Language": "zh-CN"})
    en = client.get("/api/v1/nowhere", headers={"Accept-Language": "en"})

    assert (zh["Content-Language"], en["Content-Language"]) == ("zh-hans", "en")


# ---- Address of the client ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "", "10.0.0.9"),
        (0, "1.1.1.1", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.9"),
    ],
)
def test_only_what_trusted_proxies_wrote_counts(
    settings: Any, proxies: int, forwarded: str, found: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": forwarded} if forwarded else {}
    )

    assert client_ip(request) == found
