"""The fields of the embedded index, how a document is written into them, and how it is opened."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy

from search.documents.doc import CELL_SIZES, MAX_POINTS, Doc

TEXTS = ("name_t", "tax_t", "body_t")
CODES = (
    "term",
    "main_term",
    "category",
    "population",
    "org",
    "org_type",
    "sector",
    "area",
    "covers",
    "language",
    "fee",
    "application",
    "accessibility",
    "availability",
    "status",
    "audience",
    "modes",
    "sched",
)
NUMBERS = ("id_num", "ver", "digest", "age_min", "age_max", "verified_day", "verified_order", "npt")
POINTS = tuple(f"pt{n}" for n in range(MAX_POINTS))
_TOKENIZER = "ws"
MICRO = 1_000_000
_ID_BITS = 40


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    # `all_t` holds every token once: admission and counts ask it instead of three fields.
    for name in (*TEXTS, "all_t"):
        builder.add_text_field(name, tokenizer_name=_TOKENIZER, index_option="basic")
    for name in (*CODES, *CELL_SIZES):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("name_key_zh", "name_key_en"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (*NUMBERS, *POINTS):
        builder.add_unsigned_field(name, indexed=name in NUMBERS, fast=True)
    builder.add_float_field("qw", fast=True)
    builder.add_text_field("more", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _schema()


def write_key(id_: int) -> tantivy.Query:
    """Return the query that finds one document by its text key."""
    return tantivy.Query.term_query(SCHEMA, "key", str(id_), "basic")


def pack(lat: float, lon: float) -> int:
    """Put a point into one number, to a millionth of a degree."""
    return round((lat + 90) * MICRO) << 32 | round((lon + 180) * MICRO)


def unpack(packed: int) -> tuple[float, float]:
    """Take a point out of its number."""
    return (packed >> 32) / MICRO - 90, (packed & 0xFFFFFFFF) / MICRO - 180


def document(doc: Doc) -> tantivy.Document:
    """Return a document as the index takes it."""
    told: dict[str, Any] = {"key": str(doc.id)}
    seen: dict[str, None] = {}
    for name in TEXTS:
        told[name] = getattr(doc, name)
        seen.update(dict.fromkeys(told[name].split(" ")))
    told["all_t"] = " ".join(seen)
    for name in CODES:
        if codes := getattr(doc, name):
            told[name] = list(codes)
    for name in CELL_SIZES:
        told[name] = list(doc.cells(name))
    # With the id behind it a key is unique, so that sorting by it needs no second key.
    told["name_key_zh"] = f"{doc.name_key_zh}\x01{doc.id:012d}"
    told["name_key_en"] = f"{doc.name_key_en}\x01{doc.id:012d}"
    # The engine multiplies by log2(2 + value); this makes it multiply by quality ÷ 0.25.
    told["qw"] = math.pow(2, doc.quality / 0.25) - 2
    return tantivy.Document.from_dict(told | _numbers(doc), SCHEMA)


def _numbers(doc: Doc) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id_num": doc.id,
        "ver": doc.version,
        "digest": doc.digest,
        "age_min": doc.age_min,
        "age_max": doc.age_max,
        "verified_day": doc.verified_day,
        "verified_order": doc.verified_day << _ID_BITS | ((1 << _ID_BITS) - 1 - doc.id),
        "npt": len(doc.points),
    }
    told |= {name: pack(*point) for name, point in zip(POINTS, doc.points, strict=False)}
    if len(doc.points) > MAX_POINTS:
        told["more"] = " ".join(str(pack(*point)) for point in doc.points[MAX_POINTS:])
    return told


class Reader:
    """One opened index; it looks at `meta.json` per request instead of watching in a thread."""

    def __init__(self, folder: Path) -> None:
        """Open and register the tokenizer, without which every write would fail."""
        self._meta = folder / "meta.json"
        self.index = tantivy.Index.open(str(folder))
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.index.register_tokenizer(_TOKENIZER, analyzer)
        self.index.config_reader("manual")
        self._seen = -1
        self._searcher: tantivy.Searcher | None = None

    def searcher(self) -> tantivy.Searcher:
        """Return a searcher on the last commit."""
        written = self._meta.stat().st_mtime_ns
        if written != self._seen or self._searcher is None:
            self.index.reload()
            self._searcher, self._seen = self.index.searcher(), written
        return self._searcher

    def versions(self, ids: Iterable[int]) -> dict[int, int]:
        """Return the stored versions of documents."""
        wanted = [str(id_) for id_ in ids]
        if not wanted:
            return {}
        searcher = self.searcher()
        query = tantivy.Query.term_set_query(SCHEMA, "key", wanted)
        hits = searcher.search(query, limit=len(wanted) * 2, count=False).hits
        addresses = [address for _, address in hits]
        found = zip(
            searcher.fast_field_values("id_num", addresses),
            searcher.fast_field_values("ver", addresses),
            strict=True,
        )
        return {int(id_ or 0): int(version or 0) for id_, version in found}
