"""Compares the engine with the database by ranges of ids, and marks what differs."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from directory.catalogue.models import Service
from search.backends.base import Sums
from search.backends.current import by_name, current
from search.documents import LISTED, build
from search.models import Generation, IndexVersion
from search.states import GenerationState
from search.sync.draining import drain_generation
from search.sync.marking import mark
from search.sync.words import intern

STEP = 1000
_NOTHING = Sums(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Drift:
    """Ranges that differ, and those that still do after repair."""

    generation: str
    documents: int
    found: tuple[int, ...]
    left: tuple[int, ...]


def live_generation(engine: str) -> Generation:
    """Return what an engine answers from."""
    return Generation.objects.get(state=GenerationState.LIVE, backend=engine)


def listed() -> QuerySet[Service]:
    """Return the services that ought to have a document."""
    return Service.objects.filter(
        state__in=LISTED,
        deleted_at__isnull=True,
        organization__state="listed",
        organization__deleted_at__isnull=True,
    )


def listed_ids() -> list[int]:
    """Return their ids."""
    return list(listed().order_by("pk").values_list("pk", flat=True))


def ranges() -> list[int]:
    """Return the lowest id of each range that holds services."""
    return sorted({id_ // STEP * STEP for id_ in listed_ids()})


def verify(
    generation: Generation | None = None,
    *,
    repair: bool = False,
    deep: bool = False,
    ranges: Collection[int] | None = None,
) -> Drift:
    """Compare counts and versions, with `deep` also contents; with `repair` index anew."""
    target = generation or live_generation(current().name)
    found = _differing(target, deep=deep, ranges=ranges)
    left = found
    if repair and found:
        for low in found:
            _mark_range(low)
        while drain_generation(target):
            pass
        left = _differing(target, deep=deep, ranges=ranges)
    return Drift(target.name, len(listed_ids()), found, left)


def _differing(
    generation: Generation, *, deep: bool, ranges: Collection[int] | None
) -> tuple[int, ...]:
    there = by_name(generation.backend).sums(generation.name, STEP)
    here = _expected()
    lows = sorted(low for low in {*here, *there} if ranges is None or low in ranges)
    waiting = {
        id_ // STEP * STEP for id_ in generation.pending.values_list("service_id", flat=True)
    }
    return tuple(
        low
        for low in lows
        # What is marked is on its way; a range with pending rows cannot be judged yet.
        if low not in waiting
        and (
            here.get(low, (0, 0)) != there.get(low, _NOTHING)[:2]
            or (deep and _digests(low) != there.get(low, _NOTHING).digests)
        )
    )


def _expected() -> dict[int, tuple[int, int]]:
    versions = dict(IndexVersion.objects.values_list("service_id", "version"))
    sums: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for id_ in listed_ids():
        low = id_ // STEP * STEP
        count, total = sums[low]
        sums[low] = count + 1, total + versions.get(id_, 1)
    return dict(sums)


def _digests(low: int) -> int:
    ids = [id_ for id_ in listed_ids() if low <= id_ < low + STEP]
    return sum(doc.digest for doc in build(ids, intern=intern).docs)


def _mark_range(low: int) -> None:
    """Mark all services of a range and all that ever were: ghosts have a version but no row."""
    known = IndexVersion.objects.filter(service_id__range=(low, low + STEP - 1))
    here = Service.objects.filter(pk__range=(low, low + STEP - 1))
    mark([*known.values_list("service_id", flat=True), *here.values_list("pk", flat=True)])
