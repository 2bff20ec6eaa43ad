"""What a step must be told: one list for the check, the form and the API."""

from typing import NamedTuple, Self


class Fact(NamedTuple):
    """One value of a step; `text` is kept sealed, everything else is a code or an instant."""

    name: str
    kind: str  # text, code, date, instant, number, flag, classes, outcomes, results, uid
    required: bool = True
    codes: str = ""
    max_length: int = 2000

    @classmethod
    def text(cls, name: str, *, required: bool = True, max_length: int = 2000) -> Self:
        """Ask for words about or for a person."""
        return cls(name, "text", required, max_length=max_length)

    @classmethod
    def note(cls, *, required: bool = False) -> Self:
        """Ask for words that explain a reason."""
        return cls.text("note", required=required)

    @classmethod
    def code(cls, name: str, codes: str, *, required: bool = True) -> Self:
        """Ask for a row of a code set."""
        return cls(name, "code", required, codes)

    @classmethod
    def date(cls, name: str, *, required: bool = True) -> Self:
        """Ask for a civil day."""
        return cls(name, "date", required)

    @classmethod
    def instant(cls, name: str, *, required: bool = True) -> Self:
        """Ask for a moment."""
        return cls(name, "instant", required)

    @classmethod
    def number(cls, name: str, *, required: bool = False) -> Self:
        """Ask for a whole number from 0."""
        return cls(name, "number", required)

    @classmethod
    def flag(cls, name: str) -> Self:
        """Offer a tick."""
        return cls(name, "flag", required=False)


QUESTION = (Fact.text("question"),)
INFORMATION = (
    Fact.text("answer"),
    Fact("classes", "classes", required=False),
    Fact("details", "details", required=False),
)
ACCEPTANCE = (
    Fact.text("contact_name", max_length=80),
    Fact.date("expected_contact_on"),
    Fact.number("capacity_left"),
)
WAITING = (Fact.date("review_on"), Fact.number("position"), Fact.number("estimate_days"))
REFUSAL = (
    Fact.code("reason", "decline_reason"),
    Fact.note(),
    Fact("suggested_service", "uid", required=False),
)
START = (Fact.instant("first_contact_at"),)
HOLD = (Fact.code("reason", "hold_reason"), Fact.date("resume_on"), Fact.note())
OUTCOME = (
    Fact("outcomes", "outcomes"),
    Fact.date("service_ended_on", required=False),
    Fact.flag("ongoing"),
    Fact.instant("first_contact_at", required=False),
    Fact.note(),
)
FAILURE = (Fact.code("reason", "fail_reason"), Fact.note())
VERIFICATION = (
    Fact.code("verification", "outcome_verification"),
    Fact("results", "results"),
    Fact.note(),
)
CANCELLATION = (Fact.code("reason", "cancel_reason"), Fact.note())
REOPENING = (Fact.code("reason", "reopen_reason"), Fact.note())
VOIDING = (Fact.code("reason", "void_reason"), Fact.note())
ATTEMPT = (
    Fact.code("method", "contact_method"),
    Fact.code("result", "contact_result"),
    Fact.instant("at", required=False),
)
MEETING = (Fact.instant("at"), Fact.text("place", required=False, max_length=200))
MEETING_REF = (Fact("appointment", "uid", required=False),)
