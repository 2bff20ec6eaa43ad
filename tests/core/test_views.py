import json
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from accounts.models import Membership, User
from accounts.permissions import Role
from core import jobs
from core.api import health
from core.jobs import Reading, State, probe, readings

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create(email="a@example.org", name="Ann")


@pytest.fixture
def administrator() -> User:
    user = User.objects.create(email="s@example.org", name="Sam")
    Membership.objects.create(user=user, role=Role.SYSTEM_ADMINISTRATOR)
    return user


def sign_in(client: Client, user: User) -> None:
    client.force_login(user, backend=configured.AUTHENTICATION_BACKENDS[0])


CHOSEN = {"theme": "dark", "text_size": "150", "reduced_data": "on", "language": "en"}


# ---- Open pages -----------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/help/", "/accessibility/", "/display/"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_anybody_may_read_these_pages(client: Client, path: str, language: str) -> None:
    answer = client.get(f"{path}?lang={language}")

    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1


@pytest.mark.parametrize("path", ["/settings/system/", "/help/components/"])
def test_how_the_system_runs_is_for_administrators(
    client: Client, user: User, administrator: User, path: str
) -> None:
    seen = [client.get(path).status_code]
    for person in (user, administrator):
        sign_in(client, person)
        seen.append(client.get(path).status_code)

    assert seen == [302, 403, 200]


# ---- Display and language -------------------------------------------------------------------
def test_a_visitors_choice_is_kept_in_cookies(client: Client) -> None:
    answer = client.post("/display/", CHOSEN | {"next": "/help/?x=1"})
    page = client.get("/help/")

    assert (answer.status_code, answer["Location"]) == (302, "/help/?x=1")
    assert page["Content-Language"] == "en"
    assert 'data-theme="dark"' in page.content.decode()
    assert 'data-text="150"' in page.content.decode()
    assert page.context["reduced_data"] is True


def test_a_users_choice_is_kept_with_the_user(client: Client, user: User) -> None:
    sign_in(client, user)
    client.post("/display/", CHOSEN)
    user.refresh_from_db()

    assert (user.theme, user.text_size, user.reduced_data, user.language) == (
        "dark",
        150,
        True,
        "en",
    )
    assert "display" not in client.cookies


@pytest.mark.parametrize("field", CHOSEN)
def test_an_unknown_choice_changes_nothing(client: Client, field: str) -> None:
    if field == "reduced_data":
        pytest.skip("a box is ticked or not")
    answer = client.post("/display/", CHOSEN | {field: "nonsense"})

    assert answer.status_code == 200
    assert "display" not in client.cookies


@pytest.mark.parametrize("cookie", ["", "x", "dark", "pink.999.7", "dark.150.1.9", "é.1.1"])
def test_a_strange_cookie_does_no_harm(client: Client, cookie: str) -> None:
    client.cookies["display"] = cookie

    assert client.get("/help/").status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "javascript:x", ""],
)
def test_a_form_never_leads_to_another_site(client: Client, target: str) -> None:
    assert client.post("/display/", CHOSEN | {"next": target})["Location"] == "/"


def test_the_language_is_switched_in_place(client: Client, user: User) -> None:
    sign_in(client, user)
    answer = client.post("/language/", {"language": "en", "next": "/help/"})
    user.refresh_from_db()

    assert answer["Location"] == "/help/"
    assert user.language == "en"
    assert client.get("/help/")["Content-Language"] == "en"


def test_a_language_in_the_address_does_not_overrule_the_choice(client: Client) -> None:
    target = "/help/?lang=zh&x=%E5%85%BB&x=2"
    answer = client.post("/language/", {"language": "en", "next": target})

    assert answer["Location"] == "/help/?x=%E5%85%BB&x=2"


def test_an_unknown_language_is_refused(client: Client) -> None:
    assert client.post("/language/", {"language": "xx"}).status_code == 400
    assert client.get("/language/").status_code == 405


# ---- Health ---------------------------------------------------------------------------------
@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Give the probes of core alone, and forget what was found before."""
    own = {name: found for name, found in jobs.PROBES.items() if name.startswith("core.")}
    monkeypatch.setattr(jobs, "PROBES", own)
    monkeypatch.setattr(health, "_known", health._Known())
    return jobs.PROBES


def test_a_live_process_asks_nobody(
    client: Client, django_assert_num_queries: Any, settings: Any
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "live"}


def test_a_ready_process_asks_the_database_once_in_three_seconds(
    client: Client, probes: dict[str, Any], django_assert_num_queries: Any
) -> None:
    assert client.get("/health/ready").json() == {"status": "ready"}
    with django_assert_num_queries(0):
        assert client.get("/health/ready").json() == {"status": "ready"}


def test_a_part_that_fails_makes_it_degraded_and_still_serving(
    client: Client, probes: dict[str, Any]
) -> None:
    @probe("Engine", serving=True)
    def engine() -> Reading:
        return Reading(State.FAIL, "down")

    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, {"status": "degraded"})


def test_details_are_for_administrators_and_monitors(
    client: Client, probes: dict[str, Any], administrator: User, user: User, settings: Any
) -> None:
    settings.METRICS_TOKEN = "m" * 32
    seen = [
        client.get("/health/detail", headers={"Authorization": given}).status_code
        for given in ("", "Bearer wrong", "Bearer ", f"Bearer {'m' * 32}")
    ]
    for person in (user, administrator):
        sign_in(client, person)
        seen.append(client.get("/health/detail").status_code)

    assert seen == [404, 404, 404, 200, 404, 200]


def test_without_a_token_nobody_gets_in_by_an_empty_one(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""

    assert client.get("/health/detail", headers={"Authorization": "Bearer "}).status_code == 404


def test_details_name_every_probe_and_the_worst_state(
    client: Client, probes: dict[str, Any], administrator: User
) -> None:
    @probe("Queue")
    def queue() -> Reading:
        return Reading(State.WARN, "slow", {"oldest_s": 7})

    sign_in(client, administrator)
    answer = json.loads(client.get("/health/detail").content)
    found = {row["name"]: row for row in answer["probes"]}

    assert {"core.database", "core.clock", "core.disk"} <= set(found)
    assert found["tests.queue"]["figures"] == {"oldest_s": 7}
    assert answer["status"] in {"warn", "fail"}


def test_a_probe_that_fails_itself_is_reported(probes: dict[str, Any]) -> None:
    @probe("Bad")
    def bad() -> Reading:
        raise ZeroDivisionError

    states = {found.name: reading.state for found, reading in readings()}

    assert states["tests.bad"] == State.FAIL


def test_the_system_page_shows_what_needs_somebody_first(
    client: Client, probes: dict[str, Any], administrator: User
) -> None:
    @probe("Last one")
    def last() -> Reading:
        return Reading(State.FAIL, "This needs somebody.")

    sign_in(client, administrator)
    answer = client.get("/settings/system/")

    states = [row["state"] for row in answer.context["probes"]]
    assert states == sorted(states, key=["fail", "warn", "ok"].index)
    assert "This needs somebody." in answer.content.decode()
