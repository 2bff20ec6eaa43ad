"""The whole thread in the browser, zh and en: found, handed over, answered, verified, kept true."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from referrals.handoffs.states import Status
from tests.browser.conftest import Site
from tests.support.browser import Clicks, Watch

pytestmark = pytest.mark.browser
# A machine that is busy with other tests answers late; how fast pages are, bench/ measures.
expect.set_options(timeout=30_000)
WORKER, SYSTEM = "worker@example.org", "system@example.org"
AUDITOR, COORDINATOR = "auditor@example.org", "coordinator@example.org"
KIND_OF_NEED = "CM03"
# The worker's own station has an account; the others answer by link.
OWN = "听雨街道社会工作服务站"
CODE, MOBILE = r"(?<![-\d])\d{6}(?![-\d])", "13912345678"
# The scheduler's jobs, with the clock moved.
LATER = """
from datetime import timedelta
from core import jobs
from directory.upkeep import jobs as chores
with jobs.shifted(timedelta(days=720)):
    chores.age_listings()
    chores.open_checks()
    chores.advance_checks()
"""


class Person:
    """Somebody at a browser of their own, who reads one language."""

    def __init__(self, site: Site, context: BrowserContext, language: str) -> None:
        self.site, self.language = site, language
        self.page, self.watch = context.new_page(), Watch(site.url)
        self.watch.follow(self.page)
        self.clicks = Clicks(context)

    def sign_in(self, email: str) -> None:
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", self.site.passphrase)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/accounts/" not in url)
        # The account may remember another language.
        switch = self.page.locator(f"header button[name=language][value={self.language}]")
        if switch.count():
            with self.page.expect_navigation():
                switch.click()

    def open(self, path: str) -> None:
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == 200, path

    def reads(self, words: str | Promise) -> str:
        """Return words as this person reads them."""
        with translation.override(self.language):
            return gettext(words) if isinstance(words, str) else str(words)

    def control(self, words: str, within: Locator | None = None) -> Locator:
        """Return the button or link that this person reads as these words."""
        name = self.reads(words)
        root = within or self.page.locator("main")
        button = root.get_by_role("button", name=name, exact=True)
        return button.or_(root.get_by_role("link", name=name, exact=True)).first

    def press(self, words: str, within: Locator | None = None) -> None:
        with self.page.expect_navigation():
            self.control(words, within).click()

    def tick(self, selector: str) -> None:
        """Choose by keyboard: it costs no click."""
        self.page.focus(selector)
        self.page.keyboard.press("Space")


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def somebody(site: Site, browser: Browser, language: str) -> Iterator[Callable[..., Person]]:
    """Give a function that seats a person at a browser; all browsers must stay silent."""
    people: list[Person] = []

    def somebody(email: str = "") -> Person:
        context = browser.new_context(locale={"zh-hans": "zh-CN", "en": "en-US"}[language])
        context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
        person = Person(site, context, language)
        people.append(person)
        if email:
            person.sign_in(email)
        return person

    yield somebody
    for person in people:
        person.page.context.close()
    assert [line for person in people for line in person.watch.seen] == []


def _message(system: Person, to: str, pattern: str = "") -> str:
    """Return what the newest message that names this leads to, or what of it fits the pattern."""
    system.open("/settings/outbox/")
    message = system.page.locator("main li", has_text=to).first
    if pattern:
        found = re.search(pattern, message.inner_text())
        assert found, message.inner_text()
        return found[0]
    return urlsplit(message.locator("a.btn").first.get_attribute("href") or "").path


def _places_to_find_help(worker: Person) -> set[str]:
    links = worker.page.locator("main a[href*='/find/']")
    return {link.get_attribute("href") or "" for link in links.all()}


def _new_need(worker: Person, client: int) -> str:
    """Write down a need of a client of the worker's list; return where to find help."""
    worker.open("/clients/")
    # Each language with clients of its own, who have not consented yet.
    client += 3 if worker.language == "en" else 0
    with worker.page.expect_navigation():
        worker.page.locator("main a[href$='/needs/']").nth(client).click()
    before = _places_to_find_help(worker)
    worker.open(urlsplit(worker.page.url).path + "new/")
    worker.page.fill("input[name=category]", KIND_OF_NEED)
    worker.page.locator("[role=option]").first.click()
    worker.page.fill("textarea[name=summary]", "Lives alone, does not know whom to ask")
    worker.page.check("input[name=urgency][value=u3]")
    worker.page.check("input[name=impact][value=i3]")
    with worker.page.expect_navigation():
        worker.page.keyboard.press("Control+Enter")
    [new] = _places_to_find_help(worker) - before
    return new


def _answer_the_checks(worker: Person) -> None:
    """Say by keyboard what the page asks for where a listing is old or a condition fails."""
    worker.page.wait_for_load_state("networkidle")
    if worker.page.locator("[name=checked_by_phone]").count():
        worker.tick("[name=checked_by_phone]")
    if worker.page.locator("[name=override_reason]").count():
        worker.page.fill("[name=override_reason]", "They agreed on the phone")


@dataclass(frozen=True)
class Sent:
    """A referral on its way: its page, its number, whom it is about, to which service."""

    path: str
    number: str
    name: str
    service: str


def _refer(worker: Person, client: int, card: int = 0) -> Sent:
    """Refer a new need by link, in three clicks: the result, the consent, the sending."""
    worker.open(_new_need(worker, client))
    worker.clicks.reset()
    chosen = worker.page.locator(".card-service", has_not_text=OWN).nth(card)
    service = chosen.locator(".card-service__name a").get_attribute("href") or ""
    worker.press("Refer", chosen)
    expect(worker.page.locator("input[name=channel][value=secure_link]")).to_be_checked()
    name = worker.page.locator(".sheet__tier--full dd").first.inner_text()
    worker.page.fill("[name=code_to]", MOBILE)
    # Where a consent on file covers this recipient already, two clicks are enough.
    if worker.page.locator("[name=agreed]").count():
        worker.page.fill("[name=witness_2]", "林知远")
        worker.page.locator("[name=agreed]").check()
    _answer_the_checks(worker)
    worker.press("Send referral")
    assert worker.clicks.count <= 3
    number = worker.page.locator("h1 + p").inner_text().split()[0]
    return Sent(urlsplit(worker.page.url).path, number, name, urlsplit(service).path)


def _answered(somebody: Callable[..., Person], sent: Sent, answer: str) -> Person:
    """Answer by link without an account, in four clicks; the name shows after the code only."""
    system, partner = somebody(SYSTEM), somebody()
    partner.open(_message(system, sent.number))
    assert sent.name not in partner.page.content()
    partner.clicks.reset()
    partner.press("Open the referral")
    assert sent.name not in partner.page.content()
    partner.page.locator(f"input[name=answer][value={answer}]").check()
    if answer == "accept":
        partner.page.fill("[name=contact_name]", "方立秋")
        partner.page.fill("[name=code]", _message(system, MOBILE, CODE))
    else:
        partner.page.select_option("[name=reason]", "SERVICE_NOT_OFFERED")
    partner.press("Give the answer")
    assert partner.clicks.count <= 4
    return partner


def _take(person: Person, link: str) -> None:
    """Take a step of which all that is needed stands in the form beforehand."""
    with person.page.expect_navigation():
        person.page.locator(f"main a[href$='{link}']").first.click()
    for missing in ("RECEIVED_FULL", "client_phone"):
        choice = person.page.locator(f"main input[value={missing}]")
        if choice.count() and not choice.first.is_checked():
            choice.first.focus()
            person.page.keyboard.press("Space")
    with person.page.expect_navigation():
        person.page.locator("main .actions button.btn--primary").click()


def _found(visitor: Person) -> list[str]:
    """Return the services that a search lists, best first."""
    visitor.open(f"/search/?category={KIND_OF_NEED}&per_page=100")
    return [
        urlsplit(link.get_attribute("href") or "").path
        for link in visitor.page.locator(".card-service .card-service__name a").all()
    ]


def _until(happens: Callable[[], bool], seconds: int = 120) -> None:
    """Wait for the scheduler and the indexer, which work beside the server."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(2)


def test_a_person_is_handed_over_and_the_help_arrives(somebody: Callable[..., Person]) -> None:
    visitor, worker, auditor = somebody(), somebody(WORKER), somebody(AUDITOR)

    # Anybody finds it with everyday words and the keyboard alone.
    visitor.open("/")
    visitor.page.fill("input[name=q]", "没人做饭")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".card-service").first).to_be_visible()
    assert visitor.clicks.count == 0

    sent = _refer(worker, client=0)
    partner = _answered(somebody, sent, "accept")
    expect(partner.page.locator("main")).to_contain_text(sent.name)
    _take(partner, "/steps/start/")
    _take(partner, "/steps/report_outcome/")

    # The provider says done; the client is asked before anybody calls it closed.
    worker.open(sent.path)
    worker.clicks.reset()
    _take(worker, "/verify_close/")
    assert worker.clicks.count <= 3
    expect(worker.page.locator("main")).to_contain_text(worker.reads(Status.CLOSED.label))

    auditor.open(f"/settings/access-log/?client={sent.path.split('/')[2]}")
    for step in ("send", "acknowledge", "accept", "start", "report_outcome", "verify_close"):
        expect(auditor.page.locator("main table")).to_contain_text(f"referral.{step}")


def test_a_decline_for_want_of_the_service_opens_a_check_and_ranks_it_lower(
    somebody: Callable[..., Person],
) -> None:
    visitor, worker, coordinator = somebody(), somebody(WORKER), somebody(COORDINATOR)
    # Each language a service of its own, which has somewhere to sink to.
    sent = _refer(worker, client=1, card=int(worker.language == "en"))
    before = _found(visitor).index(sent.service)

    _answered(somebody, sent, "decline")

    coordinator.open(sent.service)
    name = coordinator.page.locator("h1").inner_text()
    coordinator.open("/checks/")
    expect(coordinator.page.locator("main")).to_contain_text(name)
    _until(lambda: sent.service not in (now := _found(visitor)) or now.index(sent.service) > before)


def test_a_consent_that_is_withdrawn_closes_what_the_partner_sees(
    somebody: Callable[..., Person],
) -> None:
    worker = somebody(WORKER)
    sent = _refer(worker, client=2)
    partner = _answered(somebody, sent, "accept")
    expect(partner.page.locator("main")).to_contain_text(sent.name)

    worker.open(sent.path)
    worker.press("Withdraw consent")
    worker.page.locator("main .actions button").first.click()

    partner.watch.expected.add("410")
    answer = partner.page.reload()
    assert answer is not None
    assert answer.status == 410
    assert sent.name not in partner.page.content()


def test_a_provider_confirms_in_two_clicks(somebody: Callable[..., Person]) -> None:
    system, provider = somebody(SYSTEM), somebody()
    provider.clicks.reset()
    # The click in the mail is the first.
    provider.open(_message(system, "/confirm/"))
    provider.press("All correct")

    assert provider.clicks.count == 1


@pytest.mark.parametrize("language", ["en"])
def test_what_nobody_confirms_sinks_and_is_hidden(
    site: Site, somebody: Callable[..., Person]
) -> None:
    visitor = somebody()
    everybody = _found(visitor)

    site.manage("shell", "-c", LATER)

    _until(lambda: len(_found(visitor)) < len(everybody))
