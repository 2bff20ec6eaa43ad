"""What the documents name is there, and what is there is named."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
PROMISES = ("README.md", "docs/search-cluster.md", "docs/privacy.md", "docs/tour.md")


def _commands() -> list[str]:
    found = [
        path for path in ROOT.glob("*/**/management/commands/*.py") if ".venv" not in str(path)
    ]
    return sorted(path.stem for path in found if path.stem != "__init__")


def _settings() -> list[str]:
    """Return what settings.py reads of the environment."""
    text = (ROOT / "config" / "settings.py").read_text()
    return sorted(set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', text)))


@pytest.mark.parametrize("name", _commands())
def test_operators_find_every_command(name: str) -> None:
    assert re.search(rf"`{name}\b", OPERATIONS)


@pytest.mark.parametrize("name", _settings())
def test_operators_find_every_setting(name: str) -> None:
    assert f"`{name}`" in OPERATIONS


@pytest.mark.parametrize("page", PROMISES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text()
    named = re.findall(r"`((?:tests|bench|docs|config|core|search|fixtures)/[\w./-]+)`", text)
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]

    # A dot at the end may lead to a name inside: `search/queries.find`.
    missing = [
        name
        for name in named
        if not (ROOT / name.split(".")[0]).exists() and not (ROOT / name).exists()
    ]
    missing += [link for link in linked if not (ROOT / page).parent.joinpath(link).exists()]

    assert missing == []
