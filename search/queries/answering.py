"""The engine of one request: the chosen one, or after its failure the reserve."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from search.backends.base import Backend, Result, Unavailable
from search.backends.current import current, reserve
from search.planner import Plan
from search.queries.state import index_age_s

# Older than this, the reserve would lead people to doors that have closed.
TOO_OLD_S = 900

T = TypeVar("T")


class Answering:
    """Asks the engine; what it said of itself goes onto the page."""

    def __init__(self) -> None:
        """Begin with the engine that the settings name."""
        self._engine: Backend = current()
        self.degraded = False

    @property
    def name(self) -> str:
        """Return which engine answered last."""
        return self._engine.name

    def search(self, plan: Plan) -> Result:
        """Answer one plan."""
        result = self._ask(lambda engine: engine.search(plan))
        self.degraded = self.degraded or result.partial
        return result

    def counts(self, plans: Sequence[Plan]) -> list[int]:
        """Return only the totals of several plans."""
        return self._ask(lambda engine: engine.counts(plans))

    def _ask(self, ask: Callable[[Backend], T]) -> T:
        try:
            return ask(self._engine)
        except Unavailable:
            spare = reserve()
            if spare is None or spare is self._engine or index_age_s(spare.name) > TOO_OLD_S:
                raise
            # For the rest of this request too: a second wait would help nobody.
            self._engine, self.degraded = spare, True
            return ask(spare)
