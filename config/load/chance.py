"""Chance that comes out the same for the same seed."""

import random
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

Thing = TypeVar("Thing")


class Chance(random.Random):
    """Draws for invented rows, none of which is a secret."""

    def uid(self) -> UUID:
        """Draw a public name."""
        return UUID(int=self.getrandbits(128), version=4)

    def skewed(self, things: Sequence[Thing]) -> Thing:
        """Draw as the world does: the first far more often than the last."""
        return things[int(len(things) ** self.random()) - 1]
