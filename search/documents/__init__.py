"""From a service to its document."""

from search.documents.building import (
    EPOCH,
    LISTED,
    NATION,
    Batch,
    build,
    verified_day,
)
from search.documents.doc import Doc

__all__ = ["EPOCH", "LISTED", "NATION", "Batch", "Doc", "build", "verified_day"]
