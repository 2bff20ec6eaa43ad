"""Fixtures of search."""

import pytest

from tests.factories import search


@pytest.fixture
def live(db, settings, tmp_path):
    """Give a live index that holds nothing yet."""
    return search.live(settings, tmp_path / "index")


@pytest.fixture(autouse=True)
def _nothing_held():
    """Begin each test without what the process held of the tables of another."""
    search.forget()
