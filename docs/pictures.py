# ruff: noqa: INP001  # a script beside what it makes, imported by nobody
"""Take the pictures of the README from a running demo: `make pictures` after `make demo`.

Needs Chromium; BROWSER names another one, BASE another address, DEMO_PASSPHRASE the passphrase.
"""

import os
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent / "pictures"
BASE = os.environ.get("BASE", "http://127.0.0.1:8000")
SIZE = (1280, 860)
MOST_BYTES = 150_000
SEARCHES = {
    "zh": "q=送餐&place=听雨街道&sort=verified",
    "en": "q=meals for older people&sort=verified",
}
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def main() -> None:
    """Take three pages in both languages."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("BROWSER", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for short, language in LANGUAGES.items():
            search(browser, short, language)
            refer(browser, short, language)
            board(browser, short, language)
        browser.close()


def search(browser: Browser, short: str, language: str) -> None:
    """Show what a visitor finds."""
    page = opened(browser, f"/search/?{SEARCHES[short]}&lang={language}")
    keep(page, f"search.{short}")


def refer(browser: Browser, short: str, language: str) -> None:
    """Go as a worker from the work list over the services for a need to the referral."""
    page = signed_in(browser, "worker@example.org")
    for need in addresses(page, 'a.btn[href^="/needs/"][href$="/find/"]'):
        page.goto(f"{BASE}{need}?lang={language}")
        found = addresses(page, 'a.btn[href^="/referrals/new/"][href*="service="]')
        if found:
            page.goto(f"{BASE}{found[0]}&lang={language}")
            keep(page, f"refer.{short}")
            return
    raise SystemExit("No need of the demo has a service that takes referrals.")


def board(browser: Browser, short: str, language: str) -> None:
    """Show what the coordinator watches over."""
    page = signed_in(browser, "coordinator@example.org")
    page.goto(f"{BASE}/board/?lang={language}")
    keep(page, f"board.{short}")


def opened(browser: Browser, address: str) -> Page:
    """Open an address in a window of its own."""
    width, height = SIZE
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(f"{BASE}{address}")
    return page


def signed_in(browser: Browser, email: str) -> Page:
    """Sign somebody in by the form."""
    page = opened(browser, "/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", os.environ["DEMO_PASSPHRASE"])
    page.click("main button[type=submit]")
    page.goto(f"{BASE}/work/")
    return page


def addresses(page: Page, links: str) -> list[str]:
    """Return where the links of a page lead."""
    found: list[str] = page.locator(links).evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    return found


def keep(page: Page, name: str) -> None:
    """Store the window as a small picture without loss."""
    picture = Image.open(BytesIO(page.screenshot()))
    path = FOLDER / f"{name}.webp"
    picture.save(path, lossless=True, quality=100, method=6)
    if path.stat().st_size > MOST_BYTES:
        picture.save(path, quality=80, method=6)
    sys.stdout.write(f"{path.name}: {path.stat().st_size // 1000} kB\n")
    page.context.close()


if __name__ == "__main__":
    main()
