"""A checked request, made of checked parameters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import InvalidParameter
from search.forms.parameters import DATUMS, SORTS, Parameters, wrong
from search.requests import MAX_DEPTH, Near, SearchRequest, Sort
from search.suggestions import KINDS


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked request, with what its words could not be resolved to."""

    request: SearchRequest
    unknown: tuple[str, ...] = ()
    place: str | None = None
    near_label: str = ""
    datum: str = "wgs84"


def read(
    given: Mapping[str, Sequence[str]],
    *,
    language: str,
    facets: Sequence[str] = (),
    signed_in: bool = False,
    extra: Iterable[str] = (),
) -> Asked:
    """Check every parameter and return the request; what is wrong is named, nothing is guessed."""
    p = Parameters(given, language=language, extra=extra)
    lang = p.choice("lang", ("zh", "en", "zh-hans", "zh-Hans"), language)[:2]
    near, problem, words = p.near()
    sort = _sort(p, near)
    page, per_page = (
        p.whole(n, d, low=1, high=h) for n, d, h in (("page", 1, MAX_DEPTH), ("per_page", 25, 100))
    )
    if page * per_page > MAX_DEPTH:
        raise TooDeep(
            _("Pages end after %(n)s services; narrow the search.") % {"n": MAX_DEPTH},
            parameter="page",
        )
    request = SearchRequest(
        text=p.text("q"),
        language=lang,
        filters=p.filters(),
        near=near,
        bbox=p.box(),
        open_at=p.open_at(),
        facets=p.facets() or tuple(facets),
        sort=sort,
        page=page,
        per_page=per_page,
        explain=p.choice("explain", ("true", "false"), "false") == "true" and signed_in,
    )
    datum = p.choice("datum", DATUMS, "wgs84")
    return Asked(request, tuple(dict.fromkeys(p.unknown)), problem, words, datum)


class TooDeep(InvalidParameter):
    """So many hits are an export."""

    code = "page_too_deep"


def _sort(p: Parameters, near: Near | None) -> Sort:
    sort = p.choice("sort", SORTS, "best")
    if sort == "distance" and near is None:
        if not p.text("place", longest=200):
            raise wrong("sort", _("by distance needs a position"))
        # The place is unknown: the list says so, and is sorted as if nothing had been asked.
        sort = "best"
    sorts: dict[str, Sort] = {
        "best": "best",
        "distance": "distance",
        "name": "name",
        "verified": "verified",
    }
    return sorts[sort]


@dataclass(frozen=True, slots=True)
class AskedNames:
    """A checked request for suggestions."""

    text: str
    language: str
    kinds: tuple[str, ...]
    limit: int


def read_suggest(given: Mapping[str, Sequence[str]], *, language: str) -> AskedNames:
    """Check what is typed so far; nothing typed gives nothing."""
    for name in given:
        if name not in {"q", "kinds", "limit", "lang"}:
            raise InvalidParameter(
                _("There is no parameter “%(name)s”.") % {"name": name[:40]}, parameter=name[:40]
            )
    p = Parameters(given, language=language, extra=("kinds", "limit"))
    kinds = tuple(p.values("kinds")) or KINDS
    if any(kind not in KINDS for kind in kinds):
        raise wrong("kinds", _("must be one of: %(words)s") % {"words": ", ".join(KINDS)})
    lang = p.choice("lang", ("zh", "en", "zh-hans", "zh-Hans"), language)[:2]
    return AskedNames(p.text("q", longest=200), lang, kinds, p.whole("limit", 8, low=1, high=20))
