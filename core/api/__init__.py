"""What every endpoint shares: strict input, numbered pages, problem documents, preconditions."""

from core.api.health import detail, live, ready
from core.api.input import (
    Filters,
    StrictJSONParser,
    check_parameters,
    client_ip,
    etag,
    if_match,
    posted_version,
)
from core.api.pages import Pages
from core.api.problems import document_problems, problem

__all__ = [
    "Filters",
    "Pages",
    "StrictJSONParser",
    "check_parameters",
    "client_ip",
    "detail",
    "document_problems",
    "etag",
    "if_match",
    "live",
    "posted_version",
    "problem",
    "ready",
]
