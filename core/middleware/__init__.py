"""What every request passes: id, headers, language, log line; a broken rule as a page."""

from core.middleware.language import LanguageMiddleware
from core.middleware.logs import JSONFormatter, Redact
from core.middleware.problems import ProblemMiddleware
from core.middleware.requests import RequestMiddleware

__all__ = [
    "JSONFormatter",
    "LanguageMiddleware",
    "ProblemMiddleware",
    "Redact",
    "RequestMiddleware",
]
