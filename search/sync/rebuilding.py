"""Builds a whole generation beside the live one and puts it in its place."""

import random
from collections.abc import Callable

from django.db import transaction
from django.db.models import Max

from core.jobs import exclusive, now
from core.safeguards import checkpoint
from directory.catalogue.models import Service
from search import analysis
from search.backends.base import Backend
from search.backends.current import current
from search.documents import build
from search.models import Generation, IndexVersion
from search.planner import Plan
from search.states import GenerationState
from search.sync.draining import drain_generation
from search.sync.verifying import listed_ids, verify
from search.sync.words import intern, refresh_terms, rewrite_keys

STEP = 1000
CANARIES = 20
TOLERANCE = 0.10
_LEAST_SHARE = 0.0005

Progress = Callable[[int, int], None]


class Refused(Exception):
    """A guard stopped the swap; the live generation goes on."""


def rebuild(
    engine: Backend | None = None,
    *,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Generation:
    """Copy, weigh the words, catch up, verify, guard, swap; killed anywhere, `resume` goes on."""
    engine = engine or current()
    with exclusive("rebuild_index"):
        generation = _start(engine, resume=resume)
        refresh_terms()
        _copy(engine, generation, progress or (lambda _done, _all: None))
        _weigh(engine, generation)
        _catch_up(generation)
        _guard(engine, generation, force=force)
        _swap(engine, generation)
        _clear_away(engine)
    return generation


def _start(engine: Backend, *, resume: bool) -> Generation:
    open_ = Generation.objects.filter(backend=engine.name, state=GenerationState.BUILDING)
    unfinished = open_.first()
    if unfinished and resume and unfinished.fingerprint == engine.fingerprint:
        return unfinished
    open_.update(state=GenerationState.FAILED)
    number = (Generation.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    name = f"{engine.fingerprint}-{number:06d}"
    engine.begin(name)
    # From here on every mark reaches it, so nothing that changes during the copy is lost.
    return Generation.objects.create(
        backend=engine.name, name=name, fingerprint=engine.fingerprint, created_at=now()
    )


def _copy(engine: Backend, generation: Generation, progress: Progress) -> None:
    total = Service.objects.count()
    done = 0
    while True:
        ids = list(
            Service.objects.filter(pk__gt=generation.built_through_id)
            .order_by("pk")
            .values_list("pk", flat=True)[:STEP]
        )
        if not ids:
            return
        _copy_range(engine, generation, ids)
        generation.built_through_id = ids[-1]
        generation.save(update_fields=["built_through_id"])
        done += len(ids)
        progress(done, total)
        checkpoint("rebuild_range")


def _copy_range(engine: Backend, generation: Generation, ids: list[int]) -> None:
    IndexVersion.objects.bulk_create(
        [IndexVersion(service_id=id_) for id_ in ids], ignore_conflicts=True
    )
    with engine.locked(generation.name):
        batch = build(ids, intern=intern)
        engine.write(generation.name, batch.docs, [])
    rewrite_keys(ids, [doc.id for doc in batch.docs])


def _weigh(engine: Backend, generation: Generation) -> None:
    """Write the token table: how many documents hold each word that is not rare."""
    documents = sum(part.documents for part in engine.sums(generation.name).values())
    least = max(2, int(_LEAST_SHARE * documents))
    df = {t: n for t, n in engine.tokens(generation.name, least).items() if t[0] != "="}
    generation.docs = documents
    generation.token_table = {"documents": documents, "df": df}
    generation.save(update_fields=["docs", "token_table"])


def _catch_up(generation: Generation) -> None:
    while drain_generation(generation):
        pass
    # Catches transactions too that were open when the generation began.
    verify(generation, repair=True)


def _guard(engine: Backend, generation: Generation, *, force: bool) -> None:
    before = Generation.objects.filter(backend=engine.name, state=GenerationState.LIVE).first()
    count = sum(part.documents for part in engine.sums(generation.name).values())
    if before and before.docs and not force and abs(count - before.docs) > TOLERANCE * before.docs:
        raise Refused(f"{count} documents instead of {before.docs}; use --force if that is right")
    drift = verify(generation)
    if drift.found:
        raise Refused(f"ranges {drift.found} differ from the database")
    for id_, name in _canaries():
        hits = engine.search(
            Plan("strict", exact=analysis.exact(name), audience="staff"), generation.name
        )
        if id_ not in {hit.id for hit in hits.hits} and hits.total <= len(hits.hits):
            raise Refused(f"service {id_} is not found by its name")


def _canaries() -> list[tuple[int, str]]:
    ids = listed_ids()
    chosen = random.sample(ids, min(CANARIES, len(ids)))  # a sample, not a secret
    rows = Service.objects.filter(pk__in=chosen, state="active").exclude(name="")
    return list(rows.values_list("pk", "name"))


def _swap(engine: Backend, generation: Generation) -> None:
    engine.swap(generation.name)
    checkpoint("rebuild_swapped")
    mine = Generation.objects.filter(backend=engine.name)
    with transaction.atomic():
        mine.filter(state=GenerationState.LIVE).update(state=GenerationState.PREVIOUS)
        mine.filter(pk=generation.pk).update(state=GenerationState.LIVE, live_at=now())
    generation.refresh_from_db()


def _clear_away(engine: Backend) -> None:
    """Keep the live generation and the one before; drop the rest, also what no row knows."""
    mine = Generation.objects.filter(backend=engine.name)
    old = mine.filter(state=GenerationState.PREVIOUS).order_by("-live_at")[1:]
    for each in [*old, *mine.filter(state=GenerationState.FAILED)]:
        engine.drop(each.name)
        each.delete()
    known = set(mine.values_list("name", flat=True))
    for name in engine.stored():
        if name not in known:
            engine.drop(name)
    Generation.objects.filter(backend=engine.name, state=GenerationState.PREVIOUS).update(
        token_table={}
    )
