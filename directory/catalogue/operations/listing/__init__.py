"""The life of a listing: made, shown, paused, closed, merged, changed, confirmed."""

from directory.catalogue.operations.listing.changes import change, write
from directory.catalogue.operations.listing.freshness import record_freshness, record_freshness_of
from directory.catalogue.operations.listing.life import (
    close,
    lapse,
    pause,
    publish,
    reject,
    reopen,
    resume,
    revise,
    submit,
    suspend,
)
from directory.catalogue.operations.listing.merging import merge, unmerge
from directory.catalogue.operations.listing.storing import store

__all__ = [
    "change",
    "close",
    "lapse",
    "merge",
    "pause",
    "publish",
    "record_freshness",
    "record_freshness_of",
    "reject",
    "reopen",
    "resume",
    "revise",
    "store",
    "submit",
    "suspend",
    "unmerge",
    "write",
]
