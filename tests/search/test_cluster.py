"""The second engine on a real server: kept in step, rebuilt, down, and with a node less."""

import contextlib
import random
import threading
import time
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command

from core import jobs
from core.safeguards import CHECKPOINTS
from directory.catalogue.models import Service
from search import queries, sync
from search.backends import elastic
from search.backends.base import Unavailable
from search.backends.current import current, kept
from search.backends.elastic import Elastic, breaker
from search.documents import Doc
from search.models import Generation, IndexPending
from search.planner import Plan
from search.states import GenerationState
from tests import servers
from tests.factories import catalogue, search
from tests.search.conformance import made

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

SEARCH = "/api/v1/search"
KILLS = 30
EVERYTHING = Plan("browse", limit=1000, audience="staff")


@contextlib.contextmanager
def two_engines(settings, url, folder):
    """Answer from a cluster and keep the embedded index in reserve."""
    settings.SEARCH_ENGINE, settings.SEARCH_FALLBACK = "elasticsearch", "embedded"
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX = url, f"t{uuid.uuid4().hex[:8]}"
    settings.SEARCH_DIR = str(folder / "index")
    (folder / "index").mkdir()
    search.forget()
    for engine in kept().values():
        search.live_of(engine, "000001")
    search.index(*Service.objects.all())
    yield
    for generation in current().stored():
        current().drop(generation)


@pytest.fixture
def both(settings, cluster_url, tmp_path):
    with two_engines(settings, cluster_url, tmp_path):
        yield


def live():
    return list(Generation.objects.filter(state=GenerationState.LIVE).order_by("pk"))


def drifts():
    """Compare every live index with the database down to its contents."""
    return [sync.verify(generation, deep=True).found for generation in live()]


def found_ids(engine, generation=""):
    return {hit.id for hit in engine.search(EVERYTHING, generation).hits}


def seen(engine):
    """Return what readers see once the cluster has refreshed."""
    engine.sums(next(g.name for g in live() if g.backend == engine.name))
    return found_ids(engine)


# ---- Kept in step ---------------------------------------------------------------------------
def test_both_engines_see_every_change(both):
    kept_one, renamed, closed = (catalogue.complete() for _ in range(3))
    search.index(kept_one, renamed, closed)

    Service.objects.filter(pk=renamed.pk).update(name="改名的服务")
    Service.objects.filter(pk=closed.pk).update(state="closed")
    search.index(renamed, closed)

    there, here = (seen(engine) for engine in kept().values())
    assert there == here
    assert {kept_one.pk, renamed.pk} < there
    assert closed.pk not in there
    assert drifts() == [(), ()]


def test_a_page_says_which_engine_answered(both, client):
    service = catalogue.complete()
    search.index(service)
    seen(current())

    answer = client.get(SEARCH, {"q": service.name})

    assert answer.json()["meta"]["backend"] == "elasticsearch"
    assert not answer.json()["meta"]["degraded"]
    assert "X-Search-Degraded" not in answer.headers
    assert answer.json()["hits"][0]["service"]["name"] == service.name


def test_moving_to_the_cluster_needs_no_pause(settings, cluster_url, tmp_path, client):
    """As docs/search-cluster.md says: fill it while the embedded index answers, then switch."""
    (tmp_path / "index").mkdir()
    settings.SEARCH_DIR = str(tmp_path / "index")
    service = catalogue.complete()
    call_command("rebuild_index", "--json")
    search.forget()

    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX = cluster_url, "moving"
    call_command("rebuild_index", "--engine", "elasticsearch", "--json")
    before = client.get(SEARCH, {"q": service.name}).json()
    Service.objects.filter(pk=service.pk).update(description="在切换前改过")
    search.index(service)
    call_command("verify_index", "--deep")
    settings.SEARCH_ENGINE, settings.SEARCH_FALLBACK = "elasticsearch", "embedded"
    search.forget()
    seen(current())
    after = client.get(SEARCH, {"q": service.name}).json()

    assert (before["meta"]["backend"], after["meta"]["backend"]) == ("embedded", "elasticsearch")
    assert [hit["service"]["uid"] for hit in before["hits"]] == [
        hit["service"]["uid"] for hit in after["hits"]
    ]
    settings.SEARCH_ENGINE = "embedded"
    for generation in kept()["elasticsearch"].stored():
        kept()["elasticsearch"].drop(generation)


def test_verify_repairs_what_bypassed_the_marks_in_every_index(both, capsys):
    service = catalogue.complete()
    search.index(service)
    Service.objects.filter(pk=service.pk).update(name="没有人知道的新名称")

    with pytest.raises(SystemExit) as left:
        call_command("verify_index", "--deep", "--json")
    call_command("verify_index", "--deep", "--repair")

    assert left.value.code == 1
    assert capsys.readouterr().out.count('"left": []') == 0
    assert drifts() == [(), ()]


def test_health_tells_how_far_each_index_is(both):
    search.index(*Service.objects.all())
    sync.mark([Service.objects.latest("pk").pk])

    first, second = (
        jobs.PROBES[name].read() for name in ("search.search_index", "search.search_reserve")
    )

    assert (first.figures["engine"], first.figures["pending"]) == ("elasticsearch", 1)
    assert (second.figures["engine"], second.figures["pending"]) == ("embedded", 1)
    search.settle()
    seen(current())
    again = jobs.PROBES["search.search_index"].read()
    assert (again.state, again.figures["drift_documents"]) == (jobs.State.OK, 0)


# ---- Safeguards -----------------------------------------------------------------------------
def test_a_late_write_revives_nothing(cluster):
    """Nobody keeps other writers out on a cluster, so it remembers what was removed."""
    begun = f"{cluster.fingerprint}-000101"
    cluster.begin(begun)
    cluster.write(begun, [Doc(1, version=3)], [])

    cluster.write(begun, [], [(1, 4)])

    assert cluster.write(begun, [Doc(1, version=3)], []) == []
    assert cluster.sums(begun) == {}
    assert cluster.search(EVERYTHING, begun).total == 0


def test_writing_to_a_missing_index_creates_none(cluster):
    with pytest.raises(Unavailable, match="rebuild_index"):
        cluster.write(f"{cluster.fingerprint}-000999", [Doc(1)], [])

    assert f"{cluster.fingerprint}-000999" not in cluster.stored()


def test_a_release_with_another_mapping_reads_nothing_rather_than_a_wrong_index(
    cluster, monkeypatch
):
    begun = f"{cluster.fingerprint}-000104"
    cluster.begin(begun)
    cluster.swap(begun)
    assert cluster.health().ok

    monkeypatch.setattr(elastic.engine, "fingerprint", lambda: "0" * 8)

    assert cluster.health().missing
    with pytest.raises(Unavailable, match="rebuild_index"):
        cluster.search(EVERYTHING)


def test_a_drainer_killed_again_and_again_leaves_both_indices_right(both):
    rng = random.Random(5)
    services = [catalogue.complete() for _ in range(6)]

    def die():
        if rng.random() < 0.5:
            raise KeyboardInterrupt

    for checkpoint in ("index_built", "index_written"):
        CHECKPOINTS[checkpoint] = die
    killed = 0
    try:
        while killed < KILLS:
            changed = rng.choice(services)
            state = rng.choice(["active", "active", "closed"])
            Service.objects.filter(pk=changed.pk).update(name=f"服务{killed}", state=state)
            sync.mark([changed.pk])
            with contextlib.suppress(KeyboardInterrupt):
                sync.drain()
                continue
            killed += 1
    finally:
        CHECKPOINTS.clear()
    search.settle()

    assert drifts() == [(), ()]
    there, here = (seen(engine) for engine in kept().values())
    assert there == here


# ---- Generations ----------------------------------------------------------------------------
def test_a_killed_rebuild_goes_on_and_readers_notice_nothing(both):
    service = catalogue.complete()
    search.index(service)
    before = next(g for g in live() if g.backend == "elasticsearch")
    asked = Reader(current())

    def die():
        raise KeyboardInterrupt

    with asked:
        CHECKPOINTS["rebuild_range"] = die
        with pytest.raises(KeyboardInterrupt):
            sync.rebuild()
        del CHECKPOINTS["rebuild_range"]
        # What changes meanwhile reaches the unfinished generation too.
        Service.objects.filter(pk=service.pk).update(name="改名的服务")
        sync.mark([service.pk])
        CHECKPOINTS["rebuild_range"] = lambda: (sync.mark([service.pk]), sync.drain())
        after = sync.rebuild(resume=True)
        del CHECKPOINTS["rebuild_range"]

    assert asked.failures == []
    assert asked.answers > 0
    assert after.name != before.name
    assert after.name in {g.name for g in live()}
    search.settle()
    assert drifts() == [(), ()]


def test_old_generations_and_orphans_are_cleared_from_the_cluster(both):
    current().begin(f"{current().fingerprint}-999999")

    for _ in range(3):
        sync.rebuild()

    mine = Generation.objects.filter(backend="elasticsearch")
    assert sorted(mine.values_list("state", flat=True)) == ["live", "previous"]
    assert current().stored() == sorted(mine.values_list("name", flat=True))


class Reader(threading.Thread):
    """Asks an engine without pause, after a failure once more; what fails twice is kept."""

    def __init__(self, engine, plans=(EVERYTHING,)):
        super().__init__(daemon=True)
        self.engine, self.plans = engine, plans
        self.failures: list[Plan] = []
        self.answers = 0
        self._done = threading.Event()

    def run(self):
        while not self._done.is_set():
            plan = self.plans[self.answers % len(self.plans)]
            if not self._is_answered(plan) and not self._is_answered(plan):
                self.failures.append(plan)
            self.answers += 1

    def _is_answered(self, plan):
        try:
            return not self.engine.search(plan).partial
        except Unavailable:
            return False

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_exception):
        self._done.set()
        self.join(10)


# ---- Faults ---------------------------------------------------------------------------------
@pytest.fixture
def impatient(monkeypatch):
    """Let the breaker try again at once, so that a test need not wait."""
    monkeypatch.setattr(breaker, "PAUSE_S", 0.2)


def test_while_the_cluster_is_down_people_find_and_afterwards_nothing_is_missing(
    settings, tmp_path, client, impatient, node
):
    services = [catalogue.complete() for _ in range(8)]
    with two_engines(settings, node.url, tmp_path):
        node.kill()

        for number in range(20):
            changed = services[number % 8]
            state = "closed" if number % 5 == 4 else "active"
            Service.objects.filter(pk=changed.pk).update(name=f"停机时的服务{number}", state=state)
            new = catalogue.complete(name=f"停机时的新服务{number}")
            search.index(changed, new)
            answer = client.get(SEARCH, {"q": new.name})
            assert answer.status_code == 200
            assert answer.headers["X-Search-Degraded"] == "1"
            assert answer.json()["meta"]["backend"] == "embedded"
            assert answer.json()["hits"][0]["service"]["name"] == new.name
        assert jobs.PROBES["search.search_index"].read().state == jobs.State.WARN
        settings.SEARCH_FALLBACK = ""
        refused = client.get(SEARCH, {"q": "食堂"})
        settings.SEARCH_FALLBACK = "embedded"
        waiting = IndexPending.objects.filter(generation__backend="elasticsearch")
        assert waiting.count() == 28
        assert not waiting.filter(attempts__gt=0).exists()

        node.start()
        node.ready()
        with jobs.shifted(timedelta(minutes=10)):
            caught_up(waiting)

            assert refused.status_code == 503
            assert refused.headers["Retry-After"] == "15"
            assert drifts() == [(), ()]
        there, here = (seen(engine) for engine in kept().values())
        assert there == here


def caught_up(waiting):
    end = time.monotonic() + 20
    while waiting.exists() and time.monotonic() < end:
        sync.drain()
        time.sleep(0.1)
    assert not waiting.exists()
    queries.forget()


def test_a_reserve_that_is_too_old_answers_nobody(settings, tmp_path, client):
    settings.SEARCH_ENGINE, settings.SEARCH_FALLBACK = "elasticsearch", "embedded"
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{servers.free_port()}"
    settings.SEARCH_DIR = str(tmp_path / "index")
    (tmp_path / "index").mkdir()
    sync.rebuild(kept()["embedded"])
    sync.mark([catalogue.complete().pk])
    search.forget()

    fresh = client.get(SEARCH, {"q": "食堂"})
    IndexPending.objects.update(queued_at=jobs.now() - timedelta(minutes=16))
    search.forget()
    old = client.get(SEARCH, {"q": "食堂"})

    assert (fresh.status_code, old.status_code) == (200, 503)


def test_a_killed_node_of_three_costs_no_search_and_no_document():
    documents = made.documents(1000)
    begun = f"{Elastic('').fingerprint}-000001"
    with servers.nodes(3) as nodes:
        engine = Elastic(",".join(node.url for node in nodes), prefix=f"t{uuid.uuid4().hex[:8]}")
        engine.begin(begun)
        engine.write(begun, documents, [])
        engine.swap(begun)

        with Reader(engine, made.plans(40)) as one, Reader(engine, made.plans(40, seed=5)) as two:
            time.sleep(1)
            nodes[0].kill()
            for number in range(4):
                part = documents[number * 100 : number * 100 + 100]
                written([replace(doc, version=50 + number) for doc in part], engine, begun)
            time.sleep(3)

        assert one.failures + two.failures == []
        assert min(one.answers, two.answers) > 20
        sums = engine.sums(begun, 10_000)[0]
        newer = sum(50 + number for number in range(4) for _ in range(100))
        assert sums.documents == 1000
        assert sums.versions == newer + sum(doc.version for doc in documents[400:])


def written(documents, engine, generation):
    """Write as the drainer does: what failed is tried again."""
    end = time.monotonic() + 30
    while documents and time.monotonic() < end:
        try:
            failed = {failure.id for failure in engine.write(generation, documents, [])}
            documents = [doc for doc in documents if doc.id in failed]
        except Unavailable:
            time.sleep(0.2)
    assert documents == []
