"""What runs unattended: the index follows the database, and is compared with it at night."""

import logging
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.queries import system
from core.jobs import AlreadyRunning, Reading, State, job, probe, today
from directory.catalogue.models import Service
from search import operations, queries, sync
from search.backends.base import Backend, Health, Unavailable
from search.backends.current import current, kept, reserve
from search.models import Generation
from search.states import GenerationState

log = logging.getLogger("linkwell.search")
BUILDS_ITSELF = 5_000
LATE_S = 60
RANGES = 7


@job(every=timedelta(seconds=1))
def drain_index() -> int:
    """Write what changed to the index; a small one that is missing is built first."""
    for engine in kept().values():
        if engine.health().missing and Service.objects.count() <= BUILDS_ITSELF:
            _build(engine)
    return sync.drain()


def _build(engine: Backend) -> None:
    """Build a missing index; what hinders that must not hold up the other engine."""
    try:
        sync.rebuild(engine)
    except AlreadyRunning:
        return
    except Unavailable as error:
        log.warning("index not built: %s", error)


@job(every=timedelta(hours=20))
def verify_index() -> None:
    """Compare every index with the database, a seventh of the ranges down to their contents."""
    turn = today().toordinal() % RANGES
    mine = [low for number, low in enumerate(sync.ranges()) if number % RANGES == turn]
    for live in Generation.objects.filter(state=GenerationState.LIVE, backend__in=kept()):
        try:
            sync.verify(live, repair=True)
            sync.verify(live, repair=True, deep=True, ranges=mine)
        except Unavailable as error:
            log.warning("index not compared: %s", error)


@job(every=timedelta(days=1))
def forget_wordings() -> int:
    """Delete old and rare wordings of the tally."""
    return operations.forget_tally(by=system())


@probe(_("Search index"), serving=True)
def search_index() -> Reading:
    """Say whether searches are answered and how far the index is behind."""
    return _reading(current(), stands_in=reserve())


@probe(_("Search index in reserve"))
def search_reserve() -> Reading:
    """Say how far the other index is behind, where two are kept."""
    others = [engine for engine in kept().values() if engine is not current()]
    if not others:
        return Reading(State.OK, _("One search index is kept."))
    return _reading(others[0])


def _reading(engine: Backend, stands_in: Backend | None = None) -> Reading:
    state = queries.health(engine)
    figures = {
        "engine": engine.name,
        "documents": state.engine.documents,
        "pending": state.pending,
        "oldest_seconds": state.oldest_s,
        "poisoned": state.poisoned,
    }
    if not state.engine.ok:
        return Reading(*_out_of_order(state.engine, stands_in), figures)
    if not state.pending:
        figures["drift_documents"] = abs(state.engine.documents - sync.listed().count())
    if state.poisoned:
        return Reading(State.WARN, _("Some services cannot be indexed."), figures)
    if state.oldest_s > LATE_S:
        return Reading(State.WARN, _("The search index is behind the database."), figures)
    if figures.get("drift_documents"):
        text = _("The search index differs from the database; run verify_index --repair.")
        return Reading(State.WARN, text, figures)
    return Reading(State.OK, _("The search index follows the database."), figures)


def _out_of_order(health: Health, stands_in: Backend | None) -> tuple[State, object]:
    if stands_in and stands_in.health().ok:
        return State.WARN, _("The search is answered by the index in reserve.")
    if health.missing:
        return State.FAIL, _("There is no usable search index; run rebuild_index.")
    return State.FAIL, _("The search engine does not answer.")
