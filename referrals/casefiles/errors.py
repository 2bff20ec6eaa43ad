"""What casefiles refuse, each with a stable code."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, NotPermitted


class IllegalTransition(Conflict):
    """The table has no such arrow."""

    code = "illegal_transition"


class FactsMissing(DomainError):
    """The act needs more to be said; `errors` names the fields."""

    code = "facts_missing"

    @classmethod
    def of(cls, *fields: str) -> "FactsMissing":
        """Name the fields that are missing."""
        sentence = _("Something that this needs is missing.")
        return cls(
            sentence,
            errors=[{"field": name, "code": "required", "detail": sentence} for name in fields],
        )


class InvalidFacts(DomainError):
    """What was said cannot be right; `errors` names the field."""

    code = "invalid"

    @classmethod
    def of(cls, field: str, sentence: object) -> "InvalidFacts":
        """Name the field and what is wrong with it."""
        return cls(sentence, errors=[{"field": field, "code": "invalid", "detail": sentence}])


class BasisMissing(DomainError):
    """No consent and no legal basis covers what would be provided."""

    code = "basis_missing"


class ClassNotAllowed(DomainError):
    """The recipient's category may never be given this class."""

    code = "class_not_allowed"


class CaseBlocked(DomainError):
    """Something is still open; `errors` names the blockers."""

    code = "case_blocked"


class ErasureRefused(Conflict):
    """Something still needs the person's data; `errors` names it."""

    code = "erasure_refused"


class StageNotReady(DomainError):
    """The stage asks for something that is not done; `errors` names it."""

    code = "stage_not_ready"


class AccessEnded(NotPermitted):
    """The grant was revoked or has run out: nothing is shown any more."""

    code = "access_ended"


class DuplicateNumber(Conflict):
    """Another file has this number."""

    code = "duplicate_number"


class AlreadyDecided(Conflict):
    """Somebody has answered this already."""

    code = "already_decided"
