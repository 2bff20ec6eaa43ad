"""What the second engine says to a cluster and how it takes the answers; no server needed."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from elasticsearch import BadRequestError

from search.backends.base import Unavailable
from search.backends.elastic import Elastic, breaker
from search.backends.elastic.index import MAPPING
from search.backends.elastic.request import Request
from search.documents import Doc
from search.planner import Plan
from search.requests import Filter
from tests.search.conformance import made

GENERATION = f"{Elastic('').fingerprint}-000001"
BROWSE = Plan("browse")
# What the smallest distribution of the server has; anything else would fail there.
QUERIES = {
    "bool", "constant_score", "dis_max", "term", "terms", "range", "exists", "match_all",
    "geo_distance", "geo_bounding_box", "function_score",
}  # fmt: skip
AGGREGATIONS = {"terms", "filter", "filters"}
TYPES = {"text", "keyword", "long", "integer", "float", "geo_point", "boolean"}
FUNCTIONS = {"gauss", "field_value_factor", "weight", "filter"}


class Cluster(BaseHTTPRequestHandler):
    """Gives the answers it was told to give, in their order, the last one for ever."""

    answers: list[tuple[int, bytes]] = []
    asked: list[str] = []

    def _answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append(self.path)
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815  # names of the base class

    def log_message(self, *_args):
        """Stay quiet."""


@pytest.fixture
def cluster():
    """Give an engine whose cluster answers what the test puts into `Cluster.answers`."""
    Cluster.answers, Cluster.asked = [], []
    server = HTTPServer(("127.0.0.1", 0), Cluster)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Elastic(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    thread.join()


def will_answer(*answers):
    Cluster.answers = [
        (status, body if isinstance(body, bytes) else json.dumps(body).encode())
        for status, body in answers
    ]


def hits(*, timed_out=False, failed=0):
    return {
        "took": 1,
        "timed_out": timed_out,
        "_shards": {"total": 1, "successful": 1 - failed, "skipped": 0, "failed": failed},
        "hits": {"total": {"value": 1}, "hits": [{"_id": "7", "_score": 2.5, "sort": [2.5, 7]}]},
    }


def item(id_, status, kind=""):
    told = {"_index": "x", "_id": str(id_), "status": status}
    return {"index": told | ({"error": {"type": kind, "reason": "because"}} if kind else {})}


ERROR = {"error": {"type": "x", "reason": "because"}, "status": 500}


# ---- Requests -------------------------------------------------------------------------------
def test_a_whole_request_is_what_the_cluster_was_tried_with():
    plan = Plan(
        "browse",
        filters=(Filter("fee", "any", ("free",)), Filter("status", "any", ("active", "due"))),
        facets=("fee",),
        offset=25,
        audience="partner",
    )

    assert Request(plan).body() == {
        "query": {"function_score": {
            "query": {"bool": {
                "filter": [
                    {"term": {"listed": True}},
                    {"terms": {"audience": ["public", "partner"]}},
                    {"terms": {"status": ["active", "due"]}},
                ],
                "should": [{"constant_score": {"filter": {"match_all": {}}, "boost": 1.0}}],
                "minimum_should_match": 0,
            }},
            "functions": [{"field_value_factor": {"field": "quality", "missing": 1}}],
            "boost_mode": "multiply",
        }},
        "post_filter": {"bool": {"filter": [{"term": {"fee": "free"}}]}},
        "aggs": {"fee": {
            "filter": {"bool": {"filter": [{"match_all": {}}]}},
            "aggs": {"counts": {"terms": {"field": "fee", "size": 65_000}}},
        }},
        "sort": [{"_score": "desc"}, "id_num"],
        "from": 25,
        "size": 25,
        "_source": False,
        "track_scores": True,
        "track_total_hits": True,
        "timeout": "1s",
    }  # fmt: skip


def test_only_what_the_smallest_server_has_is_asked_for():
    queries, aggregations, functions = set(), set(), set()
    for plan in made.plans(200):
        body = Request(plan).body()
        queries |= set(_queries(body["query"])) | set(_queries(body.get("post_filter", {})))
        functions |= {key for f in _functions(body["query"]) for key in f}
        for facet in body.get("aggs", {}).values():
            inner = facet["aggs"]["counts"]
            aggregations |= (set(facet) - {"aggs"}) | set(inner)
            queries |= set(_queries(facet["filter"]))
            for part in inner.get("filters", {}).get("filters", {}).values():
                queries |= set(_queries(part))

    assert queries == QUERIES
    assert aggregations == AGGREGATIONS
    assert functions == FUNCTIONS
    assert {field["type"] for field in MAPPING["properties"].values()} == TYPES


def _queries(query):
    for kind, told in query.items():
        yield kind
        if kind in {"bool", "dis_max", "function_score", "constant_score"}:
            for part in told.values():
                parts = part if isinstance(part, list) else [part]
                for each in parts:
                    if isinstance(each, dict) and not {"weight", "field_value_factor"} & set(each):
                        yield from _queries(each)


def _functions(query):
    while "function_score" in query:
        yield from query["function_score"]["functions"]
        query = query["function_score"]["query"]


# ---- Answers --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "partial"), [({}, False), ({"timed_out": True}, True), ({"failed": 1}, True)]
)
def test_an_answer_of_a_part_is_said_to_be_one(cluster, facts, partial):
    will_answer((200, hits(**facts)))

    result = cluster.search(BROWSE)

    assert (result.total, result.hits[0].id, result.partial) == (1, 7, partial)


@pytest.mark.parametrize(
    "answer", [(429, ERROR), (500, ERROR), (503, ERROR), (200, b'{"took": 1, "hits"'), (401, ERROR)]
)
def test_what_is_no_answer_makes_the_engine_unavailable(cluster, answer):
    will_answer(answer)

    with pytest.raises(Unavailable):
        cluster.search(BROWSE)

    assert len(Cluster.asked) == 1


def test_a_missing_index_names_the_command(cluster):
    will_answer((404, ERROR))

    with pytest.raises(Unavailable, match="rebuild_index --engine elasticsearch"):
        cluster.search(BROWSE)

    assert cluster.health().missing


def test_a_request_that_is_wrong_is_our_fault_and_is_logged_without_its_words(cluster, caplog):
    will_answer((400, ERROR))

    with pytest.raises(BadRequestError):
        cluster.search(Plan("strict", exact="=secret"))

    assert "refused request" in caplog.text
    assert "=secret" not in caplog.text


def test_one_error_among_several_counts_is_none_of_them(cluster):
    will_answer((200, {"took": 1, "responses": [hits(), {"error": ERROR["error"], "status": 503}]}))

    with pytest.raises(Unavailable):
        cluster.counts([BROWSE, BROWSE])


def test_every_item_of_a_bulk_request_is_looked_at(cluster):
    """The cluster says 200 although three of four documents are not written."""
    items = [item(1, 201), item(2, 409, "older"), item(3, 400, "mapping"), item(4, 503, "busy")]
    will_answer((200, {"took": 1, "errors": True, "items": items}))

    failures = cluster.write(GENERATION, [Doc(1), Doc(2), Doc(3)], [(4, 1)])

    assert [(f.id, f.final) for f in failures] == [(3, True), (4, False)]


def test_a_busy_cluster_is_asked_again_with_what_it_did_not_take(cluster):
    busy = {"took": 1, "errors": True, "items": [item(1, 201), item(2, 429, "busy")]}
    will_answer((200, busy), (200, {"took": 1, "errors": False, "items": [item(2, 201)]}))

    assert cluster.write(GENERATION, [Doc(1), Doc(2)], []) == []
    assert len(Cluster.asked) == 2


def test_a_dropped_reply_leaves_the_whole_batch_to_be_written_again(cluster):
    will_answer((200, b'{"took": 1, "items": [{"index"'))

    with pytest.raises(Unavailable):
        cluster.write(GENERATION, [Doc(1)], [])


# ---- Breaker --------------------------------------------------------------------------------
def test_after_three_failures_nobody_waits_for_the_cluster(cluster):
    will_answer((503, ERROR))
    for _ in range(3):
        with pytest.raises(Unavailable):
            cluster.search(BROWSE)

    with pytest.raises(Unavailable):
        cluster.search(BROWSE)
    with pytest.raises(Unavailable), cluster.locked(GENERATION):
        pass

    assert len(Cluster.asked) == 3


def test_one_probe_closes_the_breaker_again(cluster, monkeypatch):
    monkeypatch.setattr(breaker, "PAUSE_S", 0.0)
    will_answer((503, ERROR), (503, ERROR), (503, ERROR), (200, hits()))
    for _ in range(3):
        with pytest.raises(Unavailable):
            cluster.search(BROWSE)

    assert cluster.search(BROWSE).total == 1
    with cluster.locked(GENERATION):
        assert cluster.search(BROWSE).total == 1


def test_an_open_breaker_lets_one_of_many_try():
    one = breaker.Breaker()
    for _ in range(breaker.MOST_FAILURES):
        one.failed()
    one._try_at = 0.0

    assert [one.allows() for _ in range(5)] == [True, False, False, False, False]


def test_failures_that_lie_far_apart_do_not_open_it(monkeypatch):
    monkeypatch.setattr(breaker, "WITHIN_S", -1.0)
    one = breaker.Breaker()

    for _ in range(10):
        one.failed()

    assert one.allows()
