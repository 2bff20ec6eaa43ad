"""Fixtures of search."""

import contextlib
import os
import uuid

import pytest

from search.backends.elastic import Elastic
from tests import servers
from tests.factories import search


@pytest.fixture
def live(db, settings, tmp_path):
    """Give a live index that holds nothing yet."""
    return search.live(settings, tmp_path / "index")


@pytest.fixture(autouse=True)
def _nothing_held():
    """Begin each test without what the process held of the tables of another."""
    search.forget()


@pytest.fixture(scope="session")
def node():
    """Give one Elasticsearch that a test may stop, if it starts it again."""
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(servers.nodes())[0]
        except servers.NotAvailable as missing:
            pytest.skip(str(missing))


@pytest.fixture(scope="session")
def cluster_url(request):
    """Give the address of a real Elasticsearch: the one that is named, else our own."""
    return os.environ.get("ELASTICSEARCH_URL") or request.getfixturevalue("node").url


@pytest.fixture(scope="module")
def cluster(cluster_url):
    """Give an engine on a real server, with names of its own, and clear it away."""
    engine = Elastic(cluster_url, prefix=f"t{uuid.uuid4().hex[:8]}")
    yield engine
    for generation in engine.stored():
        engine.drop(generation)
