"""Fixtures of the commands that need every room."""

import pytest

from tests.factories import search


@pytest.fixture
def live(db, settings, tmp_path):
    """Give a live index that holds nothing yet."""
    return search.live(settings, tmp_path / "index")
