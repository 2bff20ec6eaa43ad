"""Keys of programs: made by their owner, narrow, and gone after 90 days at most."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

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
    longest = settings.REST_KNOX["TOKEN_TTL"]
    expiry = min(longest, timedelta(days=days)) if days else longest
    with audited(by=by, action="token.create", organization=organization) as record:
        token, text = Token.objects.create(by, expiry=expiry, name=name, organization=organization)
        record.on = token
    return token, text


def revoke(token: Token, *, by: User) -> None:
    """Void a token with the next request."""
    with audited(by=by, action="token.revoke", on=token):
        token.delete()
