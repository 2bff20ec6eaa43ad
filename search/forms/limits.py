"""How often one address may search, and in which language it is answered."""

from accounts.http import ReadThrottle
from core.templatetags.words import page_language


class SearchThrottle(ReadThrottle):
    """Sixty searches a minute from one address."""

    per_minute, scope, methods = 60, "search:", ("GET", "POST")


class SuggestThrottle(ReadThrottle):
    """Suggestions come with every letter."""

    per_minute, scope, methods = 300, "suggest:", ("GET", "POST")


def language() -> str:
    """Return the language of the answer as search names it."""
    return "en" if page_language() == "en" else "zh"
