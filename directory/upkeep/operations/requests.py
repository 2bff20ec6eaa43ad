"""Ask providers by message, with a link that anybody at the address may answer."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited, message
from core import jobs
from core.crypto import blind_index
from core.errors import Conflict
from directory.upkeep import notifications, queries
from directory.upkeep.models import RequestLine, VerificationRequest, VerificationTask
from directory.upkeep.models.request import OPENS
from directory.upkeep.queries import Address
from directory.upkeep.states import RequestState

LIFE = timedelta(days=30)
# Listings of the same address that would be asked within two weeks come along.
TOGETHER = timedelta(days=14)
KNOWN_FOR = timedelta(days=30)


def fingerprint(token: str) -> str:
    """Return what is stored of a secret link."""
    return hashlib.sha256(token.encode()).hexdigest()


def ask(tasks: Iterable[VerificationTask], *, by: User, address: Address) -> bool:
    """Send one message for all these checks; False where the address was written to today."""
    waiting = list(tasks)
    token = secrets.token_urlsafe(32)
    now = jobs.now()
    organization = waiting[0].service.organization
    contact = address.contact
    try:
        with audited(by=by, action="request.ask", on=organization, lines=len(waiting)):
            request = VerificationRequest.objects.create(
                organization=organization,
                contact=contact,
                address_hash=blind_index("upkeep.address", address.address.lower()),
                channel="mail",
                day=jobs.today(),
                token_hash=fingerprint(token),
                state=RequestState.SENT,
                is_known=bool(contact and contact.created_at <= now - KNOWN_FOR),
                expires_at=now + LIFE,
            )
            for task in waiting:
                RequestLine.objects.create(request=request, task=task, step=task.step)
            message.queue(
                f"upkeep.request:{request.uid}",
                to=f"mailto:{address.address}",
                template=notifications.CONFIRM,
                link=reverse("upkeep:confirm_enter", args=[token]),
            )
    except IntegrityError:
        return False
    return True


def use(request: VerificationRequest, *, by: User, name: str, role: str) -> None:
    """Count a post on a link and keep who answered; a link that is used up refuses."""
    with audited(by=by, action="request.use", on=request):
        used = VerificationRequest.objects.filter(pk=request.pk, posts__lt=OPENS).update(
            posts=F("posts") + 1,
            state=RequestState.ANSWERED,
            answered_by=name,
            answered_role=role,
        )
        if not used:
            raise Conflict(_("This link has been used too often. Please ask for a new one."))
    request.refresh_from_db()


def revoke(request: VerificationRequest, *, by: User) -> None:
    """Make a link useless: the contact is not the provider's, or the listing has a new owner."""
    with audited(by=by, action="request.revoke", on=request):
        VerificationRequest.objects.filter(pk=request.pk).update(state=RequestState.REVOKED)


def renew(request: VerificationRequest, *, by: User) -> bool:
    """Send a fresh link to the address on file, never to one that somebody types in."""
    tasks = [
        line.task
        for line in request.lines.select_related("task__service__organization")
        if line.task.state == "open"
    ]
    if not tasks:
        return False
    known = [
        one
        for one in queries.addresses(tasks[0].service)
        if blind_index("upkeep.address", one.address.lower()) == request.address_hash
    ]
    if not known:
        return False
    token = secrets.token_urlsafe(32)
    with audited(by=by, action="request.renew", on=request), transaction.atomic():
        VerificationRequest.objects.filter(pk=request.pk).update(
            token_hash=fingerprint(token),
            posts=0,
            state=RequestState.SENT,
            expires_at=jobs.now() + LIFE,
        )
        message.queue(
            f"upkeep.request:{request.uid}:{fingerprint(token)[:16]}",
            to=f"mailto:{known[0].address}",
            template=notifications.CONFIRM,
            link=reverse("upkeep:confirm_enter", args=[token]),
        )
    return True


def expire(request: VerificationRequest, *, by: User) -> None:
    """End a link whose days are over."""
    with audited(by=by, action="request.expire", on=request):
        VerificationRequest.objects.filter(pk=request.pk, expires_at__lte=jobs.now()).exclude(
            state__in=[RequestState.EXPIRED, RequestState.REVOKED]
        ).update(state=RequestState.EXPIRED)
