import ast
import re

import pytest

from tests.architecture.source import ROOT, modules, templates

WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
# What looks like a write of the database and is none.
HARMLESS = re.compile(
    r"^(core/|config/|.*/management/commands/|search/(lexicon|backends)/|referrals/handoffs/queries/)"
)
# Public reference data: listings of the directory's own API, areas to choose from.
OPEN_TO_ALL = {"directory/exchange/api/selecting.py", "referrals/casefiles/api/clients.py"}


def _is_operation(path: str) -> bool:
    return (
        "/operations/" in path or path.endswith("/operations.py") or path.startswith("search/sync/")
    )


def _root(node: ast.expr) -> str:
    """Return the name a chain of attributes and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _of_operations(tree: ast.Module) -> set[str]:
    """Return the names under which a module knows operations, which may be called create()."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if "operations" in f"{node.module}.{alias.name}"
    }


def test_only_operations_write() -> None:
    found = []
    for path, tree in modules().items():
        if _is_operation(path) or HARMLESS.match(path):
            continue
        known = _of_operations(tree) | {"hashlib", "digest"}
        found += [
            f"{path}:{node.lineno} .{node.func.attr}()"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITES
            and _root(node.func.value) not in known
        ]

    assert found == []


def _opens_a_transaction(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "audited"
        for call in ast.walk(node)
    )


def test_operations_are_plain_functions_with_by_and_a_rule() -> None:
    found = []
    for path, tree in modules().items():
        if not _is_operation(path) or path.startswith(("accounts/", "search/sync/")):
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            names = {argument.arg for argument in node.args.kwonlyargs}
            is_plain = not node.decorator_list and ast.get_docstring(node)
            if not is_plain or (_opens_a_transaction(node) and "by" not in names):
                found.append(f"{path}:{node.lineno} {node.name}")

    assert found == []


def test_modules_open_by_saying_what_they_are_for() -> None:
    silent = [path for path, tree in modules().items() if tree.body and not ast.get_docstring(tree)]

    assert silent == []


def test_doors_never_read_everything() -> None:
    pattern = re.compile(r"objects\.all\(\)")
    found = [
        path
        for path in modules()
        if re.search(r"/(views|api)(/|\.py)", path)
        and path not in OPEN_TO_ALL
        and pattern.search((ROOT / path).read_text(encoding="utf-8"))
    ]

    assert found == []


def test_reading_without_a_user_is_rare() -> None:
    sites = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "unscoped"
    ]

    assert len(sites) <= 10, sites


def test_no_way_around_escaping_and_the_orm() -> None:
    banned = re.compile(
        r"mark_safe|\.extra\(|RawSQL|__all__\"|format_html_join\(\s*mark|import requests"
        r"|from requests|import httpx|urllib\.request"
    )
    allowed = {"core/outbound.py", "directory/geography/geocoding/providers.py"}
    found = [
        f"{path}: {match.group()}"
        for path in modules()
        if path not in allowed
        for match in [banned.search((ROOT / path).read_text(encoding="utf-8"))]
        if match
    ]

    assert found == []


@pytest.mark.parametrize(
    "pattern", [r"\|\s*safe\b", r"autoescape off", r"\sstyle=", r"\son[a-z]+=", r"hx-on", r"<style"]
)
def test_templates_keep_the_strict_policy(pattern: str) -> None:
    found = [path for path, text in templates() if re.search(pattern, text)]

    assert found == []


def test_templates_hold_no_inline_script() -> None:
    scripts = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)")
    found = [path for path, text in templates() if scripts.search(text)]

    assert found == []


def test_migrations_are_named_by_hand() -> None:
    automatic = [
        str(path.relative_to(ROOT))
        for path in ROOT.glob("*/**/migrations/*_auto_*.py")
        if ".venv" not in path.parts
    ]

    assert automatic == []
