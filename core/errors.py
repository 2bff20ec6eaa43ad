"""The errors that rules raise; doors turn them into problem documents and pages."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule says no; the message is a translated sentence that is safe to show."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    retry_after: int | None = None

    def __init__(self, message: object = "", *, errors: Sequence[Mapping[str, object]] = ()):
        """Keep the sentence and, per field or guard, what failed."""
        super().__init__(message)
        self.message = message
        self.errors = list(errors)

    def __str__(self) -> str:
        return str(self.message)

    def document(self, request_id: str = "") -> dict[str, Any]:
        """Return the problem document that an API answers with."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": str(self.message),
            "errors": self.errors,
            "request_id": request_id,
        }


class InvalidParameter(DomainError):
    """The query or the body names something unknown, twice, or out of range."""

    code = "invalid_parameter"
    status = 400

    def __init__(self, message: object = "", *, parameter: str = "", **kwargs: Any):
        """Name the parameter, so that the caller knows what to correct."""
        if parameter:
            kwargs.setdefault("errors", [{"parameter": parameter, "detail": str(message)}])
        super().__init__(message, **kwargs)


class Malformed(DomainError):
    """The request cannot be read."""

    code = "malformed"
    status = 400

    def __init__(self, message: object = _("The request cannot be read."), **kwargs: Any):
        """Use a general sentence where the caller has no better one."""
        super().__init__(message, **kwargs)


class NotFound(DomainError):
    """There is no such thing, or none that this user may see: both look the same."""

    code = "not_found"
    status = 404

    def __init__(
        self, message: object = _("Nothing was found here that you may see."), **kwargs: Any
    ):
        """Use a general sentence where the caller has no better one."""
        super().__init__(message, **kwargs)


class NotPermitted(DomainError):
    """The thing is visible, but this act is not this user's to do."""

    code = "not_permitted"
    status = 403

    def __init__(self, message: object = _("This is not yours to do."), **kwargs: Any):
        """Use a general sentence where the caller has no better one."""
        super().__init__(message, **kwargs)


class Conflict(DomainError):
    """Somebody was faster, or the state does not allow it any more."""

    code = "stale_version"
    status = 409


class AlreadyThere(Conflict):
    """A row that may exist once exists already (rule WR3)."""

    code = "already_there"


class PreconditionRequired(DomainError):
    """A change came without the version it was based on."""

    code = "precondition_required"
    status = 428


class Busy(DomainError):
    """The database had no time; nothing was changed, so the same request may come again."""

    code = "busy"
    status = 503
    retry_after = 1


class Broken(DomainError):
    """A fault of ours; the request id leads to the log line."""

    code = "broken"
    status = 500

    def __init__(self, message: object = _("Something broke on our side."), **kwargs: Any):
        """Say no more: the rest stands in the log."""
        super().__init__(message, **kwargs)


class StorageFull(Busy):
    """No space is left; reading goes on, nothing half-written stays."""

    code = "storage_full"
    retry_after = 60


class UnscopedQuery(RuntimeError):
    """A table that reaches a client was read without saying for whom: a programming error."""


# What the two databases call it: the SQLSTATE of PostgreSQL, the result code of SQLite.
REFUSALS: tuple[tuple[type[DomainError], object, tuple[str, ...]], ...] = (
    (
        AlreadyThere,
        _("This exists already. Reload to see it."),
        ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"),
    ),
    (
        StorageFull,
        _("No space is left, so nothing was saved. Tell the administrator."),
        ("53100", "SQLITE_FULL"),
    ),
    (
        Busy,
        _("The system is busy and changed nothing. Try again in a moment."),
        # Deadlock, serialization, lock and statement time-outs, no connection left, server gone.
        (
            *("40", "55P03", "57014", "53300", "57P0", "08"),
            *("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR"),
        ),
    ),
)


def as_domain_error(error: BaseException) -> DomainError | None:
    """Return what a rule or the database refused; None for a fault of ours (WR3, WR5)."""
    if isinstance(error, DomainError):
        return error
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    cause = error.__cause__
    sqlite = getattr(cause, "sqlite_errorname", None)
    # A server that cannot be reached gives no state at all.
    down = "08" if isinstance(error, OperationalError | InterfaceError) and not sqlite else ""
    if sqlite == "SQLITE_CONSTRAINT_TRIGGER" and str(cause).startswith("UNIQUE"):
        sqlite = "SQLITE_CONSTRAINT_UNIQUE"
    state = sqlite or getattr(cause, "sqlstate", None) or down
    for kind, sentence, states in REFUSALS:
        if state and state.startswith(states):
            return kind(sentence)
    return None
