"""What accounts refuses, each with a stable code."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class RateLimited(DomainError):
    """A budget is spent; `retry_after` says in how many seconds the next window opens."""

    code: ClassVar[str] = "rate_limited"
    status: ClassVar[int] = 429

    def __init__(self, retry_after: int) -> None:
        """Say one sentence for every budget, so that nothing is given away."""
        super().__init__(_("Too many attempts. Please wait a little and try again."))
        self.retry_after = retry_after


class IdempotencyKeyMissing(DomainError):
    """An act that must not happen twice came without its key."""

    code: ClassVar[str] = "idempotency_key_missing"
    status: ClassVar[int] = 400

    def __init__(self) -> None:
        """Name the header."""
        super().__init__(_("Send the header Idempotency-Key with 1 to 255 printable characters."))


class IdempotencyMismatch(DomainError):
    """The key was used before, for something else."""

    code: ClassVar[str] = "idempotency_mismatch"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        """Tell programs and people alike."""
        super().__init__(_("This was already sent with other content. Reload the page."))


class IdempotencyInFlight(DomainError):
    """The first request with the key is still running."""

    code: ClassVar[str] = "idempotency_in_flight"
    status: ClassVar[int] = 409
    retry_after = 1

    def __init__(self) -> None:
        """Ask for a moment of patience."""
        super().__init__(_("This is just being done. Please wait a moment."))


class SeparationOfRoles(DomainError):
    """System administrator, security administrator and auditor are three different people."""

    code: ClassVar[str] = "separation_of_roles"

    def __init__(self) -> None:
        """Say the rule."""
        super().__init__(
            _(
                "One person may be only one of system administrator, security administrator "
                "and auditor."
            )
        )


class RoleReach(DomainError):
    """Some roles belong to an organization, some to the whole network."""

    code: ClassVar[str] = "role_reach"

    def __init__(self) -> None:
        """Say the rule."""
        super().__init__(
            _("This role is held either in an organization or in the whole network: choose again.")
        )


class PartnerBlocked(DomainError):
    """Something is missing before a partner's account may go live."""

    code: ClassVar[str] = "partner_blocked"

    def __init__(self, blockers: list[object]) -> None:
        """List what is missing."""
        super().__init__(
            _("This partner's account cannot go live yet."),
            errors=[{"detail": str(blocker)} for blocker in blockers],
        )
