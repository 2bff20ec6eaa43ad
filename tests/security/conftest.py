"""Two organizations' worlds, built once for a whole file and taken back afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from tests.factories import search
from tests.security import world


@dataclass
class Sides:
    """One's own side and another organization's, with what belongs to all."""

    own: world.Side
    foreign: world.Side

    @property
    def of(self) -> dict[str, world.Side]:
        """Return the sides by their names."""
        return {"own": self.own, "foreign": self.foreign}

    @cached_property
    def _shared(self) -> dict[str, Any]:
        return world.shared()

    def things(self, relation: str) -> dict[str, Any]:
        """Return what addresses can name on a side."""
        return self.of[relation].things | self._shared


@pytest.fixture(scope="module", name="both_sides")
def _both_sides(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sides]:
    folder = tmp_path_factory.mktemp("security")
    block = transaction.atomic()
    block._from_testcase = True
    with django_db_blocker.unblock(), override_settings(), block:
        search.live(settings, folder / "index")
        sides = Sides(world.side("own"), world.side("foreign"))
        search.index(sides.own.scene.service, sides.foreign.scene.service)
        yield sides
        transaction.set_rollback(True)
    search.forget()
