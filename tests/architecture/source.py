"""Reads the product's own source for the tests that check its shape."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("accounts", "config", "core", "directory", "referrals", "search")


@cache
def modules() -> dict[str, ast.Module]:
    """Return the parsed modules of the product by their path, migrations left out."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for package in PRODUCT
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    }


def templates() -> Iterator[tuple[str, str]]:
    """Yield path and text of each template."""
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("*.html")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def room(path: str) -> str:
    """Return the application a path belongs to: directory/catalogue, accounts, …"""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in {"directory", "referrals"} else parts[0]
