"""The fields of the cluster's index and how a document is written into them.

Only types and analyzers of the server's core; the analyzer splits finished tokens at blanks and
does no linguistics.
"""

import hashlib
import json
from typing import Any

from search.analysis import ANALYZER_VERSION
from search.documents.doc import CELL_SIZES, SCHEMA_VERSION, Doc

TEXTS = ("name_t", "tax_t", "body_t")
CODES = (
    "term", "main_term", "category", "population", "org", "org_type", "sector", "area", "covers",
    "language", "fee", "application", "accessibility", "availability", "status", "audience",
    "modes", "sched",
)  # fmt: skip

_TEXT = {"type": "text", "analyzer": "whitespace", "index_options": "docs", "norms": False}
_CODE = {"type": "keyword"}
# What is only sorted or summed needs no index of its own.
_COLUMN = {"type": "long", "index": False}
_NUMBER = {"type": "integer"}

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "_source": {"enabled": False},
    "properties": {
        **dict.fromkeys(TEXTS, _TEXT),
        # Every token once: admission asks it instead of three fields, and it counts the tokens.
        "all_t": _CODE,
        **dict.fromkeys((*CODES, *CELL_SIZES), _CODE),
        "name_key_zh": {"type": "keyword", "index": False},
        "name_key_en": {"type": "keyword", "index": False},
        "id_num": {"type": "long"},
        "ver": _COLUMN,
        "digest": _COLUMN,
        # The id where there is a point, else 0: equal distances are ordered by id and what has
        # no distance by score.
        "tie": _COLUMN,
        **dict.fromkeys(("age_min", "age_max", "verified_day"), _NUMBER),
        "quality": {"type": "float", "index": False},
        "points": {"type": "geo_point"},
        "listed": {"type": "boolean"},
    },
}
# One shard counts exactly. While it is built nobody reads it.
BUILDING = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "refresh_interval": "-1",
    # A node that comes back soon is not worth a minute without a second copy.
    "unassigned.node_left.delayed_timeout": "0s",
}
LIVE = {"auto_expand_replicas": "0-2", "refresh_interval": "1s"}


def fingerprint() -> str:
    """Return what an index depends on besides its content: an other one cannot be read."""
    made_by = [ANALYZER_VERSION, SCHEMA_VERSION, MAPPING]
    return hashlib.blake2b(json.dumps(made_by).encode(), digest_size=4).hexdigest()


def document(doc: Doc) -> dict[str, Any]:
    """Return a document as the index takes it."""
    told: dict[str, Any] = {name: getattr(doc, name) for name in TEXTS}
    told["all_t"] = list(dict.fromkeys(" ".join(told.values()).split()))
    told |= {name: list(getattr(doc, name)) for name in CODES}
    told |= {name: list(doc.cells(name)) for name in CELL_SIZES}
    return told | {
        "name_key_zh": doc.name_key_zh,
        "name_key_en": doc.name_key_en,
        "id_num": doc.id,
        "ver": doc.version,
        "digest": doc.digest,
        "tie": doc.id if doc.points else 0,
        "age_min": doc.age_min,
        "age_max": doc.age_max,
        "verified_day": doc.verified_day,
        "quality": doc.quality,
        "points": [[lon, lat] for lat, lon in doc.points],
        "listed": True,
    }


def tombstone(id_: int, version: int) -> dict[str, Any]:
    """Return what stays of a removed document, so that a late write cannot revive it."""
    return {"id_num": id_, "ver": version, "listed": False}
