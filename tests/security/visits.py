"""One request to one route, with what it wrote and whom it told; and the table of who may."""

import copy
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.template import Origin
from django.template.loaders.base import Loader
from django.test import override_settings
from django.urls import reverse

from accounts.models import AuditEntry
from tests.conftest import ROOT
from tests.security import world
from tests.security.routes import WRITING, Route, routes
from tests.support.canary import leaks

TABLE = ROOT / "docs" / "permissions.csv"
# Where a refused request may leave a trace.
TRACES = (
    "accounts_audit", "accounts_ratebucket", "accounts_idempotency", "django_session",
    "usersessions_usersession", "accounts_token",
)  # fmt: skip
ROUTES = {route.name: route for route in routes()}
Row = tuple[str, str]


def table() -> dict[Row, dict[str, str]]:
    """Return who may do what: a word per role, for each route and method."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row.pop("route"), row.pop("method")): row for row in rows}


class Sheet(Loader):
    """Pages without text: the door is judged here, what stands on pages by the crawl."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        """Answer for every name."""
        yield Origin(name=template_name, template_name=template_name, loader=self)

    def get_contents(self, origin: Origin) -> str:
        """Say no more than what was refused."""
        return "{{ problem.detail }}"


@contextmanager
def blank_pages() -> Iterator[None]:
    """Render nothing: pages that are not looked at need not be made."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["APP_DIRS"] = False
    templates[0]["OPTIONS"]["loaders"] = [f"{__name__}.Sheet"]
    with override_settings(TEMPLATES=templates):
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Take back what a request did; the block counts as the test's own, so limits may commit."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
    cache.clear()


class Seen(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    head: bytes
    location: str
    headers: dict[str, str]


class Visit:
    """One request with what it wrote and whom it told."""

    seen: Seen

    def __init__(
        self, route: Route, method: str, things: dict[str, Any], *, signed_in: bool
    ) -> None:
        self.route, self.method, self.signed_in = route, method, signed_in
        kwargs = dict(world.PARTS.get(route.name, {}))
        if what := world.thing(route.name, route.path):
            kwargs |= world.address_of(things[what], route.path)
        self.names_a_row = "<uuid:" in route.path
        self.url = reverse(route.name, kwargs=kwargs)
        self.written: list[str] = []

    def send(self, browser: Any, **extra: Any) -> Seen:
        """Send the request; writes carry what the door asks for before anything else."""
        if self.method in WRITING:
            extra["headers"] = {"Idempotency-Key": "matrix", "If-Match": '"1"'}
            if self.route.is_api:
                extra |= {"data": "{}", "content_type": "application/json"}
            elif self.method == "POST":
                extra["data"] = {"idempotency_key": "matrix", "version": "1"}
        self.refusals = AuditEntry.objects.filter(result="denied").count()
        with connection.execute_wrapper(self._watch):
            answer = getattr(browser, self.method.lower())(self.url, **extra)
            parts = answer.streaming_content if answer.streaming else [answer.content]
            body = b"".join(parts)
        head = "\n".join(f"{key}: {value}" for key, value in answer.headers.items())
        location = answer.headers.get("Location", "")
        self.seen = Seen(answer.status_code, body, head.encode(), location, dict(answer.headers))
        return self.seen

    def _watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb, _blank, rest = sql.partition(" ")
        if verb in {"INSERT", "UPDATE", "DELETE"}:
            table = rest.split('"')[1]
            self.written += [] if table.startswith(TRACES) else [f"{verb} {table}"]
        return execute(sql, params, many, context)

    def faults(self, expected: str, foreign: world.Side) -> Iterator[str]:
        """Say what is not as it should be."""
        got, told = outcome(self.seen), self.seen.head + self.seen.body
        if got != expected:
            yield f"expected {expected}, was {got} ({self.seen.status})"
        if self.seen.status >= 500:
            yield f"broke with {self.seen.status}"
        if foreign.told(told):
            yield from leaks(foreign.private, "body or headers", told)
        if got == "allow":
            return
        yield from (f"refused, yet {line}" for line in self.written)
        logged = AuditEntry.objects.filter(result="denied").count() - self.refusals
        due = got == "403" or (got == "404" and self.names_a_row)
        if self.signed_in and due and logged != 1:
            yield f"{logged} refusals in the access log, expected 1"


def outcome(seen: Seen) -> str:
    """Return which of the table's words an answer is."""
    if seen.status == 401 or seen.location.startswith(reverse("account_login")):
        return "login"
    return str(seen.status) if seen.status in {403, 404} else "allow"
