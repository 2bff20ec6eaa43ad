from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from core import jobs
from core.safeguards import CHECKPOINTS
from directory.catalogue import signals
from directory.catalogue.models import Service
from directory.catalogue.operations.batch import Batch
from search import sync
from search.backends.base import Failure, Locked
from search.backends.current import current
from search.documents import build
from search.models import Generation, IndexPending, IndexVersion
from search.planner import Plan
from search.states import GenerationState
from search.sync.words import intern
from tests.factories import catalogue, search
from tests.factories.accounts import system

pytestmark = pytest.mark.django_db


def found_ids():
    """Return what is in the index besides the hotlines that every installation has."""
    hits = current().search(Plan("browse", limit=1000, audience="staff")).hits
    hotlines = Service.objects.filter(organization__kind="hotline").values_list("pk", flat=True)
    return {hit.id for hit in hits} - set(hotlines)


def live_name():
    return (Path(settings.SEARCH_DIR) / "CURRENT").read_text("utf-8")


HOTLINES = 18


def test_a_mark_raises_the_version_and_waits_once_per_generation(live):
    service = catalogue.service()

    sync.mark([service.pk])
    sync.mark([service.pk])

    assert IndexVersion.objects.get(pk=service.pk).version == 2
    assert list(live.pending.values_list("service_id", "version")) == [(service.pk, 2)]


def test_a_rollback_leaves_nothing_waiting(live):
    service = catalogue.service()

    with transaction.atomic():
        sync.mark([service.pk])
        transaction.set_rollback(True)

    assert not IndexPending.objects.exists()
    assert not IndexVersion.objects.exists()


def test_a_marked_service_is_found_after_the_drain(live):
    service = catalogue.complete()

    search.index(service)

    assert found_ids() == {service.pk}
    assert not IndexPending.objects.exists()


def test_a_service_that_is_not_listed_any_more_leaves_the_index(live):
    service = catalogue.complete()
    search.index(service)

    Service.objects.filter(pk=service.pk).update(state="closed")
    search.index(service)

    assert found_ids() == set()


@pytest.mark.parametrize("values", [{"state": "draft"}, {"state": "rejected"}])
def test_only_listed_services_are_indexed(live, values):
    service = catalogue.service(**values)

    search.index(service)

    assert found_ids() == set()


def test_what_changed_while_it_was_written_stays_waiting(live):
    service = catalogue.complete()
    sync.mark([service.pk])
    CHECKPOINTS["index_written"] = lambda: sync.mark([service.pk])

    try:
        sync.drain()
    finally:
        del CHECKPOINTS["index_written"]

    assert list(live.pending.values_list("version", flat=True)) == [2]


def test_a_drainer_that_dies_loses_nothing(live):
    search.index(*Service.objects.all())
    service = catalogue.complete()
    sync.mark([service.pk])

    def die():
        raise KeyboardInterrupt

    CHECKPOINTS["index_written"] = die
    with pytest.raises(KeyboardInterrupt):
        sync.drain()
    del CHECKPOINTS["index_written"]

    assert live.pending.count() == 1
    assert sync.drain() == 1
    assert found_ids() == {service.pk}
    assert sync.verify(live).found == ()


def test_one_bad_row_does_not_hold_up_the_others(live, monkeypatch):
    bad, good = catalogue.complete(), catalogue.complete()
    sync.mark([bad.pk, good.pk])
    engine = current()
    write = engine.write
    monkeypatch.setattr(
        type(engine),
        "write",
        lambda _engine, generation, docs, gone: [
            *write(generation, [doc for doc in docs if doc.id != bad.pk], gone),
            Failure(bad.pk, "broken"),
        ],
    )

    sync.drain()

    row = live.pending.get()
    assert (row.service_id, row.attempts, row.error) == (bad.pk, 1, "broken")
    assert row.next_try_at > jobs.now()
    assert found_ids() == {good.pk}


def test_back_off_doubles_up_to_an_hour(live, monkeypatch):
    service = catalogue.complete()
    sync.mark([service.pk])
    monkeypatch.setattr(type(current()), "write", lambda *_: [Failure(service.pk, "broken")])

    waits: list[timedelta] = []
    for _ in range(13):
        with jobs.shifted(timedelta(hours=2 * len(waits))):
            sync.drain()
            waits.append(live.pending.get().next_try_at - jobs.now())

    assert waits[0] < timedelta(seconds=3)
    assert waits[-1] <= timedelta(hours=1)


def test_a_second_writer_is_kept_out(live):
    with current().locked(live.name):
        with pytest.raises(Locked), current().locked(live.name):
            pass
        sync.mark([catalogue.complete().pk])

        assert sync.drain() == 0


def test_an_older_version_never_replaces_a_newer_one(live):
    service = catalogue.complete()
    search.index(service)
    search.index(service)
    newest = current().sums(live.name)
    old = IndexVersion.objects.get(pk=service.pk)
    IndexVersion.objects.filter(pk=service.pk).update(version=1)
    current().write(live.name, build([service.pk], intern=intern).docs, [])
    current().write(live.name, [], [(service.pk, 1)])

    assert old.version == 2
    assert current().sums(live.name) == newest


RELATIONS: dict[str, Any] = {
    "organization": lambda s: (s.organization, {"name": "改名的机构"}),
    "service": lambda s: (s, {"name": "改名的服务"}),
    "translation": lambda s: (s, {"translations": {"en": {"name": "Meals"}}}),
    "place": lambda s: (s.places.get(), {"description": "二楼"}),
    "location": lambda s: (s.places.get().location, {"name": "改名的地点"}),
    "address": lambda s: (s.places.get().location.addresses.get(), {"address_1": "新路 2 号"}),
    "term": lambda _s: (catalogue.term("EL04"), {"name": "助餐"}),
    "area": lambda s: (s.service_areas.get(), {"nationwide": False}),
    "phone": lambda s: (s.phones.get(), {"number": "0571-88881111"}),
    "schedule": lambda s: (s.places.get().schedules.get(), {"byday": "SA"}),
    "capacity": lambda s: (s.capacities.get(), {"availability": "full"}),
    "attribute": lambda s: (s.attributes.get(), {"label": "午餐"}),
}


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_change_of_a_relation_marks_its_services(live, relation):
    """Rule IX3, through the one way in which the catalogue writes."""
    service = catalogue.complete()
    place = catalogue.place(service, catalogue.measured())
    catalogue.schedule(service_at_location=place)
    catalogue.capacity(service)
    row, values = RELATIONS[relation](service)
    batch = Batch(by=system())
    batch.change(row, **values)

    batch.write()

    assert list(IndexPending.objects.values_list("service_id", flat=True)) == [service.pk]


def test_the_receiver_hears_the_catalogue(live):
    service = catalogue.complete()

    signals.listing_changed.send(
        Service, table="service", ids=[service.pk], event="change", fields=frozenset(), by=system()
    )

    assert live.pending.get().service_id == service.pk


# ---- Rebuild and verify ---------------------------------------------------------------------
@pytest.fixture
def folder(settings, tmp_path):
    settings.SEARCH_DIR = str(tmp_path / "index")
    (tmp_path / "index").mkdir()


def test_rebuild_puts_a_whole_generation_in_place(folder):
    services = [catalogue.complete() for _ in range(5)]

    made = sync.rebuild()

    assert made.state == GenerationState.LIVE
    assert live_name() == made.name
    assert found_ids() == {service.pk for service in services}
    assert sync.verify(made, deep=True).found == ()
    assert made.token_table["documents"] == 5 + HOTLINES


def test_a_killed_rebuild_goes_on_and_shows_nothing_half(folder):
    catalogue.complete()
    first = sync.rebuild()
    service = catalogue.complete()

    def die():
        raise KeyboardInterrupt

    CHECKPOINTS["rebuild_range"] = die
    with pytest.raises(KeyboardInterrupt):
        sync.rebuild()
    del CHECKPOINTS["rebuild_range"]
    assert live_name() == first.name
    assert Generation.objects.filter(state=GenerationState.BUILDING).count() == 1

    # What changes meanwhile reaches the unfinished generation too.
    Service.objects.filter(pk=service.pk).update(name="改名的服务")
    sync.mark([service.pk])
    second = sync.rebuild(resume=True)

    assert live_name() == second.name
    assert sync.verify(second, deep=True).found == ()


def test_rebuild_refuses_to_shrink_the_index_by_surprise(folder):
    services = [catalogue.complete() for _ in range(10)]
    first = sync.rebuild()
    Service.objects.filter(pk__in=[s.pk for s in services[:5]]).update(state="closed")

    with pytest.raises(sync.Refused):
        sync.rebuild()
    assert live_name() == first.name

    assert sync.rebuild(force=True).docs == 5 + HOTLINES


def test_old_generations_and_orphans_are_cleared_away(folder):
    catalogue.complete()
    for _ in range(4):
        sync.rebuild()

    states = sorted(Generation.objects.values_list("state", flat=True))
    assert states == ["live", "previous"]
    assert len(current().stored()) == 2


def test_verify_finds_and_repairs_what_bypassed_the_marks(live):
    kept, gone = catalogue.complete(), catalogue.complete()
    search.index(*Service.objects.all())
    Service.objects.filter(pk=gone.pk).update(state="closed")
    Service.objects.filter(pk=kept.pk).update(name="没有人知道的新名称")

    shallow = sync.verify(live)
    repaired = sync.verify(live, repair=True, deep=True)

    assert len(shallow.found) == 1
    assert repaired.left == ()
    assert found_ids() == {kept.pk}
