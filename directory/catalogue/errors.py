"""What the catalogue refuses, each with a stable code."""

from typing import ClassVar

from core.errors import Conflict, DomainError


class InvalidListing(DomainError):
    """Some of what was written cannot be kept; `errors` name field and reason."""

    code: ClassVar[str] = "invalid"


class IncompleteListing(DomainError):
    """The listing lacks what readers need before it may be shown; `errors` name the gaps."""

    code: ClassVar[str] = "incomplete"


class DuplicateRecord(Conflict):
    """The directory has this record already."""

    code: ClassVar[str] = "duplicate"


class Restricted(DomainError):
    """Somebody asked not to be listed, and the register remembers."""

    code: ClassVar[str] = "restricted"


class NobodyDecides(DomainError):
    """No room takes proposals, so a change that needs approval has nowhere to wait."""

    code: ClassVar[str] = "not_reviewed"
