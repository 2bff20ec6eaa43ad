"""The errors that rules raise; doors turn them into problem documents and pages."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule says no; the message is a translated sentence that is safe to show."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, message: object = "", *, errors: list[dict[str, object]] | None = None):
        """Keep the sentence and, per field or guard, what failed."""
        super().__init__(message)
        self.message = message
        self.errors = errors or []

    def __str__(self) -> str:
        return str(self.message)


class NotPermitted(DomainError):
    """The thing is visible, but this act is not this user's to do."""

    code = "not_permitted"
    status = 403

    def __init__(self, message: object = _("This is not yours to do."), **kwargs: object):
        """Use a general sentence where the caller has no better one."""
        super().__init__(message, **kwargs)  # type: ignore[arg-type]  # keywords are passed through


class Conflict(DomainError):
    """Somebody was faster, or the state does not allow it any more."""

    code = "stale_version"
    status = 409


class PreconditionRequired(DomainError):
    """A change came without the version it was based on."""

    code = "precondition_required"
    status = 428


class UnscopedQuery(RuntimeError):
    """A table that reaches a client was read without saying for whom: a programming error."""
