"""Every page that a link leads to, as each role sees it: complete, accessible, silent.

The pages are found as people find them: from the start page of a role along the links.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, Response

from tests.support.browser import scrolls_sideways, violations

pytestmark = pytest.mark.browser
Visit = Callable[[str], Response]
LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}
WIDTHS = (375, 1280)
# Each language and each width once: the other two pairs cost as much and found nothing else.
LOOKED_AT_CLOSELY = {("zh-hans", 375), ("en", 1280)}
PEOPLE = (
    "worker", "supervisor", "privacy", "intake", "editor", "coordinator", "system", "security",
    "auditor",
)  # fmt: skip
# The screens of each part, all of which the walk has to find.
SCREENS = {
    "search:home", "search:results", "search:report_gap", "catalogue:service",
    "catalogue:organization", "catalogue:location", "catalogue:slip", "upkeep:report",
    "upkeep:suggest", "handoffs:status", "reports:work", "reports:work_list", "reports:follow_up",
    "casefiles:clients", "casefiles:client_new", "casefiles:client", "casefiles:needs",
    "casefiles:need_new", "casefiles:need", "casefiles:timeline", "casefiles:consents",
    "casefiles:consent_new", "casefiles:consent_withdraw", "casefiles:who_saw", "casefiles:access",
    "casefiles:case", "handoffs:client_help", "handoffs:find", "handoffs:refer",
    "handoffs:referrals", "handoffs:referral", "handoffs:step", "handoffs:packet",
    "handoffs:slip", "handoffs:inbox", "upkeep:confirm", "upkeep:listings", "upkeep:listing_edit",
    "upkeep:checks", "upkeep:check", "upkeep:moderation", "upkeep:proposal", "reports:board",
    "reports:board_list", "reports:board_unmet", "catalogue:restrictions", "accounts:users",
    "accounts:invite", "accounts:user", "accounts:access_log", "accounts:outbox",
    "accounts:notices", "accounts:profile", "account_login", "account_reset_password", "mfa_index",
    "usersessions_list", "core:help", "core:accessibility", "core:display", "core:system",
}  # fmt: skip


@pytest.fixture(scope="module")
def examined() -> dict[str, str]:
    """Return each screen that was looked at, with the path where it was."""
    return {}


def _links(page: Page, origin: str) -> list[tuple[str, str]]:
    """Return (screen, address) of the links on a page that lead to pages of our own."""
    found = []
    for href in page.eval_on_selector_all(
        "a[href]:not([download])",
        "all => all.map((a) => new URL(a.getAttribute('href'), location).href)",
    ):
        parts = urlsplit(href)
        if href.startswith(origin):
            try:
                screen = resolve(parts.path).view_name
            except Resolver404:
                continue
            query = f"?{parts.query}" if parts.query else ""
            found.append((screen, parts.path + query))
    return found


def _read_in(page: Page, language: str) -> None:
    """Switch the language as people do, by the control in the header."""
    if page.get_attribute("html", "lang") != LANGUAGES[language]:
        control = page.locator(
            f"header [hreflang={LANGUAGES[language]}], header [value={language}]"
        )
        with page.expect_navigation():
            control.first.click()


def _faults(page: Page, visit: Visit, path: str) -> list[str]:
    """Look at a page in both languages and both widths and return what is wrong with it."""
    answer = visit(path)
    if answer.status != 200:
        return [f"answers {answer.status}"]
    found: list[str] = []
    now = page.get_attribute("html", "lang")
    for language in sorted(LANGUAGES, key=lambda name: LANGUAGES[name] != now):
        _read_in(page, language)
        if (count := page.locator("h1").count()) != 1:
            found.append(f"{language}: {count} headings of the first level")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if scrolls_sideways(page):
                found.append(f"{language} {width}: scrolls sideways")
            if (language, width) in LOOKED_AT_CLOSELY:
                found += [f"{language} {width}: {fault}" for fault in violations(page)]
    return found


def _walk(
    page: Page, visit: Visit, start: list[str], examined: dict[str, str], origin: str
) -> list[str]:
    """Follow the links from the start, one page of each screen; return what is wrong."""
    faults: list[str] = []
    waiting = [(resolve(urlsplit(path).path).view_name, path) for path in start]
    seen: set[str] = set()
    while waiting:
        screen, path = waiting.pop(0)
        if path in seen or (screen in seen and path not in start):
            continue
        seen |= {screen, path}
        if screen in examined and path not in start:
            answer = visit(path)
            found = [] if answer.status == 200 else [f"answers {answer.status}"]
        else:
            examined.setdefault(screen, path)
            found = _faults(page, visit, path)
        faults += [f"{path} ({screen}) {fault}" for fault in found]
        waiting += [link for link in _links(page, origin) if link[0] not in seen]
    return faults


def test_the_pages_of_visitors_are_clean(page, site, visit, watch, examined) -> None:
    watch.expected.add("[DOM]")
    start = ["/", "/search/?q=没钱看病", "/search/?q=zzzqqq", "/accounts/login/"]

    faults = _walk(page, visit, start, examined, site.url)

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("person", PEOPLE)
def test_the_pages_of_a_role_are_clean(page, site, visit, sign_in, watch, examined, person) -> None:
    # The browser's own hints on how to mark fields for its password store.
    watch.expected.add("[DOM]")
    sign_in(f"{person}@example.org")

    faults = _walk(page, visit, ["/start/"], examined, site.url)

    assert not faults, "\n".join(faults)


@pytest.mark.usefixtures("browser_name")  # else it would run before all that have a browser
def test_every_screen_was_reached(examined) -> None:
    assert SCREENS - set(examined) == set()
