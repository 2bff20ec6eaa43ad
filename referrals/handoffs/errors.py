"""What a referral refuses, each with a stable code."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, NotPermitted


class IllegalTransition(Conflict):
    """The table has no such arrow from where the referral stands."""

    code = "illegal_transition"

    def __init__(self, message: object = _("This step is not possible from where it stands.")):
        """Use one sentence for every missing arrow."""
        super().__init__(message)


class WrongActor(NotPermitted):
    """The arrow exists, but it belongs to somebody else."""

    code = "wrong_actor"

    def __init__(self, message: object = _("This step belongs to somebody else.")):
        """Use one sentence where no better one is known."""
        super().__init__(message)


class GuardFailed(DomainError):
    """What must hold before the step does not hold; names everything that fails at once."""

    code = "guard_failed"
    status = 422


class ClassNotAllowed(DomainError):
    """A packet may never hold this kind of data for this kind of service."""

    code = "class_not_allowed"
    status = 422


class DuplicateOpen(Conflict):
    """The same need already has an open referral to the same service."""

    code = "duplicate_open"

    def __init__(
        self, message: object = _("This need already has an open referral to this service.")
    ):
        """Use one sentence."""
        super().__init__(message)


class RemindedToday(Conflict):
    """The other side has been reminded within a day."""

    code = "reminded_today"

    def __init__(self, message: object = _("A reminder has gone out in the last 24 hours.")):
        """Use one sentence."""
        super().__init__(message)


class LinkRefused(DomainError):
    """The link is unknown, over, used up or locked; the page says the same for all of them."""

    code = "link_refused"
    status = 410

    def __init__(self, message: object = _("This link does not open anything any more.")):
        """Use one sentence, so that nobody learns which links exist."""
        super().__init__(message)
