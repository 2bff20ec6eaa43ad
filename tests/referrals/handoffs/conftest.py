"""One world with a referral in every status, built once for a file of tests."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction

from accounts.queries import system
from referrals.handoffs.models import Referral
from tests.factories import handoffs


@dataclass
class World:
    """Both sides of a desk, with one referral in each status; every test takes its steps back."""

    at: handoffs.Scene
    numbers: dict[str, int]

    def referral(self, status: str) -> Referral:
        """Read the referral that stands at a status."""
        return Referral.objects.visible_to(system()).get(pk=self.numbers[status])


@pytest.fixture(scope="module", name="world_of_module")
def _world_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        at = handoffs.scene()
        made = {}
        for status, path in handoffs.PATHS.items():
            need = handoffs.casefiles.need(at.client, handoffs.CATEGORY, urgency="u3")
            made[status] = handoffs.draft(at, need=need, override_reason="已电话确认")
            with handoffs.approval(at, asked=status == "pending_approval"):
                for event in path[:1]:
                    handoffs.take(made[status], event, at)
        # Only now: an answer may say that the provider is full.
        for status, path in handoffs.PATHS.items():
            for event in path[1:]:
                handoffs.take(made[status], event, at)
        yield World(at, {status: referral.pk for status, referral in made.items()})
        transaction.set_rollback(True)


@pytest.fixture
def world(world_of_module: World, db: None) -> World:
    """Lend the world to one test; what that does is rolled back."""
    return replace(world_of_module, at=replace(world_of_module.at))
