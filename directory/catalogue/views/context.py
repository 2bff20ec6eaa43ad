"""What the pages of a listing show, in words: badges, banners, hours, the schematic."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.permissions import Permission, Role
from core.jobs import today
from directory.catalogue import exports
from directory.catalogue.models import Service
from directory.catalogue.queries import words
from directory.catalogue.queries.pages import ListingView, PlaceView
from directory.catalogue.states import (
    MEASURED,
    Availability,
    ListingStatus,
    Reason,
    ReferralMode,
    Sensitivity,
    State,
)
from directory.geography.coordinates import Point
from directory.geography.schematic import Name, Pin, draw

# A page that somebody reads in danger can be left at once for one that tells nothing.
EXIT: Final = {"CN": "https://www.weather.com.cn/", "US": "https://www.weather.gov/"}
DANGEROUS: Final = ("FM", "MH", "CR")
# The schematic beside the text, and across a paper.
UPRIGHT: Final = (368, 430)
WIDE: Final = (640, 300)
# No referral goes where people apply by themselves, or where an entry only informs.
REFUSING: Final = frozenset({ReferralMode.SELF_ONLY, ReferralMode.NONE})
SOFT: Final = frozenset({Reason.UNCONFIRMED, Reason.UNREACHABLE})


def listing_context(
    request: HttpRequest, view: ListingView, *, size: tuple[int, int] = UPRIGHT
) -> dict[str, Any]:
    """Return what the page of a listing shows, in words."""
    here = view.here
    ordered = [here, *(each for each in view.places if each is not here)]
    first, *elsewhere = (place_context(view, each) for each in ordered)
    spots = [(each.location, view.service.text("name")[0]) for each in ordered]
    _number([first, *elsewhere])
    return {
        "view": view,
        "service": view.service,
        "organization": view.organization,
        "here": first,
        "elsewhere": elsewhere,
        "phones": here.facts.phones if view.is_reachable else [],
        "contacts": here.facts.contacts if view.is_reachable else [],
        "conditions": words.conditions(view),
        "waiting": words.waiting(view),
        "availability": _availability(view),
        "verified": _verified(view),
        "banner": _banner(view),
        "exit": EXIT.get(settings.COUNTRY, "") if is_sensitive(view) else "",
        "is_indexed": view.service.state == State.ACTIVE and not is_sensitive(view),
        "can_edit": _may_edit(request, view.service),
        "can_refer": view.is_reachable and _may_refer(request, view),
        "map": schematic(spots, size) if view.is_reachable else "",
    }


def place_context(view: ListingView, each: PlaceView) -> dict[str, Any]:
    """Return one place in words."""
    location = each.location
    tz = next((row.tz for row in each.facts.schedules if row.tz), "")
    return {
        "view": each,
        "address": words.address(exports.street(each)),
        "hidden": bool(location and location.protected),
        "area": words.area(each.area),
        "geo": geo(location) if view.is_reachable else "",
        "route": location.text("transportation")[0] if location else "",
        "open": words.opening(each.status, tz),
        "days": words.week(each.week, today(tz or None)),
        "hours_text": [row for row in each.facts.schedules if row.raw_text or row.description],
        "special": words.special_days(each.ahead),
    }


def _number(places: list[dict[str, Any]]) -> None:
    """Give places on the map the numbers of their pins, where there is more than one."""
    shown = [place for place in places if place["geo"]]
    for number, place in enumerate(shown if len(shown) > 1 else [], start=1):
        place["number"] = number


def is_sensitive(view: ListingView) -> bool:
    """Say whether being seen on this page could put its reader at risk."""
    if view.service.sensitivity == Sensitivity.PROTECTED:
        return True
    codes = [row.term.code for row in view.terms.get("service_type", []) if row.term]
    return any(code.startswith(DANGEROUS) for code in codes)


def _may_edit(request: HttpRequest, service: Service) -> bool:
    user = request.user
    if not user.is_authenticated:
        return False
    return user.may(Permission.LISTING_EDIT, service.organization_id)


def _may_refer(request: HttpRequest, view: ListingView) -> bool:
    user = request.user
    takes = view.organization.accepts_referrals and view.service.referral_mode not in REFUSING
    return takes and user.is_authenticated and user.may(Permission.REFERRAL_PREPARE)


def _availability(view: ListingView) -> dict[str, Any] | None:
    """Return the arguments of the chip; a provider that never said anything has none."""
    capacity = view.here.facts.capacity
    if capacity is None or not view.is_reachable:
        return None
    numbered = capacity.unit_id is not None and capacity.available is not None
    return {
        "code": view.here.facts.availability,
        "left": capacity.available if numbered else None,
        "unit": capacity.unit.text("name")[0] if numbered and capacity.unit else "",
        "wait_days": capacity.wait_days,
        "on": capacity.updated,
    } if view.here.facts.availability != Availability.UNKNOWN else {
        "code": Availability.UNKNOWN, "on": capacity.updated,
    }  # fmt: skip


def _verified(view: ListingView) -> dict[str, Any]:
    """Return when, how and by which role the listing was confirmed, or where it comes from."""
    service = view.service
    place = view.here.place
    if place is not None and place.verified_on and not service.verified_on:
        return {"state": service.listing_status, "on": place.verified_on, "how": "", "by": ""}
    how = _label(service)
    if service.verified_on is None and service.source is not None:
        how = _("from %(source)s") % {"source": service.source.name}
    role = service.verified_role
    by = str(Role(role).label) if role in Role.values else role
    return {"state": service.listing_status, "on": service.verified_on, "how": how, "by": by}


def _label(service: Any) -> str:
    """Return the method in the reader's language; both come with the service's own row."""
    translated = (service.how_translations or {}).get("en", {}).get("name", "")
    return (
        str(service.how_name or "") if words.is_chinese() else translated or service.how_name or ""
    )


def _banner(view: ListingView) -> dict[str, Any] | None:
    """Return what the reader has to know before anything else."""
    service = view.service
    status = service.listing_status
    if status == ListingStatus.CLOSED:
        text = _("This service has closed down. Below are others of the same kind.")
        return {"role": "danger", "text": text}
    if status == ListingStatus.SUSPENDED:
        return {"role": "warn", "text": _suspended(service)}
    if status == ListingStatus.STALE:
        text = _("Nobody has confirmed these facts for a long time. Please call before you go.")
        return {"role": "warn", "text": text}
    if status in {ListingStatus.DRAFT, ListingStatus.REJECTED}:
        text = _("This listing is not public. Only its provider and the directory see it.")
        return {"role": "info", "text": text}
    if not any(each.place is None or each.place.state == "active" for each in view.places):
        text = _("No place of this service is open at present. Please call before you go.")
        return {"role": "warn", "text": text}
    return None


def _suspended(service: Service) -> str:
    if service.state_reason == Reason.PROVIDER_BREAK:
        if service.back_on:
            return _("The provider is on a break and plans to be back on %(date)s.") % {
                "date": f"{service.back_on:%Y-%m-%d}"
            }
        return _("The provider is on a break; it is not known until when.")
    if service.state_reason in SOFT:
        return _("Nobody could confirm that this service still exists. Call before you go.")
    return _("This service is suspended at present. Below are others of the same kind.")


def geo(location: Any) -> str:
    """Return a measured point as map apps take it; coarser ones would lead astray."""
    if location is None or location.latitude is None or location.precision not in MEASURED:
        return ""
    return f"{location.latitude:f},{location.longitude:f}"


def schematic(spots: list[tuple[Any, str]], size: tuple[int, int] = UPRIGHT) -> str:
    """Draw the measured places; the names on the map are their own districts'."""
    shown = [(spot, label) for spot, label in spots if geo(spot)]
    if not shown:
        return ""
    pins = [
        Pin(n, Point(float(spot.latitude), float(spot.longitude)), label)
        for n, (spot, label) in enumerate(shown, start=1)
    ]
    districts = {spot.area.pk: spot.area for spot, _label in shown if spot.area and spot.area.lat}
    names = [
        Name(area.text("name")[0], Point(float(area.lat), float(area.lon)))
        for area in districts.values()
    ]
    return draw(pins, title=_("Where the service is given"), names=names, size=size)
