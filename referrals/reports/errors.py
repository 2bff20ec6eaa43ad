"""What reports refuse, each with a stable code."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError


class FactsMissing(DomainError):
    """The act needs more to be said; `errors` names the fields."""

    code = "facts_missing"

    @classmethod
    def of(cls, *fields: str) -> "FactsMissing":
        """Name the fields that are missing."""
        sentence = _("Please fill this in.")
        return cls(
            _("Something that this needs is missing."),
            errors=[{"field": name, "code": "required", "detail": sentence} for name in fields],
        )


class InvalidFacts(DomainError):
    """What was said cannot be right; `errors` names the field."""

    code = "invalid"

    @classmethod
    def of(cls, field: str, sentence: object) -> "InvalidFacts":
        """Name the field and what is wrong with it."""
        return cls(sentence, errors=[{"field": field, "code": "invalid", "detail": sentence}])


class AlreadyDone(Conflict):
    """Somebody has settled this follow-up, or it was answered before."""

    code = "already_done"

    def __init__(self, message: object = _("This has been done already. Reload to see it.")):
        """Use one sentence where no better one is known."""
        super().__init__(message)
