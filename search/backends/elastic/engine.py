"""The engine on a cluster: Elasticsearch 8 or 9, for several hosts and whole nations."""

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import streaming_bulk

from search.backends.base import Failure, Health, Result, Sums, Unavailable
from search.backends.elastic.breaker import Breaker
from search.backends.elastic.index import (
    BUILDING,
    LIVE,
    MAPPING,
    document,
    fingerprint,
    tombstone,
)
from search.backends.elastic.request import Request
from search.documents.doc import Doc
from search.planner import Plan

log = logging.getLogger("linkwell.search")

_ASK_S, _WORK_S = 1.5, 60.0
_MOST_BYTES = 5_000_000
_STEP = 1000
# The tokens of a nation are counted in parts: one answer may not hold all of them.
_PARTS, _MOST_TOKENS = 4, 60_000
_NO_ANSWER = "the search cluster does not answer"
_NO_INDEX = (
    "no usable search index on the cluster; run: manage.py rebuild_index --engine elasticsearch"
)


class Elastic:
    """Indices `<prefix>-<generation>`; the alias `<prefix>-<fingerprint>` names the live one.

    The alias carries the fingerprint, so that a release whose index looks different reads none
    rather than a wrong one, and both can run side by side. Writers use an alias per index and
    demand it: a bulk request to a missing index would otherwise create one without a mapping.
    """

    name = "elasticsearch"

    def __init__(self, urls: str, prefix: str = "services") -> None:
        """Connect to nothing yet: each process opens its own client, so forking is harmless."""
        self._urls = [url.strip() for url in urls.split(",") if url.strip()]
        self._prefix = prefix
        self._clients: dict[int, Elasticsearch] = {}
        self._breaker = Breaker()

    @property
    def fingerprint(self) -> str:
        """Return what an index depends on besides its content."""
        return fingerprint()

    @property
    def _client(self) -> Elasticsearch:
        if os.getpid() not in self._clients:
            self._clients = {
                os.getpid(): Elasticsearch(
                    self._urls,
                    request_timeout=_ASK_S,
                    # Once, on the next node, and only when the first could not be reached.
                    max_retries=1,
                    retry_on_timeout=False,
                    retry_on_status=(),
                )
            }
        return self._clients[os.getpid()]

    @property
    def _patient(self) -> Elasticsearch:
        return self._client.options(request_timeout=_WORK_S)

    @property
    def _readers(self) -> str:
        return f"{self._prefix}-{fingerprint()}"

    def _index(self, generation: str) -> str:
        return f"{self._prefix}-{generation}"

    def _writers(self, generation: str) -> str:
        return f"{self._index(generation)}-writers"

    @contextmanager
    def _asking(self, body: Any = None) -> Iterator[None]:
        """Turn failures of the cluster into `Unavailable`; a request that is wrong is our fault."""
        if not self._breaker.allows():
            raise Unavailable(_NO_ANSWER)
        try:
            yield
        except NotFoundError as error:
            self._breaker.succeeded()
            raise Unavailable(_NO_INDEX) from error
        except BadRequestError:
            # The words of a visitor stay out of the log.
            told = hashlib.sha256(json.dumps(body, default=str).encode()).hexdigest()[:16]
            log.exception("the search cluster refused request %s", told)
            raise
        except (ApiError, TransportError) as error:
            self._breaker.failed()
            raise Unavailable(f"the search cluster failed: {type(error).__name__}") from error
        self._breaker.succeeded()

    # ---- Reading ----------------------------------------------------------------------------
    def search(self, plan: Plan, generation: str = "") -> Result:
        """Answer a plan from the live generation, or from one that is to be tried."""
        request = Request(plan)
        body = request.body()
        index = self._index(generation) if generation else self._readers
        with self._asking(body):
            answer = self._client.search(index=index, body=body)
        return request.result(answer.body)

    def counts(self, plans: Sequence[Plan]) -> list[int]:
        """Return only the totals of several plans, in one request."""
        lines: list[dict[str, Any]] = []
        for plan in plans:
            lines += [{"index": self._readers}, Request(plan).count()]
        if not lines:
            return []
        with self._asking(lines):
            answers = self._client.msearch(searches=lines)["responses"]
        if any("error" in answer for answer in answers):
            raise Unavailable("the search cluster could not count")
        return [answer["hits"]["total"]["value"] for answer in answers]

    def health(self) -> Health:
        """Say whether the live generation can be read."""
        try:
            with self._asking():
                found = self._client.count(index=self._readers, query={"term": {"listed": True}})
        except Unavailable as error:
            return Health(ok=False, detail=str(error), missing=str(error) == _NO_INDEX)
        return Health(ok=True, documents=found["count"])

    # ---- Writing ----------------------------------------------------------------------------
    @contextmanager
    def locked(self, generation: str) -> Iterator[None]:
        """Let everybody in: the cluster itself refuses what is older than what it has."""
        if self._breaker.rests():
            raise Unavailable(_NO_ANSWER)
        yield

    def write(
        self, generation: str, upserts: Sequence[Doc], deletes: Sequence[tuple[int, int]]
    ) -> list[Failure]:
        """Write in bulk and look at every item: a bulk request succeeds even if they do not."""
        told = [(doc.id, doc.version, document(doc)) for doc in upserts]
        told += [(id_, version, tombstone(id_, version)) for id_, version in deletes]
        actions = (
            {"_id": str(id_), "version": version, "version_type": "external_gte", "_source": source}
            for id_, version, source in told
        )
        failures: list[Failure] = []
        with self._asking():
            items = streaming_bulk(
                self._patient,
                actions,
                index=self._writers(generation),
                require_alias=True,
                max_chunk_bytes=_MOST_BYTES,
                max_retries=3,
                initial_backoff=0.2,
                max_backoff=2,
                raise_on_error=False,
            )
            for done, item in items:
                failure = None if done else _failure(item["index"])
                if failure:
                    failures.append(failure)
        return failures

    # ---- Life cycle -------------------------------------------------------------------------
    def begin(self, generation: str) -> None:
        """Create an empty generation; what an interrupted try left is removed."""
        self.drop(generation)
        with self._asking():
            self._patient.indices.create(
                index=self._index(generation),
                mappings=MAPPING,
                settings={"index": BUILDING},
                aliases={self._writers(generation): {}},
            )

    def swap(self, generation: str) -> None:
        """Copy it to other nodes, then let readers see it, in one step."""
        index, readers = self._index(generation), self._readers
        with self._asking():
            self._patient.indices.put_settings(index=index, settings={"index": LIVE})
            self._patient.indices.refresh(index=index)
            self._patient.cluster.health(index=index, wait_for_status="green", timeout="30s")
            everywhere = {"index": f"{self._prefix}-*", "alias": readers, "must_exist": False}
            self._patient.indices.update_aliases(
                actions=[{"remove": everywhere}, {"add": {"index": index, "alias": readers}}]
            )

    def drop(self, generation: str) -> None:
        """Remove a generation and what it holds."""
        with self._asking():
            self._patient.indices.delete(index=self._index(generation), ignore_unavailable=True)

    def stored(self) -> list[str]:
        """Return the names of all generations on the cluster, whatever the database says."""
        ours = re.compile(rf"{re.escape(self._prefix)}-([0-9a-f]{{8}}-\d+)")
        with self._asking():
            found = self._patient.indices.get_settings(index=f"{self._prefix}-*")
        return sorted(match[1] for name in found.body if (match := ours.fullmatch(name)))

    # ---- Comparing --------------------------------------------------------------------------
    def _refresh(self, generation: str) -> None:
        with self._asking():
            self._patient.indices.refresh(index=self._index(generation))

    def _counted(self, generation: str, **aggregations: Any) -> dict[str, Any]:
        index = self._index(generation)
        with self._asking(aggregations):
            answer = self._patient.search(
                index=index, size=0, query={"term": {"listed": True}}, aggregations=aggregations
            )
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise Unavailable("the search cluster could not count its documents")
        return dict(answer["aggregations"])

    def sums(self, generation: str, step: int = _STEP) -> dict[int, Sums]:
        """Return count and sums per range of ids, by a histogram."""
        self._refresh(generation)
        found = self._counted(
            generation,
            ranges={
                "histogram": {"field": "id_num", "interval": step, "min_doc_count": 1},
                "aggregations": {name: {"sum": {"field": name}} for name in ("ver", "digest")},
            },
        )
        return {
            int(bucket["key"]): Sums(
                bucket["doc_count"], int(bucket["ver"]["value"]), int(bucket["digest"]["value"])
            )
            for bucket in found["ranges"]["buckets"]
        }

    def tokens(self, generation: str, least: int) -> dict[str, int]:
        """Return the tokens that at least so many documents hold."""
        self._refresh(generation)
        tokens: dict[str, int] = {}
        for part in range(_PARTS):
            terms = {
                "field": "all_t",
                "min_doc_count": least,
                "size": _MOST_TOKENS,
                "include": {"partition": part, "num_partitions": _PARTS},
            }
            found = self._counted(generation, tokens={"terms": terms})
            tokens |= {b["key"]: b["doc_count"] for b in found["tokens"]["buckets"]}
        return tokens


def _failure(item: dict[str, Any]) -> Failure | None:
    """Read the fate of one document: a newer version that stands there already is none."""
    status = item["status"]
    if status == 409:
        return None
    if status == 404:
        raise Unavailable(_NO_INDEX)
    reason = item.get("error") or {}
    text = f"{reason.get('type', '')}: {reason.get('reason', '')}"[:200]
    return Failure(int(item["_id"]), text, final=status == 400)
