"""Every main page of the demo city: complete in both languages, axe-clean, at home on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from tests.support.browser import scrolls_sideways, violations

pytestmark = pytest.mark.browser
Visit = Callable[[str], Response]
PUBLIC = ("/", "/search/?q=没钱看病", "/search/?q=zzzqqq", "/suggest/", "/help/", "/accessibility/")
BY_ROLE = {
    "worker": ("/work/", "/clients/", "/referrals/", "/checks/"),
    "coordinator": ("/board/", "/moderation/"),
    "intake": ("/inbox/",),
    "editor": ("/listings/",),
    "system": ("/settings/outbox/", "/settings/system/"),
    "security": ("/settings/users/",),
    "auditor": ("/settings/access-log/",),
}
WIDTHS = (375, 1280)
LANGUAGES = ("zh-hans", "en")


def _check(page: Page, visit: Visit, path: str) -> list[str]:
    """Look at a page in both languages and widths; return what is wrong with it."""
    found = []
    for language in LANGUAGES:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            answer = visit(f"{path}{'&' if '?' in path else '?'}lang={language}")
            where = f"{path} {language} {width}"
            if answer.status != 200:
                found.append(f"{where}: {answer.status}")
                continue
            if page.locator("h1").count() != 1:
                found.append(f"{where}: {page.locator('h1').count()} headings of the first level")
            if scrolls_sideways(page):
                found.append(f"{where}: scrolls sideways")
            found += [f"{where}: {fault}" for fault in violations(page)]
    return found


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_clean(page: Page, visit: Visit, path: str) -> None:
    assert _check(page, visit, path) == []


@pytest.mark.parametrize("role", BY_ROLE)
def test_pages_of_a_role_are_clean(
    page: Page, visit: Visit, sign_in: Callable[[str], None], role: str
) -> None:
    sign_in(f"{role}@example.org")

    found: list[Any] = []
    for path in BY_ROLE[role]:
        found += _check(page, visit, path)

    assert found == []


def test_a_service_page_is_clean(page: Page, visit: Visit) -> None:
    visit("/search/?q=长者食堂")
    link = page.locator("a[href^='/services/']").first.get_attribute("href")
    assert link

    assert _check(page, visit, link) == []
