"""What doors of referrals share: the cookie of a secret link, the count of what is sent."""

from typing import NamedTuple
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.operations import limits
from directory.catalogue.models import Organization
from referrals.handoffs import queries
from referrals.handoffs.models import AccessLink
from referrals.handoffs.states import Event, LinkKind

# Long enough to read and answer, short enough for a shared computer.
MINUTES = 30
SALT = "handoffs.link"
PATHS = {LinkKind.RECIPIENT: "handoffs:answer", LinkKind.CLIENT: "handoffs:status"}
NEW, OPENED, PROVED = "new", "opened", "proved"
SENDINGS = frozenset({Event.SEND, Event.APPROVE})


class Held(NamedTuple):
    """The link that a cookie names, live or not, and how far its holder has come."""

    link: AccessLink | None
    stage: str

    @property
    def is_open(self) -> bool:
        """Say whether the link opens something now."""
        return self.link is not None and queries.is_live(self.link)

    @property
    def is_proved(self) -> bool:
        """Say whether the second factor was given within this half hour."""
        return self.is_open and self.stage == PROVED


def held(request: HttpRequest, kind: str) -> Held:
    """Read the cookie; what it names is looked up anew, so that withdrawal acts at once."""
    try:
        uid, stage = signing.loads(
            request.COOKIES.get(_name(kind), ""), salt=SALT, max_age=MINUTES * 60
        )
    except (signing.BadSignature, ValueError):
        return Held(None, NEW)
    return Held(queries.by_uid(uid, kind), str(stage))


def keep(response: HttpResponse, kind: str, link: AccessLink | None, *, stage: str) -> HttpResponse:
    """Set the cookie; a token that nobody gave out gets one that looks the same."""
    uid = str(link.uid if link is not None else uuid4())
    response.set_cookie(
        _name(kind),
        signing.dumps([uid, stage], salt=SALT),
        max_age=MINUTES * 60,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        # Strict cookies would be left out after the redirect from a mail.
        samesite="Lax",
    )
    return response


def drop(response: HttpResponse, kind: str) -> HttpResponse:
    """Forget the link on a shared computer."""
    response.delete_cookie(_name(kind), path="/")
    return response


def sealed(response: HttpResponse) -> HttpResponse:
    """Keep a link page out of caches and indexes."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def page_of(kind: str) -> str:
    """Return the address without a token behind which a link's pages are."""
    return reverse(PATHS[LinkKind(kind)])


def _name(kind: str) -> str:
    return f"link_{kind}"


def count_sending(sender: Organization, event: str) -> None:
    """Count what an organization sends in a day; beyond it somebody has to look (429).

    Called by every door, page or API, before the transaction of the step.
    """
    if event in SENDINGS:
        limits.hit("referral_sent", str(sender.uid))
