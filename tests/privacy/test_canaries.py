"""One client's words through the whole life of a referral, and where they must not turn up."""

import logging
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client as Browser

from accounts.operations import message
from accounts.permissions import Role
from referrals.casefiles import operations as casefile_operations
from referrals.casefiles.operations.client import Phone
from referrals.handoffs import operations
from search.models import SuggestKey
from tests.factories import accounts, casefiles, handoffs, search
from tests.support.canary import Canary, canary, leaks

TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
# Digits are their own canaries: no other row of the test holds them.
ID_NUMBER = "110101194803070025"
NUMBERS = [
    Canary("id number", ID_NUMBER, "1101 0119 4803 0700 25"),
    Canary("phone", "13787654321", "137 8765 4321"),
    Canary("phone of the guardian", "13887650123", "138 8765 0123"),
]


class Lines(logging.Handler):
    """Every log line as it was written, before anything is hidden in it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message and whatever came with it."""
        self.lines.append(f"{record.getMessage()} {record.__dict__}")


@dataclass
class Life:
    """What was planted, and what the product said meanwhile."""

    index: Path
    at: handoffs.Scene
    private: list[Canary] = field(default_factory=lambda: list(NUMBERS))
    log: Lines = field(default_factory=Lines)
    # Addresses, headers and titles; and what left the house as a file.
    shown: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    sms: str = ""

    def words(self, name: str) -> str:
        """Return words that nothing else holds."""
        self.private.append(canary(name))
        return self.private[-1].text

    def visit(self, browser: Browser, method: str, url: str, data: Any = None, **extra: Any) -> Any:
        """Send a request and keep what stands around the page."""
        answer = getattr(browser, method)(url, data, **extra)
        text = b"" if answer.streaming else answer.content
        titles = TITLE.findall(text.decode("utf-8", "replace"))
        heads = [f"{name}: {value}" for name, value in answer.headers.items()]
        self.shown += [answer.request["PATH_INFO"], answer.request["QUERY_STRING"], *heads, *titles]
        return answer


@pytest.fixture(name="life")
def _life(committed_db: None, settings: Any, tmp_path: Path) -> Iterator[Life]:
    text_messages = tmp_path / "sms.jsonl"
    settings.SMS_URL, settings.MEDIA_ROOT = f"file://{text_messages}", str(tmp_path / "media")
    search.live(settings, tmp_path / "index")
    last = SuggestKey.objects.latest("pk").pk
    made = Life(tmp_path / "index", handoffs.scene())
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(made.log)
    try:
        _file(made)
        _search(made)
        _refer(made)
        _leave(made)
        made.sms = text_messages.read_text("utf-8")
        yield made
    finally:
        for logger in loggers:
            logger.removeHandler(made.log)
        SuggestKey.objects.filter(pk__gt=last).delete()
        search.forget()


def _file(life: Life) -> None:
    """Open the file and write into every corner of it."""
    at, client = life.at, life.at.client
    casefile_operations.client.change(
        client, by=at.worker, expected_version=client.version,
        name=life.words("name"), pseudonym=life.words("pseudonym"), id_number=ID_NUMBER,
        address=life.words("address"), birth_date=date(1948, 3, 7),
        phones=[Phone("13787654321", note=life.words("note on a phone"))],
    )  # fmt: skip
    client.refresh_from_db()
    casefile_operations.timeline.note(client, by=at.worker, text=life.words("note"))
    casefile_operations.client.write_fact(
        client, by=at.worker, data_class="finance", text=life.words("income")
    )
    casefile_operations.client.add_guardian(
        client, by=at.worker, name=life.words("guardian"), phone="13887650123", relation="女儿"
    )
    at.need = casefiles.need(
        client, "EL03", urgency="u3", summary=life.words("summary of the need")
    )
    at.consent = casefiles.consent(
        client,
        at.service,
        handoffs.CLASSES,
        said=casefile_operations.consent.Said(
            witnesses=(life.words("first witness"), life.words("second witness"))
        ),
    )


def _search(life: Life) -> None:
    """Look for the client by every field, find, miss and mistype."""
    browser, words = accounts.browser(life.at.worker), {c.field: c for c in life.private}
    for text, found in (
        (words["name"].text, {"name": words["name"].text}),
        (words["pseudonym"].text, {"name": words["pseudonym"].text}),
        (ID_NUMBER, {"id_number": ID_NUMBER}),
        ("13787654321", {"phone": "13787654321"}),
    ):
        life.visit(browser, "post", "/clients/", {"q": text})
        answer = life.visit(
            browser, "post", "/api/v1/clients/search", found, content_type="application/json"
        )
        assert str(life.at.client.uid) in answer.content.decode()
    uid = life.at.client.uid
    for tab in ("", "edit/", "safety/", "timeline/", "needs/", "consents/", "who-saw/", "help/"):
        life.visit(browser, "get", f"/clients/{uid}/{tab}")
    # A form that is refused shows what was typed, and tells nobody else.
    life.visit(browser, "post", f"/clients/{uid}/edit/", {
        "name": words["name"].text, "id_number": "1", "version": "0", "idempotency_key": "k1",
    })  # fmt: skip
    life.visit(browser, "get", f"/needs/{life.at.need.uid}/find/")
    stranger = accounts.browser(accounts.member(Role.WORKER))
    life.visit(stranger, "get", f"/clients/{uid}/")


def _refer(life: Life) -> None:
    """Send, ask, answer, accept, read by both doors, report, verify, close."""
    at = life.at
    sent = handoffs.referral(
        at, "sent", need=at.need, summary=life.words("summary of the referral")
    )
    worker, partner = accounts.browser(at.worker), accounts.browser(at.partner)
    pages = [f"/referrals/{sent.uid}/{tab}" for tab in ("", "packet/", "slip/")]
    handoffs.take(sent, "request_info", at, data={"question": life.words("question")})
    handoffs.take(sent, "provide_info", at, data={"answer": life.words("answer")})
    path = operations.links.issue(
        sent, by=at.worker, kind="recipient",
        address="mailto:desk@example.org", code_address="sms:+8613900000000",
    )  # fmt: skip
    handoffs.take(sent, "accept", at)
    guest = Browser()
    life.visit(guest, "get", path)
    life.visit(guest, "post", "/answer/", {"intent": "open", "idempotency_key": "k2"})
    code = operations.links.read_out(sent.links.get(revoked_at=None), by=at.worker)
    life.visit(guest, "post", "/answer/code/", {"code": code, "idempotency_key": "k3"})
    opened = life.visit(guest, "get", "/answer/")
    assert life.private[3].han in opened.content.decode()
    for browser in (worker, partner):
        for page in pages:
            life.visit(browser, "get", page)
    life.visit(partner, "get", f"/api/v1/referrals/{sent.uid}/packet")
    handoffs.take(sent, "start", at)
    handoffs.take(sent, "report_outcome", at)
    handoffs.take(sent, "verify_close", at)
    life.visit(worker, "get", "/work/")
    life.visit(partner, "get", "/inbox/")


def _leave(life: Life) -> None:
    """Let everything leave the house that can: messages, texts, exports, the index."""
    while message.send_due():
        pass
    auditor = accounts.browser(accounts.member(Role.AUDITOR))
    answer = auditor.post("/settings/access-log/export/", {"idempotency_key": "k4"})
    life.files["access log"] = (
        b"".join(answer.streaming_content) if answer.streaming else (answer.content)
    )
    for url in ("/hsds/v3/services", "/hsds/v3/organizations", "/search/?q=助浴"):
        life.files[url] = Browser().get(url).content
    search.index(life.at.service)


def _database() -> bytes:
    """Return the bytes of the database as they lie on the disk, or as a dump has them."""
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        path = Path(str(where["NAME"]))
        return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))
    dump = subprocess.run(
        ["pg_dump", "-h", where["HOST"], "-p", str(where["PORT"]), "-U", where["USER"],
         "--inserts", where["NAME"]],
        capture_output=True, check=True,
    )  # fmt: skip
    return dump.stdout


def _tree(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        yield str(path.relative_to(folder)), path.read_bytes() if path.is_file() else b""


def test_a_clients_words_turn_up_nowhere_but_in_the_file(life, settings):
    database, index = _database(), dict(_tree(life.index))
    media = dict(_tree(Path(settings.MEDIA_ROOT)))
    messages = [f"{one.subject} {one.body} {one.to} {one.extra_headers}" for one in mail.outbox]
    assert len(life.log.lines) > 30
    assert len(mail.outbox) > 0
    assert re.search(r"[0-9]{6}", life.sms.partition("text")[2])
    assert sum(map(len, index.values())) > 1000
    assert "上门助浴".encode() in database

    found = [
        *leaks(life.private, "the database", database),
        *(line for name, data in index.items() for line in leaks(life.private, name, data)),
        *(line for name in media for line in leaks(life.private, "a file's name", name)),
        *(line for name, data in media.items() for line in leaks(life.private, name, data)),
        *leaks(life.private, "the log", "\n".join(life.log.lines)),
        *leaks(life.private, "an address, header or title", "\n".join(life.shown)),
        *leaks(life.private, "a mail", "\n".join(messages)),
        *leaks(life.private, "a text message", life.sms),
        *(line for name, data in life.files.items() for line in leaks(life.private, name, data)),
    ]

    assert found == []
