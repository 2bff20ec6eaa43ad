"""Shared reads of the catalogue."""

from directory.catalogue.guards import actors, gaps
from directory.catalogue.models.paths import parse as path
from directory.catalogue.models.paths import read as value_at
from directory.catalogue.queries.effective import (
    Effective,
    Sourced,
    availability,
    calendar_around,
    effective,
)
from directory.catalogue.queries.listings import (
    Hotline,
    allowed,
    code_labels,
    codes,
    hotlines,
    is_number,
    redirected,
)
from directory.catalogue.queries.places import (
    PostcodePoint,
    geocoding_text,
    postcode_point,
    to_geocode,
)
from directory.catalogue.queries.referable import Referable, alternatives, referable
from directory.catalogue.queries.restrictions import (
    Subject,
    barred_channels,
    bars_anybody,
    match_value,
    may_list,
    register,
    restrictions_on,
    subject_of,
)
from directory.catalogue.queries.tree import TABLES, Tree
from directory.catalogue.queries.working import NoWorkingTime, due, work_calendar

__all__ = [
    "TABLES",
    "Effective",
    "Hotline",
    "NoWorkingTime",
    "PostcodePoint",
    "Referable",
    "Sourced",
    "Subject",
    "Tree",
    "actors",
    "allowed",
    "alternatives",
    "availability",
    "barred_channels",
    "bars_anybody",
    "calendar_around",
    "code_labels",
    "codes",
    "due",
    "effective",
    "gaps",
    "geocoding_text",
    "hotlines",
    "is_number",
    "match_value",
    "may_list",
    "path",
    "postcode_point",
    "redirected",
    "referable",
    "register",
    "restrictions_on",
    "subject_of",
    "to_geocode",
    "value_at",
    "work_calendar",
]
