import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "core" / "static" / "core" / "js"
# A secure context for the browser, answered by the test itself.
ORIGIN = "http://localhost:1"
pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>
{scripts}</head>
<body data-keys="{keys}" data-help="/help/#keys">{body}</body></html>"""
Open = Callable[..., list[str]]


@pytest.fixture
def opened(page: Page) -> Open:
    """Give a function that opens a page with some scripts and records what it asks for."""

    def opened(body: str, *scripts: str, keys: str = "on") -> list[str]:
        asked: list[str] = []
        tags = "".join(f'<script type="module" src="/js/{name}.js"></script>' for name in scripts)

        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(ORIGIN)
            if path == "/":
                html = PAGE.format(scripts=tags, keys=keys, body=body)
                route.fulfill(body=html, content_type="text/html")
            elif path.startswith("/js/"):
                route.fulfill(path=SCRIPTS / path.removeprefix("/js/"))
            elif path.startswith("/suggest"):
                asked.append(path)
                results = [
                    {"value": "900101", "label": "柳汀社区", "note": "澜江区"},
                    {"value": "900102", "label": "柳荫里"},
                ]
                route.fulfill(
                    body=json.dumps({"results": results if "柳" in path or "%E6" in path else []}),
                    content_type="application/json",
                )
            else:
                asked.append(f"{route.request.method} {path}")
                route.fulfill(body="<title>Next</title>", content_type="text/html")

        page.route("**/*", answer)
        page.goto(f"{ORIGIN}/")
        return asked

    return opened


# ---- Keys -----------------------------------------------------------------------------------
NAV = '<a href="/work/" data-key="g w">Work</a><input id="q" data-key="/"><button>b</button>'


def test_slash_goes_to_the_search_field(page: Page, opened: Open) -> None:
    opened(NAV, "keys", keys="visitor")

    page.keyboard.press("/")

    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("")


def test_two_keys_follow_the_visible_link(page: Page, opened: Open) -> None:
    asked = opened(NAV, "keys")

    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/work/")

    assert asked == ["GET /work/"]


def test_keys_are_letters_inside_a_field(page: Page, opened: Open) -> None:
    asked = opened(NAV, "keys")

    page.focus("#q")
    page.keyboard.type("gw?/")

    expect(page.locator("#q")).to_have_value("gw?/")
    assert asked == []


@pytest.mark.parametrize(("keys", "pressed"), [("off", "gw/?"), ("visitor", "gw?")])
def test_keys_that_are_off_do_nothing(page: Page, opened: Open, keys: str, pressed: str) -> None:
    asked = opened(NAV, "keys", keys=keys)

    page.keyboard.type(pressed)
    page.wait_for_timeout(200)

    expect(page.locator("#q")).not_to_be_focused()
    assert asked == []


def test_j_and_k_walk_through_rows_and_a_key_acts_on_the_row(page: Page, opened: Open) -> None:
    rows = "".join(
        f'<li data-row><a id="r{n}" href="/{n}/">{n}</a>'
        f'<a href="/refer/{n}/" data-row-key="r">r</a></li>'
        for n in range(3)
    )
    asked = opened(f"<ul>{rows}</ul>", "keys")

    for key in "jjjk":
        page.keyboard.press(key)
    expect(page.locator("#r1")).to_be_focused()
    page.keyboard.press("r")
    page.wait_for_url("**/refer/1/")

    assert asked == ["GET /refer/1/"]


# ---- Forms ----------------------------------------------------------------------------------
def test_second_click_of_a_double_click_sends_nothing(page: Page, opened: Open) -> None:
    asked = opened('<form method="post" action="/send/"><button>Send</button></form>', "app")

    page.dblclick("button")
    page.wait_for_url("**/send/")

    assert asked == ["POST /send/"]


def test_control_enter_sends_the_form(page: Page, opened: Open) -> None:
    asked = opened(
        '<form method="post" action="/note/"><textarea id="n"></textarea></form>', "app", "keys"
    )

    page.focus("#n")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/note/")

    assert asked == ["POST /note/"]


def test_reader_starts_at_the_list_of_errors(page: Page, opened: Open) -> None:
    opened('<div id="e" tabindex="-1" data-focus>2 errors</div>', "app")

    expect(page.locator("#e")).to_be_focused()


# ---- Combobox -------------------------------------------------------------------------------
COMBOBOX = """<form><label for="place">Place</label><div>
<input id="place" role="combobox" aria-expanded="false" aria-controls="list" data-code="code"
 data-combobox="/suggest" data-msg-count="{n} suggestions" data-msg-none="none">
<ul id="list" role="listbox" hidden></ul><span role="status"></span></div>
<input type="hidden" id="code"></form>"""


def test_suggestion_is_chosen_with_the_keyboard_and_its_code_is_kept(
    page: Page, opened: Open
) -> None:
    asked = opened(COMBOBOX, "combobox")
    field = page.locator("#place")

    field.press_sequentially("柳")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[role=status]")).to_have_text("2 suggestions")
    expect(page.locator("mark").first).to_have_text("柳")
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(page.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    field.press("Enter")

    expect(field).to_have_value("柳荫里")
    expect(page.locator("#code")).to_have_value("900102")
    expect(page.locator("#list")).to_be_hidden()
    assert len(asked) == 1


def test_escape_closes_the_list_and_keeps_the_text(page: Page, opened: Open) -> None:
    opened(COMBOBOX, "combobox")
    field = page.locator("#place")

    field.press_sequentially("柳")
    expect(page.locator("#list")).to_be_visible()
    field.press("Escape")

    expect(page.locator("#list")).to_be_hidden()
    expect(field).to_have_value("柳")


def test_typing_on_takes_the_chosen_code_away(page: Page, opened: Open) -> None:
    opened(COMBOBOX, "combobox")
    field = page.locator("#place")

    field.press_sequentially("柳")
    page.get_by_role("option").first.click()
    expect(page.locator("#code")).to_have_value("900101")
    field.press_sequentially("x")

    expect(page.locator("#code")).to_have_value("")


def test_without_an_answer_the_field_stays_a_text_field(page: Page, opened: Open) -> None:
    opened(COMBOBOX, "combobox")
    field = page.locator("#place")

    page.context.set_offline(True)
    field.press_sequentially("x")
    page.wait_for_timeout(300)

    expect(page.locator("#list")).to_be_hidden()
    expect(field).to_have_value("x")


# ---- Copy and position ----------------------------------------------------------------------
def test_copy_says_what_it_did(page: Page, opened: Open) -> None:
    opened(
        '<p><button data-copy="14 Yuqian Lane" data-msg-done="Copied">Copy</button>'
        '<span role="status"></span></p>',
        "copy",
    )

    page.click("button")

    expect(page.locator("[role=status]")).to_have_text("Copied")


LOCATE = """<form><p><button type="button" data-locate="lat lon" data-locate-text="near"
 data-msg-here="Here" data-msg-refused="Refused">Use my location</button>
<span role="status"></span></p><input id="near" value="x">
<input id="lat" name="lat" disabled><input id="lon" name="lon" disabled></form>"""


def test_position_is_refused_in_words(page: Page, opened: Open) -> None:
    opened(LOCATE, "locate")

    page.click("button")

    expect(page.locator("[role=status]")).to_have_text("Refused")
    expect(page.locator("#lat")).to_be_disabled()


def test_position_is_rounded_before_it_is_sent(
    page: Page, context: BrowserContext, opened: Open
) -> None:
    context.grant_permissions(["geolocation"], origin=ORIGIN)
    context.set_geolocation({"latitude": 31.2345678, "longitude": 121.4741234})
    opened(LOCATE, "locate")

    page.click("button")

    expect(page.locator("[role=status]")).to_have_text("Here")
    expect(page.locator("#lat")).to_have_value("31.235")
    expect(page.locator("#lon")).to_have_value("121.474")
    expect(page.locator("#near")).to_have_value("")
