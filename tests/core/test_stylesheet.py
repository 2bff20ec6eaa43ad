import gzip
import re
from collections.abc import Iterator

import django_htmx
import pytest

from core.templatetags.signs import TABLES
from tests.architecture.source import ROOT, templates

STATIC = ROOT / "core" / "static" / "core"
SHEET = (STATIC / "linkwell.css").read_text(encoding="utf-8")
SPRITE = (STATIC / "icons.svg").read_text(encoding="utf-8")
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))
TEMPLATES = list(templates())
COMPONENTS = ROOT / "core" / "templates" / "core" / "components"

# Text on a background: the ratio that must hold.
TEXT = {
    ("text", "bg"): 4.5,
    ("text", "surface"): 4.5,
    ("text", "sunken"): 4.5,
    ("muted", "bg"): 4.5,
    ("muted", "surface"): 4.5,
    ("muted", "sunken"): 4.5,
    ("link", "bg"): 4.5,
    ("link", "surface"): 4.5,
    ("link", "sunken"): 4.5,
    ("link-hover", "bg"): 4.5,
    ("visited", "bg"): 4.5,
    ("visited", "surface"): 4.5,
    ("on-primary", "primary"): 4.5,
    ("on-primary", "primary-hover"): 4.5,
    ("on-ink", "ink"): 4.5,
    ("ok", "ok-soft"): 4.5,
    ("warn", "warn-soft"): 4.5,
    ("danger", "danger-soft"): 4.5,
    ("info", "info-soft"): 4.5,
    ("neutral", "neutral-soft"): 4.5,
    ("ok", "bg"): 4.5,
    ("warn", "bg"): 4.5,
    ("danger", "bg"): 4.5,
    ("neutral", "bg"): 4.5,
    ("ok", "surface"): 4.5,
    ("warn", "surface"): 4.5,
    ("danger", "surface"): 4.5,
    ("text", "ok-soft"): 4.5,
    ("text", "warn-soft"): 4.5,
    ("text", "danger-soft"): 4.5,
    ("text", "info-soft"): 4.5,
    ("muted", "info-soft"): 4.5,
    ("muted", "warn-soft"): 4.5,
    ("on-p", "p1"): 4.5,
    ("on-p", "p2"): 4.5,
    ("on-p", "p4"): 4.5,
    ("on-p3", "p3"): 4.5,
    ("print", "paper"): 7,
    # Edges of controls and the ring of the focus are seen, not read.
    ("control", "bg"): 3,
    ("control", "surface"): 3,
    ("control", "sunken"): 3,
    ("focus", "bg"): 3,
    ("focus", "surface"): 3,
    ("focus", "sunken"): 3,
    **{(f"s{n}", "bg"): 4.5 for n in range(1, 7)},
}


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--lw-([\w-]+): (#[0-9A-F]{6});", block))


def _block(opening: str) -> str:
    start = SHEET.index(opening) + len(opening)
    return SHEET[start : SHEET.index("}", start)]


LIGHT = _tokens(_block(":root {"))
DARK = LIGHT | _tokens(_block(':root[data-theme="dark"] {'))
DARK_BY_DEVICE = LIGHT | _tokens(_block(':root:not([data-theme="light"], [data-theme="dark"]) {'))


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pair", "least"), TEXT.items(), ids=str)
def test_every_pair_has_its_contrast(theme: str, pair: tuple[str, str], least: float) -> None:
    colors = LIGHT if theme == "light" else DARK

    assert _contrast(colors[pair[0]], colors[pair[1]]) >= least


def test_dark_is_the_same_by_choice_and_by_device() -> None:
    assert DARK == DARK_BY_DEVICE
    assert set(DARK) == set(LIGHT)


def _declarations() -> Iterator[tuple[str, str]]:
    """Yield property and value of each declaration outside the tokens and @page."""
    body = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
    body = re.sub(r"@page \{.*\}\n", "", body)
    for name, value in re.findall(r"([\w-]+)\s*:\s*([^;{}]+)[;}]", body):
        if not name.startswith("--lw-"):
            yield name, value


def test_no_color_or_length_stands_outside_the_tokens() -> None:
    literal = re.compile(
        r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|(?<![\w.-])\d*\.?\d+(?:px|rem|em|ch|pt|mm|cm)\b"
    )

    found = [f"{name}: {value}" for name, value in _declarations() if literal.search(value)]

    assert found == []


def test_every_token_in_use_is_defined() -> None:
    defined = set(re.findall(r"(--lw-[\w-]+):", SHEET))
    used = set(re.findall(r"var\((--lw-[\w-]+)", SHEET))

    assert used - defined == set()
    assert defined - used == set()


def test_chinese_text_has_no_italics_and_no_justification() -> None:
    assert "font-style: italic" not in SHEET
    assert "text-align: justify" not in SHEET


def test_the_base_of_a_page_is_small() -> None:
    scripts = sorted((STATIC / "js").glob("*.js"))
    htmx = next(iter(django_htmx.__path__)) + "/static/django_htmx/htmx-4.min.js"
    own = sum(len(gzip.compress(path.read_bytes())) for path in scripts)
    with open(htmx, "rb") as file:  # noqa: PTH123  # a file of another package
        bought = len(gzip.compress(file.read()))

    assert len(gzip.compress(SHEET.encode())) <= 16 * 1024
    assert len(SPRITE.encode()) <= 12 * 1024
    assert len(gzip.compress(SPRITE.encode())) <= 6 * 1024
    assert own + bought <= 30 * 1024
    assert SHEET.count("\n") <= 1000
    assert [path.name for path in scripts if path.read_text().count("\n") > 200] == []


# ---- Templates keep to it -------------------------------------------------------------------
@pytest.mark.parametrize("path", [path for path, _text in TEMPLATES])
def test_template_uses_classes_of_the_stylesheet(path: str) -> None:
    known = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", SHEET))
    text = re.sub(
        r"\{% comment %\}.*?\{% endcomment %\}", "", dict(TEMPLATES)[path], flags=re.DOTALL
    )

    used = set()
    for value in re.findall(r'\sclass="([^"]*)"', text):
        # What a tag or variable completes (chip--{{ s.role }}) is not a whole name.
        plain = re.sub(r"[\w-]*\{\{.*?\}\}[\w-]*", " ", value)
        used |= set(re.sub(r"\{%.*?%\}", " ", plain).split())

    assert used - known == set()


@pytest.mark.parametrize("path", [path for path, _text in TEMPLATES])
def test_template_uses_symbols_of_the_sprite(path: str) -> None:
    used = set(re.findall(r'\{% icon "([\w-]+)"', dict(TEMPLATES)[path]))
    used |= set(re.findall(r'\bicon="([\w-]+)"', dict(TEMPLATES)[path]))

    assert used - SYMBOLS == set()


def test_every_sign_has_its_symbol_and_its_color() -> None:
    signs = [sign for table in TABLES.values() for sign in table.values()]

    assert {sign.shape for sign in signs} - SYMBOLS == set()
    assert all(f".chip--{sign.role} " in SHEET for sign in signs if sign.role != "neutral")


def test_no_two_states_of_a_kind_look_alike() -> None:
    # Word, shape and color: where shape and color repeat, the word must tell.
    for kind, table in TABLES.items():
        words = [str(sign.word) for sign in table.values()]

        assert len(set(words)) == len(words), kind


@pytest.mark.parametrize("path", [path for path, _text in TEMPLATES])
def test_template_is_short(path: str) -> None:
    lines = dict(TEMPLATES)[path].count("\n")

    assert lines <= (60 if "/components/" in path else 100)


def test_every_component_is_documented_and_shown() -> None:
    shown = "".join(
        text for path, text in TEMPLATES if "/specimens/" in path or "/components/" in path
    )
    components = sorted(COMPONENTS.glob("[a-z]*.html"))

    for path in components:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("{% comment %}"), path.name
        assert f"components/{path.name}" in shown.replace(text, ""), path.name
