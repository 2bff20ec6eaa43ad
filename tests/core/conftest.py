"""Tables for the building blocks."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from core.crypto import keys_in_use
from tests.core import tables


@pytest.fixture(scope="session")
def _tables(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for model in tables.TABLES:
            editor.create_model(model)


@pytest.fixture
def small_tables(_tables: None, db: None, settings: Any) -> Iterator[None]:
    """Give the three tables, and one request's worth of data keys."""
    settings.DATA_KEYS = "tests.core.tables.load_data_keys"
    tables.DATA_KEYS.clear()
    with keys_in_use():
        yield
