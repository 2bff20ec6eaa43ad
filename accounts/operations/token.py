"""Keys of programs: made by their owner, narrow, and gone after 90 days at most."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import get_digest_token
from knox.settings import CONSTANTS, knox_settings

from accounts.models import Token, User
from accounts.operations.audit import audited
from core.errors import NotPermitted


def issue(
    *, by: User, name: str, organization: models.Model | None = None, days: int | None = None
) -> tuple[Token, str]:
    """Make a token that counts in one organization of its owner; its text is shown once."""
    wanted = organization.pk if organization is not None else None
    if wanted not in {held.organization_id for held in by.held}:
        raise NotPermitted(_("You hold no role there."))
    longest: timedelta = knox_settings.TOKEN_TTL
    digest, text = get_digest_token()
    with audited(by=by, action="token.create", organization=organization) as record:
        record.on = token = Token.objects.create(
            user=by,
            name=name,
            organization_id=wanted,
            digest=digest,
            token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH],
            # On knox's clock, which compares it.
            expiry=timezone.now() + min(longest, timedelta(days=days) if days else longest),
        )
    return token, text


def revoke(token: Token, *, by: User) -> None:
    """Void a token with the next request."""
    with audited(by=by, action="token.revoke", on=token):
        token.delete()
