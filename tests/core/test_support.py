import base64
import html
import json
from datetime import date
from urllib.parse import quote

import pytest

from accounts.models import JobState, User
from core.jobs import today
from tests.support import clock
from tests.support.canary import Canary, canary, leaks
from tests.support.dbhash import changed, database_hash

HIDDEN = {
    "as it is": lambda word: word,
    "in HTML": lambda word: html.escape(f"<b>{word}</b>"),
    "as HTML numbers": lambda word: "".join(f"&#{ord(char)};" for char in word),
    "in JSON": lambda word: json.dumps({"a": word}),
    "in a URL": lambda word: f"/x/?q={quote(word)}",
    "in base64": lambda word: base64.b64encode(f"a{word}zz".encode()).decode(),
    "in base64, one further": lambda word: base64.b64encode(f"ab{word}zz".encode()).decode(),
    "in base64, two further": lambda word: base64.b64encode(f"abc{word}zz".encode()).decode(),
    "in GB 18030": lambda word: word.encode("gb18030"),
}


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("script", ["han", "latin"])
def test_a_canary_is_found_in_every_disguise(hide, script: str) -> None:
    bird = canary("client.name")

    assert leaks([bird], "page", hide(getattr(bird, script))) == ["client.name in page"]


def test_other_text_holds_no_canary() -> None:
    assert (
        leaks([canary("a"), Canary("b", "桐棠栩槿楠榕", "zq123456789abc")], "page", "桐棠 zq1")
        == []
    )


@pytest.mark.django_db
def test_the_hash_of_a_database_names_the_table_that_changed() -> None:
    before = database_hash()
    JobState.objects.create(name="bookkeeping")
    assert changed(before, database_hash()) == []

    User.objects.create(email="a@example.org", name="Ann")

    assert changed(before, database_hash()) == ["accounts_user"]


def test_the_clock_of_the_tests_comes_back() -> None:
    before = today()

    with clock.on(date(2030, 1, 31)), clock.after(days=1):
        assert today() == date(2030, 2, 1)

    assert today() == before
