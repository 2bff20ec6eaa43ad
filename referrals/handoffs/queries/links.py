"""Finding a link by its secret; what is stored cannot be turned back into one."""

import hashlib
from uuid import UUID

from django.db.models import QuerySet

from accounts.queries import system
from core.jobs import now
from referrals.handoffs.models import AccessLink, Referral
from referrals.handoffs.states import LinkKind

OPENS = 50


def token_hash(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_token(token: str, kind: str) -> AccessLink | None:
    """Return the link of a token, live or not."""
    return _links().filter(token_hash=token_hash(token), kind=kind).first()


def by_uid(uid: UUID | str, kind: str) -> AccessLink | None:
    """Return the link that a cookie names, live or not."""
    return _links().filter(uid=uid, kind=kind).first()


def is_live(link: AccessLink) -> bool:
    """Say whether the link opens anything now."""
    return link.revoked_at is None and link.expires_at > now() and link.opens <= OPENS


def live_link(referral: Referral, kind: str = LinkKind.RECIPIENT) -> AccessLink | None:
    """Return the link that a recipient or client can use now."""
    found: AccessLink | None = (
        referral.links.filter(kind=kind, revoked_at=None, expires_at__gt=now())
        .order_by("-pk")
        .first()
    )
    return found


def _links() -> QuerySet[AccessLink]:
    # The secret is the right: whoever holds it is nobody that the product knows.
    found: QuerySet[AccessLink] = AccessLink.objects.visible_to(system()).select_related(
        "referral__client__key",
        "referral__service__organization",
        "referral__sender_org",
        "referral__sender",
        "referral__recipient_org",
        "referral__off_platform_contact__organization",
    )
    return found
