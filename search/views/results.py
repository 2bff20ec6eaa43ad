"""P2: what was found, why, how far, how sure; narrowed by one click."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.permissions import Role
from core.jobs import now
from core.templatetags.words import ago, distance, moment
from core.views import display_of
from directory.geography import schematic
from directory.geography.coordinates import Point
from directory.geography.queries import near_candidates
from search import forms, queries
from search.requests import Bucket, Hit, SearchPage

FACETS = (
    "term", "area", "population", "fee", "language", "accessibility", "application", "mode", "open",
)  # fmt: skip
# Where people may be watched: the quick exit is shown.
GUARDED = ("FM", "MH", "CR")
SHOWN_OPTIONS = 8


@dataclass(frozen=True, slots=True)
class Group:
    """One filter at the left: its parameter, and the facet that counts it."""

    legend: object
    name: str
    facet: str
    only: tuple[str, ...] = ()


GROUPS = (
    Group(gettext_lazy("Need"), "category", "term"),
    Group(gettext_lazy("District"), "area", "area"),
    Group(gettext_lazy("Cost"), "fee", "fee"),
    Group(gettext_lazy("Who it is for"), "population", "population"),
    Group(gettext_lazy("Language"), "language", "language"),
)
ACCESS = (
    Group("", "open", "open", ("open",)),
    Group("", "application", "application", ("walk_in",)),
    Group("", "mode", "mode", ("home_visit", "remote")),
    Group("", "accessibility", "accessibility", ("wheelchair", "sign_language")),
)


@method_decorator(login_not_required, name="dispatch")
class ResultsPage(View):
    """The list of services, whole or as the part that a filter replaces."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Search and show; nothing found still shows the way on."""
        forms.SearchThrottle().allow_request(request, self)
        given = {name: v for name, v in forms.from_query(request.GET).items() if any(v)}
        asked = forms.read(given, language=forms.language(), facets=FACETS)
        page = queries.find(asked.request, request.user, unknown=asked.unknown, place=asked.place)
        is_beyond = asked.request.page > page.pages and not page.unavailable
        context = _context(request, asked, page) | {"is_beyond": is_beyond}
        part = getattr(request, "htmx", False)
        response = render(
            request,
            "search/_results.html" if part else "search/results.html",
            context,
            status=404 if is_beyond else 503 if page.unavailable else 200,
        )
        patch_vary_headers(response, ["HX-Request", "Cookie", "Accept-Language"])
        if page.safety or request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
        if page.unavailable:
            response["Retry-After"] = "15"
        if page.degraded:
            response["X-Search-Degraded"] = "1"
        return response


def _context(request: HttpRequest, asked: forms.Asked, page: SearchPage) -> dict[str, Any]:
    cards = _numbered(page.hits)
    return {
        "page": page,
        "asked": asked,
        "cards": cards,
        "related": [_card(hit, None) for hit in page.related],
        "pinned": [_card(hit, None) for hit in page.safety.services] if page.safety else [],
        "heading": _heading(asked, page),
        "count": _count(asked, page),
        "groups": _groups(page),
        "keep": _kept(request.GET),
        "applied": list(_applied(request.GET, page)),
        "sorts": _sorts(asked),
        "pager": _pager(page),
        "map": _map(cards, asked) if not display_of(request)["reduced_data"] else "",
        "exit": _exit(page),
        "places": list(_places(request.GET, page, asked.near_label)),
        "without": list(_without(request.GET, page)),
        "printed_at": now(),
        "results_url": reverse("search:results"),
        "suggest_url": reverse("search:suggest"),
        "clear_url": _url(request.GET, "q", "place", "lat", "lon"),
        "no_area_url": _without_words(request.GET, page),
    }


# ---- Words ----------------------------------------------------------------------------------
def _heading(asked: forms.Asked, page: SearchPage) -> str:
    words = asked.request.text.strip()
    chosen = [b.label for b in page.facets.get("term", ()) if b.selected]
    if not words and len(chosen) == 1:
        words = chosen[0]
    if not words:
        return _("Services near you") if asked.request.near else _("All services")
    if asked.request.near:
        return _("“%(words)s” nearby") % {"words": words}
    return _("Services for “%(words)s”") % {"words": words}


def _count(asked: forms.Asked, page: SearchPage) -> str:
    told = ngettext("%(count)s service", "%(count)s services", page.total) % {"count": page.total}
    if not page.total:
        return told
    sort, place = asked.request.sort, asked.near_label
    if sort == "distance" and place:
        return _("%(services)s, nearest to %(place)s first") % {"services": told, "place": place}
    if sort == "distance":
        return _("%(services)s, nearest first") % {"services": told}
    if sort == "verified":
        return _("%(services)s, last verified first") % {"services": told}
    if page.interpreted.relaxed:
        return _("%(services)s; no service fits every word, these come close") % {"services": told}
    return _("%(services)s, best match first") % {"services": told}


def _sorts(asked: forms.Asked) -> list[tuple[str, str]]:
    ways = [("best", _("Best match"))]
    if asked.request.near:
        ways.append(("distance", _("Distance")))
    return [*ways, ("verified", _("Last verified")), ("name", _("Name"))]


def _pager(page: SearchPage) -> Page[int]:
    size = page.request.per_page
    reachable = min(page.total, 1000 // size * size)
    return Paginator(range(reachable), size).get_page(page.request.page)


def _exit(page: SearchPage) -> str:
    guarded = any(code.startswith(GUARDED) for code, _name in page.interpreted.concepts)
    return reverse("core:help") if page.safety or guarded else ""


# ---- Cards ----------------------------------------------------------------------------------
def _numbered(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Give numbers to the hits on the map; the others keep their place in the list."""
    number = 0
    cards = []
    for hit in hits:
        on_map = hit.place is not None and hit.place.lat is not None
        number += on_map
        cards.append(_card(hit, number if on_map else None))
    return cards


def _card(hit: Hit, number: int | None) -> dict[str, Any]:
    service, place = hit.service, hit.place
    capacity = hit.capacity
    summary, summary_lang = _line(service, "description", 120)
    audience, audience_lang = _audience(hit)
    return {
        "hit": hit,
        "service": service,
        "url": _page_of(service),
        "number": number,
        "summary": summary,
        "summary_lang": summary_lang,
        "audience": audience,
        "audience_lang": audience_lang,
        "metres": place.distance_m if place else None,
        "precision": place.precision if place else "",
        "area": place.area_name if place else "",
        "remote": hit.remote,
        "open": _opening(hit),
        "availability": {
            "code": hit.availability,
            "left": capacity.available if capacity else None,
            "unit": capacity.unit.text("name")[0] if capacity and capacity.unit else "",
            "wait_days": capacity.wait_days if capacity else None,
            "on": capacity.updated if capacity else None,
        },
        "verified": {
            "state": service.listing_status,
            "on": service.verified_on,
            "how": queries.labels().of("verification_method", service.verified_how),
            "by": _role(service.verified_role),
        },
        "phone": hit.phone.number if hit.phone else "",
        "why": list(_why(hit)),
        "alert": _alert(hit),
    }


def _page_of(service: Any) -> str:
    try:
        return reverse("catalogue:service", args=[service.uid])
    except NoReverseMatch:
        return ""


def _role(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


def _line(service: Any, field: str, most: int) -> tuple[str, str]:
    """Return the first line of a text, and its language where it is not that of the page."""
    content, language = service.text(field)
    spoken = (get_language() or "zh").partition("-")[0]
    other = language if language.partition("-")[0] != spoken else ""
    return content.strip().split("\n", 1)[0][:most], other


def _audience(hit: Hit) -> tuple[str, str]:
    told = _line(hit.service, "eligibility_description", 80)
    return told if told[0] else (_(", ").join(name for _code, name in hit.populations[:3]), "")


def _opening(hit: Hit) -> dict[str, str]:
    status = hit.opening
    until = ""
    if status.kind == "open" and status.until:
        until = _("closes %(time)s") % {"time": f"{status.until:%H:%M}"}
    elif status.kind == "closed" and status.next_opening:
        until = _("opens %(time)s") % {"time": moment(status.next_opening)}
    return {"state": status.kind, "until": until}


def _alert(hit: Hit) -> str:
    if hit.open_elsewhere:
        return _("The site that is open now lies outside the distance you chose.")
    if hit.covers_you and not hit.remote:
        return _("Farther away, but serves your area.")
    return ""


def _why(hit: Hit) -> Iterable[tuple[str, str]]:
    for reason in hit.why:
        if reason.kind == "category":
            yield _("category"), reason.label
        elif reason.kind == "name":
            yield _("the name contains"), reason.label
        elif reason.kind == "exact":
            yield _("the name is what you typed"), ""
        elif reason.kind == "text":
            yield _("its description fits"), reason.label
        elif reason.kind == "place" and hit.place:
            far = distance(float(reason.label), hit.place.precision, hit.place.area_name)
            yield _length(far.figure, far.unit) if far.figure else far.words, ""
        elif reason.kind == "fresh":
            yield _("verified %(age)s") % {"age": ago(hit.service.verified_on)}, ""


def _length(figure: str, unit: str) -> str:
    if unit == "m":
        return _("%(figure)s m away") % {"figure": figure}
    if unit == "km":
        return _("%(figure)s km away") % {"figure": figure}
    return _("about %(figure)s km away") % {"figure": figure}


# ---- Filters --------------------------------------------------------------------------------
def _groups(page: SearchPage) -> list[dict[str, Any]]:
    made = [_group(page, group) for group in GROUPS]
    access = [_option(each.name, b) for each in ACCESS for b in _options(page, each)]
    made.insert(2, {"legend": _("Time and access"), "options": access})
    return [group for group in made if group["options"]]


def _group(page: SearchPage, group: Group) -> dict[str, Any]:
    return {
        "legend": group.legend,
        "options": [_option(group.name, bucket) for bucket in _options(page, group)],
    }


def _options(page: SearchPage, group: Group) -> list[Bucket]:
    found = page.facets.get(group.facet, ())
    if group.only:
        return [bucket for bucket in found if bucket.value in group.only]
    chosen = [bucket for bucket in found if bucket.selected]
    rest = [bucket for bucket in found if not bucket.selected and bucket.count]
    return [*chosen, *rest][:SHOWN_OPTIONS]


def _option(name: str, bucket: Bucket) -> dict[str, Any]:
    value = "now" if name == "open" else bucket.value
    return {
        "name": name,
        "value": value,
        "label": bucket.label,
        "count": bucket.count,
        "selected": bucket.selected,
        "id": f"f-{name}-{value}",
    }


FILTER_NAMES = {group.name for group in (*GROUPS, *ACCESS)}


def _kept(query: QueryDict) -> list[tuple[str, str]]:
    """Return what a filter must not lose: the words, the place, the order."""
    left = FILTER_NAMES | {"page"}
    return [(name, v) for name, values in query.lists() if name not in left for v in values if v]


def _applied(query: QueryDict, page: SearchPage) -> Iterable[tuple[str, str]]:
    """Yield each chosen condition with the address that takes it away."""
    words = queries.labels()
    sets = {"category": "term", "mode": "mode"}
    for name, values in query.lists():
        if name in FILTER_NAMES:
            for value in (part for each in values for part in each.split(",") if part):
                labels = {b.value: b.label for b in page.facets.get(sets.get(name, name), ())}
                shown = "open" if name == "open" else value
                label = labels.get(shown) or words.of(sets.get(name, name), value)
                yield label, _less(query, name, value)
    for name, label in (("radius", _("within %(km)s km")), ("age", _("age %(km)s"))):
        if value := query.get(name) or "":
            figure = f"{float(value) / 1000:g}" if name == "radius" else value
            yield label % {"km": figure}, _less(query, name, value)


def _less(query: QueryDict, name: str, value: str) -> str:
    changed = query.copy()
    values = [part for each in query.getlist(name) for part in each.split(",")]
    changed.setlist(name, [each for each in values if each != value])
    changed.pop("page", None)
    return f"?{changed.urlencode()}"


def _url(query: QueryDict, *names: str) -> str:
    kept = QueryDict(mutable=True)
    for name in names:
        kept.setlist(name, [value for value in query.getlist(name) if value])
    return f"{reverse('search:results')}?{kept.urlencode()}"


def _without(query: QueryDict, page: SearchPage) -> Iterable[dict[str, Any]]:
    """Yield the links out of an empty list: one per condition that can be given up."""
    names: Mapping[str, object] = {
        "radius": _("distance"),
        "category": _("category"),
        "area": _("district"),
        "open": _("open now"),
        "age": _("age"),
        "verified_within": _("verified recently"),
    }
    legends = {group.name: group.legend for group in GROUPS}
    for each in page.zero.without if page.zero else ():
        changed = query.copy()
        changed.pop(each.param, None)
        changed.pop("page", None)
        label = names.get(each.param) or legends.get(each.param) or each.param
        yield {
            "url": f"?{changed.urlencode()}",
            "label": _("Without “%(filter)s”") % {"filter": label},
            "note": ngettext("%(count)s service", "%(count)s services", each.total)
            % {"count": each.total},
        }


def _places(query: QueryDict, page: SearchPage, words: str) -> Iterable[tuple[str, str]]:
    """Yield what an unclear place may mean: nobody guesses between districts of one name."""
    if page.interpreted.place == "place_unknown":
        for each in near_candidates(words, limit=5):
            changed = query.copy()
            changed["place"] = f"{each.note.replace(' ', '')}{each.name}"
            yield f"{each.note} {each.name}".strip(), f"?{changed.urlencode()}"


def _without_words(query: QueryDict, page: SearchPage) -> str:
    """Return the address that searches everywhere although an area was named in the text."""
    changed = query.copy()
    for _code, name in page.interpreted.area:
        changed["q"] = changed.get("q", "").replace(name, "").strip() or changed.get("q", "")
    return f"?{changed.urlencode()}"


# ---- Map ------------------------------------------------------------------------------------
def _map(cards: Sequence[Mapping[str, Any]], asked: forms.Asked) -> str:
    pins = [
        schematic.Pin(
            card["number"],
            Point(card["hit"].place.lat, card["hit"].place.lon),
            card["service"].text("name")[0],
            f"#s{card['number']}",
        )
        for card in cards
        if card["number"]
    ]
    near = asked.request.near
    center = Point(near.lat, near.lon) if near else None
    if not pins:
        return ""
    window = schematic.window([pin.point for pin in pins], center)
    return schematic.draw(
        pins,
        title=_("Map of the services found"),
        names=queries.names_in(window),
        center=center,
        center_label=asked.near_label if near else "",
    )
