"""What runs unattended: the index follows the database, and is compared with it at night."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.queries import system
from core.jobs import Reading, State, job, probe, today
from directory.catalogue.models import Service
from search import operations, queries, sync
from search.backends.current import current
from search.models import Generation
from search.states import GenerationState

BUILDS_ITSELF = 5_000
LATE_S = 60
RANGES = 7


@job(every=timedelta(seconds=1))
def drain_index() -> int:
    """Write what changed to the index; a small one that is missing is built first."""
    if not current().health().ok and Service.objects.count() <= BUILDS_ITSELF:
        sync.rebuild()
    return sync.drain()


@job(every=timedelta(hours=20))
def verify_index() -> None:
    """Compare the index with the database, a seventh of the ranges down to their contents."""
    live = Generation.objects.filter(state=GenerationState.LIVE).first()
    if live is None:
        return
    sync.verify(live, repair=True)
    turn = today().toordinal() % RANGES
    mine = [low for number, low in enumerate(sync.ranges()) if number % RANGES == turn]
    sync.verify(live, repair=True, deep=True, ranges=mine)


@job(every=timedelta(days=1))
def forget_wordings() -> int:
    """Delete old and rare wordings of the tally."""
    return operations.forget_tally(by=system())


@probe(_("Search index"), serving=True)
def search_index() -> Reading:
    """Say whether searches are answered and how far the index is behind."""
    state = queries.health()
    figures = {
        "documents": state.engine.documents,
        "pending": state.pending,
        "oldest_seconds": state.oldest_s,
        "poisoned": state.poisoned,
    }
    if not state.engine.ok:
        text = _("There is no usable search index; run rebuild_index.")
        return Reading(State.FAIL, text, figures)
    if state.poisoned:
        return Reading(State.WARN, _("Some services cannot be indexed."), figures)
    if state.oldest_s > LATE_S:
        return Reading(State.WARN, _("The search index is behind the database."), figures)
    return Reading(State.OK, _("The search index follows the database."), figures)
