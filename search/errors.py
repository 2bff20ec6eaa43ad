"""What search refuses, each with a stable code."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class SearchUnavailable(DomainError):
    """No engine can answer now; crisis numbers and look-ups by name still do."""

    code = "search_unavailable"
    status = 503
    retry_after = 15

    def __init__(self, message: object = _("The search is not available at the moment.")) -> None:
        """Say it in general words; the reason goes to the log."""
        super().__init__(message)
