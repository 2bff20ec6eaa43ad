"""What browser tests watch, count and measure."""

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page, one line per rule with the first places."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [
        f"{rule['id']}: {[node['target'] for node in rule['nodes']][:3]} "
        f"{rule['nodes'][0]['failureSummary']}"
        for rule in found
    ]


def scrolls_sideways(page: Page) -> bool:
    """Say whether the page as a whole is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def small_targets(page: Page, least: int = 24) -> list[str]:
    """Return controls that a finger misses; links inside a sentence may be smaller."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll("button, summary, input, select, a")]
          .filter((e) => e.checkVisibility() && e.type !== "hidden")
          .filter((e) => !e.closest("p, dd, li, .prose"))
          .map((e) => [e, e.getBoundingClientRect()])
          .filter(([e, r]) => r.width > 1 && (r.height < least || r.width < least))
          .map(([e, r]) => `${e.outerHTML.slice(0, 80)} ${r.width}×${r.height}`)""",
        least,
    )
    return found


@dataclass
class Watch:
    """Everything a page says and asks for that it should not."""

    origin: str
    seen: list[str] = field(default_factory=list)
    # Answers that a test provokes on purpose are written to the console by the browser.
    expected: set[str] = field(default_factory=set)

    def follow(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if not any(part in message.text for part in self.expected):
            self.seen.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.seen.append(f"foreign request: {request.url}")


class Clicks:
    """Counts clicks and taps on all pages of a context; typing and Tab cost nothing."""

    SCRIPT = (
        """addEventListener("pointerup", (e) => { if (e.isTrusted) window.countClick(); }, true)"""
    )

    def __init__(self, context: BrowserContext) -> None:
        self.count = 0
        context.expose_binding("countClick", self._add)
        context.add_init_script(self.SCRIPT)

    def _add(self, _source: Any) -> None:
        self.count += 1

    def reset(self) -> None:
        """Start counting on the page where a journey begins."""
        self.count = 0
