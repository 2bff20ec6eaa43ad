"""Parameters of the search, the same for page and API: checked, named when wrong, never guessed."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import InvalidParameter
from core.jobs import now, today
from core.text import clean, printable
from directory.geography.coordinates import to_wgs84
from directory.geography.operations import locate
from directory.geography.states import AnswerStatus
from search.backends.base import FACETS
from search.documents import verified_day
from search.queries import labels
from search.queries.finding import lineage
from search.requests import MAX_TEXT, Box, Filter, Near

CODES = {
    "population": "population",
    "org_type": "org_type",
    "sector": "sector",
    "fee": "fee",
    "application": "application",
    "accessibility": "accessibility",
    "availability": "availability",
    "language": "language",
}
MODES = ("in_person", "remote", "home_visit")
STATUSES = ("active", "due", "stale", "suspended")
SORTS = ("best", "distance", "name", "verified")
DATUMS = ("wgs84", "gcj02", "bd09", "cgcs2000")
MANY = {*CODES, "category", "mode", "org", "area", "home", "status", "facets", "open"}
SINGLE = {
    "q", "lang", "age", "verified_within", "lat", "lon", "datum", "place", "radius", "bbox", "sort",
    "page", "per_page", "explain",
}  # fmt: skip
MAX_RADIUS_M = 200_000.0
LEAST_RADIUS_M = 100.0
_AREA = re.compile(r"\d{6}")


def from_query(query: QueryDict) -> dict[str, list[str]]:
    """Return the parameters of an address; lists may be repeated or parted by commas."""
    return {name: [str(value) for value in values] for name, values in query.lists()}


def from_body(body: Any) -> dict[str, list[str]]:
    """Return the parameters of a JSON object, lists as arrays."""
    if not isinstance(body, dict):
        raise InvalidParameter(_("The body must be an object."), parameter="")
    found: dict[str, list[str]] = {}
    for name, value in body.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, dict | list) or each is None for each in values):
            raise wrong(name, _("must be a value or a list of values"))
        found[name] = [
            str(each).lower() if isinstance(each, bool) else str(each) for each in values
        ]
    return found


def wrong(name: str, why: str) -> InvalidParameter:
    """Name the parameter and say what it must be."""
    return InvalidParameter(_("%(name)s: %(why)s.") % {"name": name, "why": why}, parameter=name)


class Parameters:
    """Reads one parameter after the other; the first wrong one is named."""

    def __init__(
        self, given: Mapping[str, Sequence[str]], *, language: str, extra: Iterable[str] = ()
    ) -> None:
        """Refuse names that nobody knows and second values where one is meant."""
        self.given = {name: list(values) for name, values in given.items()}
        self.language = language
        self.unknown: list[str] = []
        known = MANY | SINGLE | set(extra)
        for name, values in self.given.items():
            if name not in known:
                raise InvalidParameter(
                    _("There is no parameter “%(name)s”.") % {"name": name[:40]},
                    parameter=name[:40],
                )
            if len(values) > 1 and name not in MANY:
                raise wrong(name, _("is given twice"))

    # ---- One value --------------------------------------------------------------------------
    def text(self, name: str, *, longest: int = MAX_TEXT) -> str:
        """Return a text; what cannot be seen is left out, what is too long is refused."""
        value = printable(next(iter(self.given.get(name, [])), ""))
        if len(value) > longest:
            raise wrong(name, _("has more than %(n)s characters") % {"n": longest})
        return clean(value).strip()

    def number(self, name: str, *, low: float, high: float) -> float | None:
        """Return a number within its range; NaN and infinity are none."""
        value = self.text(name, longest=40)
        if not value:
            return None
        try:
            number = float(value) if value.isascii() and "_" not in value else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or not low <= number <= high:
            raise wrong(
                name,
                _("must be a number from %(low)s to %(high)s")
                % {"low": f"{low:g}", "high": f"{high:g}"},
            )
        return number + 0.0

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a whole number within its range."""
        value = self.text(name, longest=40)
        if not value:
            return default
        if not (value.isascii() and value.isdigit() and low <= int(value[:12]) <= high):
            raise wrong(
                name,
                _("must be a whole number from %(low)s to %(high)s") % {"low": low, "high": high},
            )
        return int(value)

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        """Return one of a few words."""
        value = self.text(name, longest=40) or default
        if value not in choices:
            raise wrong(name, _("must be one of: %(words)s") % {"words": ", ".join(choices)})
        return value

    def values(self, name: str) -> list[str]:
        """Return all values of a list, each once."""
        parts = (part for value in self.given.get(name, []) for part in value.split(","))
        cleaned = [printable(part).strip() for part in parts]
        if sum(map(len, cleaned)) > MAX_TEXT * 4:
            raise wrong(name, _("is too long"))
        return list(dict.fromkeys(value for value in cleaned if value))

    # ---- Conditions -------------------------------------------------------------------------
    def filters(self) -> tuple[Filter, ...]:
        """Return the conditions; fields combine by AND, values of one field are alternatives."""
        made = [
            self._codes("category", "term", labels().known("term")),
            *(self._codes(name, name, labels().known(set_)) for name, set_ in CODES.items()),
            self._codes("mode", "modes", set(MODES), strict=True),
            self._organizations(),
            self._age(),
            *(self._areas(name) for name in ("area", "home")),
            self._codes("status", "status", set(STATUSES), strict=True),
            self._verified(),
            self._open(),
        ]
        return tuple(each for each in made if each is not None)

    def _codes(
        self, name: str, field: str, known: set[str], *, strict: bool = False
    ) -> Filter | None:
        values = self.values(name)
        if not values:
            return None
        if any(value not in known for value in values):
            if strict:
                raise wrong(
                    name, _("must be one of: %(words)s") % {"words": ", ".join(sorted(known))}
                )
            self.unknown.append(name)
        return Filter(field, "any", tuple(values))

    def _organizations(self) -> Filter | None:
        values = self.values("org")
        try:
            uids = tuple(str(UUID(value)) for value in values)
        except ValueError:
            raise wrong("org", _("must be the uid of an organization")) from None
        return Filter("org", "any", uids) if uids else None

    def _age(self) -> Filter | None:
        years = self.number("age", low=0, high=150)
        return None if years is None else Filter("age", "covers_age", (int(years * 12),))

    def _areas(self, name: str) -> Filter | None:
        values = self.values(name)
        if any(not _AREA.fullmatch(value) for value in values):
            raise wrong(name, _("must be a code of six digits"))
        if any(value not in labels().areas for value in values):
            self.unknown.append(name)
        return Filter(name, "region", tuple(lineage(v) for v in values)) if values else None

    def _verified(self) -> Filter | None:
        if not self.text("verified_within", longest=40):
            return None
        days = self.whole("verified_within", 0, low=1, high=3650)
        lowest = max(1, verified_day(today()) - days)
        return Filter("verified_day", "range", (lowest, None))

    def _open(self) -> Filter | None:
        return Filter("open", "any", ("open",)) if self.text("open", longest=60) else None

    def open_at(self) -> datetime | None:
        """Return the instant that `open` names; `now` and nothing give none."""
        value = self.text("open", longest=60)
        if value in {"", "now"}:
            return None
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            at = None
        near = at is not None and at.tzinfo is not None and abs((at - now()).days) <= 3660
        if at is None or not near:
            raise wrong("open", _("must be “now” or an instant with its offset"))
        return at

    # ---- Place ------------------------------------------------------------------------------
    def near(self) -> tuple[Near | None, str | None, str]:
        """Return the position, what went wrong with its words, and how to name it."""
        radius = self.number("radius", low=LEAST_RADIUS_M, high=MAX_RADIUS_M)
        datum = self.choice("datum", DATUMS, "wgs84")
        lat = self.number("lat", low=-90, high=90)
        lon = self.number("lon", low=-180, high=180)
        if (lat is None) != (lon is None):
            missing = "lat" if lat is None else "lon"
            raise wrong(missing, _("is missing; a position has both coordinates"))
        words = self.text("place", longest=200)
        if lat is not None and lon is not None:
            point = to_wgs84(lat=lat, lon=lon, datum=datum)
            return Near(point.lat, point.lon, radius), None, words
        if words:
            return self._located(words, radius)
        if radius is not None:
            raise wrong("radius", _("needs a position"))
        return None, None, ""

    @staticmethod
    def _located(words: str, radius: float | None) -> tuple[Near | None, str | None, str]:
        answer = locate(words)
        if answer.status == AnswerStatus.FOUND and answer.point is not None:
            area = answer.area.code if answer.area else None
            return Near(*answer.point, radius, area), None, words
        down = answer.status == AnswerStatus.UNAVAILABLE
        return None, "place_unavailable" if down else "place_unknown", words

    def box(self) -> Box | None:
        """Return the window of a map."""
        value = self.text("bbox", longest=120)
        if not value:
            return None
        parts = value.split(",")
        try:
            west, south, east, north = (float(part) for part in parts)
        except ValueError:
            raise wrong("bbox", _("must be west,south,east,north")) from None
        ranges = all(map(math.isfinite, (west, south, east, north)))
        if not ranges or south >= north or west == east or abs(south) > 90 or abs(north) > 90:
            raise wrong("bbox", _("must be west,south,east,north"))
        if abs(west) > 180 or abs(east) > 180:
            raise wrong("bbox", _("must be west,south,east,north"))
        return Box(west, south, east, north)

    def facets(self) -> tuple[str, ...]:
        """Return the facets asked for."""
        values = self.values("facets")
        offered = [name for name in FACETS if not name.startswith(("cell", "status"))]
        if len(values) > 12 or any(value not in offered for value in values):
            raise wrong(
                "facets", _("must be at most 12 of: %(words)s") % {"words": ", ".join(offered)}
            )
        return tuple(values)
