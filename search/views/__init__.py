"""Pages of search, open to everybody."""

from search.views.home import HomePage, ReportGap, Suggestions
from search.views.results import ResultsPage

__all__ = ["HomePage", "ReportGap", "ResultsPage", "Suggestions"]
