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
from core.errors import Conflict
from directory.catalogue.operations import restrictions
from directory.catalogue.states import MatchKind, RestrictionKind
from directory.upkeep import notifications, queries
from directory.upkeep.models import RequestLine, VerificationRequest, VerificationTask
from directory.upkeep.models.request import OPENS
from directory.upkeep.operations import checks, doubts
from directory.upkeep.queries import Address
from directory.upkeep.states import Origin, RequestState, TaskState

LIFE = timedelta(days=30)
KNOWN_FOR = timedelta(days=30)
# How much an address that is not the provider's says against the contact data of a listing.
WRONG_ADDRESS = 2


def fingerprint(token: str) -> str:
    """Return what is stored of a secret link."""
    return hashlib.sha256(token.encode()).hexdigest()


def ask(
    tasks: Iterable[VerificationTask],
    *,
    by: User,
    address: Address,
    ahead: Iterable[VerificationTask] = (),
) -> bool:
    """Send one message for all these checks; False where the address was written to today.

    `ahead` are checks whose next question would follow soon: this message is that question.
    """
    waiting, early = list(tasks), list(ahead)
    token = secrets.token_urlsafe(32)
    now = jobs.now()
    organization = waiting[0].service.organization
    contact = address.contact
    try:
        with audited(by=by, action="request.ask", on=organization, lines=len(waiting) + len(early)):
            request = VerificationRequest.objects.create(
                organization=organization,
                contact=contact,
                address_hash=address.hash,
                channel="mail",
                day=jobs.today(),
                token_hash=fingerprint(token),
                state=RequestState.SENT,
                is_known=bool(contact and contact.created_at <= now - KNOWN_FOR),
                expires_at=now + LIFE,
            )
            RequestLine.objects.bulk_create(
                [RequestLine(request=request, task=task, step=task.step) for task in waiting]
                + [RequestLine(request=request, task=task, step=task.step + 1) for task in early]
            )
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


def disown(request: VerificationRequest, *, by: User) -> None:
    """Believe at once that an address is not the provider's: call, and look for the right one."""
    with audited(by=by, action="request.disown", on=request):
        _fall_silent(request, by=by, state=RequestState.REVOKED, reason="not_us")


def stop(request: VerificationRequest, *, by: User) -> None:
    """Write no more to an address that asks for it; a coordinator decides for how long."""
    with audited(by=by, action="request.stop", on=request):
        _fall_silent(request, by=by, state=RequestState.REVOKED)
        restrictions.enter(
            by=by,
            kind=RestrictionKind.DO_NOT_CONTACT,
            match_kind=MatchKind.UID,
            value=str(request.organization.uid),
            channels=["email"],
            label=request.organization.name[:200],
            reason=_("Asked by the link of a message to send no more messages."),
            requested_by=request.answered_by or _("Provider, by link"),
        )


def bounce(request: VerificationRequest, *, by: User) -> None:
    """Take note that a message came back: call, and look for the right address."""
    with audited(by=by, action="request.bounce", on=request):
        _fall_silent(request, by=by, state=RequestState.BOUNCED, reason="bounced")


def _fall_silent(request: VerificationRequest, *, by: User, state: str, reason: str = "") -> None:
    """End a link and go on by phone; with a reason the provider's contact data are doubted."""
    VerificationRequest.objects.filter(pk=request.pk).update(state=state)
    for line in request.lines.select_related("task__service__organization", "task__place"):
        task = line.task
        if task.state != TaskState.OPEN:
            continue
        checks.skip_messages(task, by=by)
        if reason:
            doubts.doubt(
                task.service, task.place, by=by, groups=["phone"], reason=reason,
                origin=Origin.BOUNCE, weight=WRONG_ADDRESS, key=f"request:{request.uid}:{task.uid}",
            )  # fmt: skip


def renew(request: VerificationRequest, *, by: User) -> bool:
    """Send a fresh link to the address on file, never to one that somebody types in."""
    tasks = [
        line.task
        for line in request.lines.select_related("task__service__organization")
        if line.task.state == "open"
    ]
    if not tasks:
        return False
    known = [one for one in queries.addresses(tasks[0].service) if one.hash == request.address_hash]
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
