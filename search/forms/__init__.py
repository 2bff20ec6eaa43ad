"""What may be asked: the same names for page and API."""

from search.forms.asked import Asked, AskedNames, TooDeep, read, read_suggest
from search.forms.limits import SearchThrottle, SuggestThrottle, language
from search.forms.parameters import MANY, SINGLE, Parameters, from_body, from_query

__all__ = [
    "MANY",
    "SINGLE",
    "Asked",
    "AskedNames",
    "Parameters",
    "SearchThrottle",
    "SuggestThrottle",
    "TooDeep",
    "from_body",
    "from_query",
    "language",
    "read",
    "read_suggest",
]
