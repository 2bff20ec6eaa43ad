"""W5: who could take this need, with what decides whether they will."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.http import SignedInRequest
from accounts.models import User
from core.templatetags.words import moment
from referrals.casefiles import queries as files
from referrals.casefiles.models import Need
from referrals.handoffs import queries
from referrals.handoffs.models import Referral
from referrals.handoffs.packet.eligibility import AGE, SEX
from referrals.handoffs.queries import Candidate
from referrals.handoffs.queries.candidates import ANYWHERE, HOME
from search.queries import labels

PER_PAGE = 25


def find_need(user: User, uid: UUID) -> Need:
    """Return a need for somebody who may see its file."""
    rows = Need.objects.visible_to(user).select_related(
        "client__organization", "client__area", "category", "area", "scheme", "case"
    )
    found: Need = get_object_or_404(rows, uid=uid)
    return found


class FindPage(View):
    """Services for a need; the search is told codes, the page shows the person's side."""

    def get(self, request: SignedInRequest, uid: UUID) -> HttpResponse:
        """Search with the need's context and mark every candidate."""
        need = find_need(request.user, uid)
        within = ANYWHERE if request.GET.get("within") == ANYWHERE else HOME
        open_now = request.GET.get("open") == "now"
        after = _after(request, need)
        found = queries.candidates(
            need, by=request.user, within=within, open_now=open_now, page=_page(request)
        )
        names = condition_names(found.rows)
        context = {
            "need": need,
            "found": found,
            "cards": [card(one, names, after) for one in found.rows],
            "page": _pages(found.page.total, _page(request)),
            "filters": _filters(within, open_now=open_now),
            "keep": [("after", str(after.uid))] if after else [],
            "after": after,
            "off_platform": _off_platform(need, after),
            **files.frame.frame(need.client, request.user, "casefiles:needs"),
        }
        template = "_candidates.html" if getattr(request, "htmx", False) else "find.html"
        response = render(request, f"handoffs/{template}", context)
        response["Vary"] = "HX-Request"
        return response


def card(one: Candidate, names: dict[str, str], after: Referral | None = None) -> dict[str, Any]:
    """Return a candidate as the card shows it."""
    hit = one.hit
    place = hit.place
    return {
        "service": one.service,
        "url": reverse("catalogue:service", args=[one.service.uid]),
        "summary": _(", ").join(label for _code, label in hit.categories[:3]),
        "audience": _(", ").join(label for _code, label in hit.populations[:4]),
        "metres": place.distance_m if place else None,
        "precision": place.precision if place else "none",
        "area": place.area_name if place else "",
        "remote": hit.remote,
        "open": {
            "state": hit.opening.kind,
            "until": _until(hit.opening),
        },
        "phone": hit.phone.number if hit.phone else "",
        "availability": _availability(hit),
        "verified": {
            "state": one.service.listing_status,
            "on": one.service.verified_on,
            "how": labels().of("verification_method", one.service.verified_how),
        },
        "verdict": one.verdict,
        "marks": [(names.get(mark.code, mark.code), mark.verdict) for mark in one.marks],
        "record": one.record,
        "tried": one.tried,
        "place": place.uid if place else "",
        "after": after.uid if after else "",
    }


def condition_names(rows: tuple[Candidate, ...]) -> dict[str, str]:
    """Return the words of every condition that the candidates publish."""
    codes = {mark.code for one in rows for mark in one.marks}
    names = {AGE: _("Age"), SEX: _("Sex")}
    return queries.condition_words(codes) | {code: names[code] for code in names}


def _until(opening: Any) -> str:
    if opening.kind == "open" and opening.until:
        return _("until %(moment)s") % {"moment": moment(opening.until)}
    if opening.kind == "closed" and opening.next_opening:
        return _("opens %(moment)s") % {"moment": moment(opening.next_opening)}
    return ""


def _availability(hit: Any) -> dict[str, Any]:
    capacity = hit.capacity
    return {
        "code": hit.availability,
        "left": capacity.available if capacity and capacity.unit_id else None,
        "wait_days": capacity.wait_days if capacity else None,
        "on": capacity.updated if capacity else None,
    }


def _after(request: SignedInRequest, need: Need) -> Referral | None:
    """Return the ended attempt that this search goes on from."""
    try:
        uid = UUID(request.GET.get("after", ""))
    except ValueError:
        return None
    found: Referral | None = need.client.referrals.filter(uid=uid, needs__need=need).first()
    return found


def _off_platform(need: Need, after: Referral | None) -> str:
    address = f"{reverse('handoffs:refer')}?need={need.uid}"
    return f"{address}&after={after.uid}" if after else address


def _page(request: SignedInRequest) -> int:
    given = request.GET.get("page", "")
    return int(given) if given.isdigit() and 0 < int(given) <= 40 else 1


def _pages(total: int, number: int) -> Any:
    return Paginator(range(total), PER_PAGE).get_page(number)


def _filters(within: str, *, open_now: bool) -> list[dict[str, Any]]:
    return [
        {
            "legend": _("Area"),
            "name": "within",
            "kind": "radio",
            "options": [
                {"value": HOME, "label": _("Serves the district"), "selected": within == HOME},
                {"value": ANYWHERE, "label": _("Anywhere"), "selected": within == ANYWHERE},
            ],
        },
        {
            "legend": _("Opening hours"),
            "name": "open",
            "options": [{"value": "now", "label": _("Open now"), "selected": open_now}],
        },
    ]
