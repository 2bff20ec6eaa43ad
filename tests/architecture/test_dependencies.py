import itertools
import re
import tomllib

from packaging.requirements import Requirement
from packaging.version import Version

from tests.architecture.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {name: (ROOT / name).read_text(encoding="utf-8") for name in (
    "requirements.txt", "requirements-dev.txt"
)}  # fmt: skip


def _pins(lock: str) -> dict[str, Version]:
    found = re.findall(r"^([a-zA-Z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock, re.MULTILINE)
    return {name.lower().replace("_", "-"): Version(version) for name, version in found}


def _outside(wanted: list[str], pins: dict[str, Version]) -> list[str]:
    requirements = [Requirement(text) for text in wanted]
    return [
        str(one)
        for one in requirements
        if pins.get(one.name.lower().replace("_", "-"), Version("0")) not in one.specifier
    ]


def test_each_dependency_is_locked_within_its_range() -> None:
    assert _outside(PROJECT["project"]["dependencies"], _pins(LOCKS["requirements.txt"])) == []
    assert _outside(PROJECT["dependency-groups"]["dev"], _pins(LOCKS["requirements-dev.txt"])) == []


def test_tests_run_on_the_versions_that_production_runs_on() -> None:
    production, tools = _pins(LOCKS["requirements.txt"]), _pins(LOCKS["requirements-dev.txt"])

    assert {name: tools.get(name) for name in production} == production


def test_every_line_is_hashed_and_names_no_address() -> None:
    for name, lock in LOCKS.items():
        entries = re.split(r"\n(?=\S)", lock.strip())
        assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == [], name
        assert "://" not in lock, name


def test_a_reason_stands_above_every_dependency() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    bare = [
        line.strip()
        for before, line in itertools.pairwise(lines)
        if re.match(r'  "[A-Za-z][^"]*[<>=]=?', line) and not before.lstrip().startswith("#")
    ]

    assert bare == []
