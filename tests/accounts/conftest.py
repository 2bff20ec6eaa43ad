"""A clock that does not cross the end of a counting window in mid-test, and an empty cache."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from core.jobs import now, shifted


@pytest.fixture(autouse=True)
def _begin_of_a_window() -> Iterator[None]:
    cache.clear()
    at = now()
    hour = at.replace(minute=0, second=1, microsecond=0)
    with shifted(hour - at):
        yield
