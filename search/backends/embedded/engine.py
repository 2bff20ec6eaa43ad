"""The engine inside the process: tantivy, for one host."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path

import tantivy

from search.analysis import ANALYZER_VERSION
from search.backends.base import (
    Failure,
    Health,
    Locked,
    Result,
    Sums,
    Unavailable,
)
from search.backends.embedded.answer import Search
from search.backends.embedded.index import SCHEMA, Reader, document, write_key
from search.documents.doc import SCHEMA_VERSION, Doc
from search.planner import Plan

_HEAP = 64_000_000
_STEP = 1000


@cache
def fingerprint() -> str:
    """Return what an index depends on besides its content: an other one cannot be read."""
    made_by = f"{ANALYZER_VERSION}/{SCHEMA_VERSION}/{version('tantivy')}"
    return hashlib.blake2b(made_by.encode(), digest_size=4).hexdigest()


class Embedded:
    """Indices in folders of their own below `root`; the file CURRENT names the live one."""

    name = "embedded"

    def __init__(self, root: str | Path) -> None:
        """Open nothing yet: each process opens what it needs, so forking is harmless."""
        self._root = Path(root)
        self._readers: dict[tuple[int, str], Reader] = {}

    @property
    def fingerprint(self) -> str:
        """Return what an index depends on besides its content."""
        return fingerprint()

    @property
    def current(self) -> str:
        """Return the name of the live generation."""
        try:
            return (self._root / "CURRENT").read_text("utf-8").strip()
        except FileNotFoundError:
            return ""

    def _live(self) -> Reader:
        name = self.current
        if not name or not name.startswith(fingerprint()):
            raise Unavailable("no usable search index; run: manage.py rebuild_index")
        return self._reader(name)

    def _reader(self, generation: str) -> Reader:
        key = os.getpid(), generation
        if key not in self._readers:
            folder = self._root / generation
            if not tantivy.Index.exists(str(folder)):
                raise Unavailable(f"search index {generation} is missing")
            self._readers = {k: r for k, r in self._readers.items() if k[0] == os.getpid()}
            self._readers[key] = Reader(folder)
        return self._readers[key]

    def search(self, plan: Plan, generation: str = "") -> Result:
        """Answer a plan from the live generation, or from one that is to be tried."""
        reader = self._reader(generation) if generation else self._live()
        return Search(reader.searcher(), plan).result()

    def counts(self, plans: Sequence[Plan]) -> list[int]:
        """Return only the totals of several plans."""
        searcher = self._live().searcher()
        return [Search(searcher, plan).total() for plan in plans]

    def begin(self, generation: str) -> None:
        """Create an empty generation; what an interrupted try left is removed."""
        folder = self._root / generation
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        tantivy.Index(SCHEMA, path=str(folder))
        self._forget(generation)

    def swap(self, generation: str) -> None:
        """Name the live generation by an atomic rename; readers see it with their next request."""
        self._reader(generation)
        draft = self._root / f"CURRENT.{os.getpid()}"
        with draft.open("w", encoding="utf-8") as file:
            file.write(generation)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._root / "CURRENT")
        folder = os.open(self._root, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def drop(self, generation: str) -> None:
        """Remove a generation's folder."""
        self._forget(generation)
        shutil.rmtree(self._root / generation, ignore_errors=True)

    def _forget(self, generation: str) -> None:
        self._readers = {k: r for k, r in self._readers.items() if k[1] != generation}

    def stored(self) -> list[str]:
        """Return the names of all generations on disk, whatever the database says of them."""
        if not self._root.is_dir():
            return []
        return sorted(path.name for path in self._root.iterdir() if path.is_dir())

    @contextmanager
    def locked(self, generation: str) -> Iterator[None]:
        """Keep other writers out; rows must be read inside, so that an older state never wins."""
        with (self._root / f"{generation}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Locked(generation) from None
            yield

    def write(
        self, generation: str, upserts: Sequence[Doc], deletes: Sequence[tuple[int, int]]
    ) -> list[Failure]:
        """Write in one commit; a kill leaves the one before. The caller holds `locked`."""
        reader = self._reader(generation)
        known = reader.versions([*(doc.id for doc in upserts), *(id_ for id_, _ in deletes)])
        fresh = [doc for doc in upserts if doc.version >= known.get(doc.id, 0)]
        gone = [id_ for id_, version in deletes if version >= known.get(id_, 0)]
        made, failures = _documents(fresh)
        _commit(reader, [id_ for id_, _ in made] + gone, known, [doc for _, doc in made])
        return failures

    def sums(self, generation: str, step: int = _STEP) -> dict[int, Sums]:
        """Return count and sums per range of ids, by a histogram."""
        parts = {name: {"sum": {"field": name}} for name in ("ver", "digest")}
        found = (
            self._reader(generation)
            .searcher()
            .aggregate(
                tantivy.Query.all_query(),
                {"ranges": {"histogram": {"field": "id_num", "interval": step}, "aggs": parts}},
            )
        )
        return {
            int(bucket["key"]): Sums(
                bucket["doc_count"], int(bucket["ver"]["value"]), int(bucket["digest"]["value"])
            )
            for bucket in found["ranges"]["buckets"]
            if bucket["doc_count"]
        }

    def tokens(self, generation: str, least: int) -> dict[str, int]:
        """Return the tokens that at least so many documents hold."""
        searcher = self._reader(generation).searcher()
        return {t: n for t, n in searcher.terms_with_prefix("all_t", "") if n >= least}

    def health(self) -> Health:
        """Say whether the live generation can be read."""
        try:
            return Health(ok=True, documents=self._live().searcher().num_docs)
        except Unavailable as error:
            return Health(ok=False, detail=str(error), missing=True)


def _documents(docs: Sequence[Doc]) -> tuple[list[tuple[int, tantivy.Document]], list[Failure]]:
    made: list[tuple[int, tantivy.Document]] = []
    failures: list[Failure] = []
    for doc in docs:
        try:
            made.append((doc.id, document(doc)))
        except (ValueError, OverflowError) as error:
            failures.append(Failure(doc.id, str(error)[:200], final=True))
    return made, failures


def _commit(
    reader: Reader,
    replaced: Sequence[int],
    known: dict[int, int],
    documents: Sequence[tantivy.Document],
) -> None:
    writer = reader.index.writer(_HEAP, 1)
    try:
        for id_ in replaced:
            if id_ in known:
                # By query: a delete by the integer itself would silently delete nothing.
                writer.delete_documents_by_query(write_key(id_))
        for made in documents:
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()
    finally:
        # The lock lives as long as the object; a failed writer must not keep it.
        del writer
