"""The main navigation: what the roles of a person open, with counts from above."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.models import User
from accounts.permissions import CASEWORK, Permission
from accounts.queries import health


class Place(NamedTuple):
    """One entry: a page, its word, and the permissions of which one opens it."""

    url: str
    label: object
    permissions: frozenset[Permission]


PLACES = (
    Place("reports:work", _("My work"), CASEWORK),
    Place("reports:board", _("Board"), frozenset({Permission.REFERRAL_COORDINATE})),
    Place("casefiles:clients", _("Clients"), CASEWORK),
    Place(
        "casefiles:access",
        _("Access to files"),
        frozenset({Permission.ACCESS_APPROVE, Permission.PRIVACY_HANDLE}),
    ),
    Place("handoffs:referrals", _("Referrals"), frozenset({Permission.REFERRAL_PREPARE})),
    Place("handoffs:inbox", _("Inbox"), frozenset({Permission.REFERRAL_ANSWER})),
    Place("upkeep:listings", _("Our listings"), frozenset({Permission.LISTING_EDIT})),
    Place("upkeep:checks", _("Call list"), frozenset({Permission.LISTING_VERIFY})),
    Place("upkeep:moderation", _("Proposals"), frozenset({Permission.LISTING_MODERATE})),
    Place("catalogue:restrictions", _("Restrictions"), frozenset({Permission.RESTRICTION_EDIT})),
    Place("accounts:users", _("Users"), frozenset({Permission.USER_MANAGE})),
    Place("accounts:access_log", _("Access log"), frozenset({Permission.AUDIT_READ})),
    Place("accounts:outbox", _("Outbox"), frozenset({Permission.SETTINGS_EDIT})),
    Place("core:system", _("System"), frozenset({Permission.SETTINGS_EDIT})),
    Place("search:results", _("Find services"), frozenset(Permission)),
)
COUNTS: dict[str, Callable[[User], int]] = {}


def count(url: str, function: Callable[[User], int]) -> None:
    """Register how many things wait behind an entry; called by the application that knows."""
    COUNTS[url] = function


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give templates `nav`, `notices` and `alerts`; nothing is read before a template asks."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"nav": [], "notices": 0, "alerts": []}
    return {
        "alerts": cache(_alerts),
        "nav": cache(lambda: entries(user, request.path)),
        "notices": cache(lambda: queries.unread(user)),
    }


def entries(user: User, path: str = "") -> list[dict[str, object]]:
    """Return the places that a person's permissions open, in the order of the table."""
    places = [
        (url, place)
        for place in PLACES
        if any(map(user.may, place.permissions)) and (url := _address(place.url))
    ]
    # A page below two entries belongs to the nearer one.
    here = max((url for url, _place in places if path.startswith(url)), key=len, default="")
    return [
        {
            "url": url,
            "label": place.label,
            "count": COUNTS[place.url](user) if place.url in COUNTS else 0,
            "current": url == here,
        }
        for url, place in places
    ]


def _alerts() -> list[dict[str, object]]:
    """Tell everybody who works here when nothing is sent or reminded."""
    if not health.is_standing_still():
        return []
    text = _("Reminders and messages wait: the part that sends them stands still.")
    return [{"role": "warn", "text": text, "url": "", "action": ""}]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        # The application behind the entry is not installed.
        return ""
