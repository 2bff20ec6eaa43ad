"""Parameters of the HSDS endpoints: from the address or the body, checked by name and by value."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.errors import InvalidParameter
from directory.geography.coordinates import Box, Point

FORMATS: Final = ("json", "ndjson")
PER_PAGE: Final = 50
MOST_PER_PAGE: Final = 100
# Only ids and dates: a page of these may be long.
MOST_MINIMAL: Final = 10_000
LONGEST_SEARCH: Final = 200
FARTHEST_M: Final = 200_000


@dataclass(frozen=True)
class Parameters:
    """What a request asks, as text by name; each reader checks its own kind of value."""

    given: Mapping[str, list[str]]

    def many(self, name: str) -> list[str]:
        """Return alternatives: repeated parameters and comma lists alike."""
        parts = (part.strip() for value in self.given.get(name, []) for part in value.split(","))
        return [part for part in parts if part]

    def one(self, name: str) -> str:
        """Return the one value of a parameter, or nothing."""
        return self.given.get(name, [""])[0].strip()

    def has(self, *names: str) -> bool:
        """Say whether any of these is given."""
        return any(self.one(name) for name in names)

    def flag(self, name: str) -> bool:
        """Read true or false; nothing is false."""
        value = self.one(name).lower()
        if value not in {"", "true", "false", "1", "0"}:
            raise wrong(name, _("This is true or false."))
        return value in {"true", "1"}

    def page(self) -> int:
        """Read the number of a page."""
        return self._count("page", 1)

    def per_page(self) -> int:
        """Read how long a page may be; more than the most is the most."""
        name = "perPage" if self.one("perPage") else "per_page"
        most = MOST_MINIMAL if self.flag("minimal") else MOST_PER_PAGE
        return min(self._count(name, most if self.flag("minimal") else PER_PAGE), most)

    def _count(self, name: str, default: int) -> int:
        written = self.one(name) or str(default)
        if not (written.isascii() and written.isdigit() and 0 < int(written[:10]) < 10**9):
            raise wrong(name, _("This is a whole number from 1 on."))
        return int(written)

    def format(self) -> str:
        """Read the form of the answer."""
        value = self.one("format") or "json"
        if value not in FORMATS:
            raise wrong("format", _("The forms are json and ndjson."))
        return value

    def search(self) -> str:
        """Read words to look for."""
        words = self.one("search")
        if len(words) > LONGEST_SEARCH:
            raise wrong("search", _("At most 200 characters are looked for."))
        return words

    def uuids(self, name: str) -> list[UUID]:
        """Read ids; one that is well formed but unknown finds nothing."""
        return [uuid(name, value) for value in self.many(name)]

    def instant(self, name: str) -> datetime | None:
        """Read an instant or a date; both are UTC where they do not say otherwise."""
        value = self.one(name)
        if not value:
            return None
        try:
            if len(value) == 10:
                return datetime.combine(date.fromisoformat(value), time(), tzinfo=UTC)
            # A plus sign in an address is a blank unless it is encoded.
            read = datetime.fromisoformat(value.replace(" ", "+"))
        except ValueError as error:
            raise wrong(name, _("This is no date and no instant.")) from error
        return read if read.tzinfo else read.replace(tzinfo=UTC)

    def number(self, name: str, low: float, high: float) -> float | None:
        """Read a number within bounds."""
        value = self.one(name)
        if not value:
            return None
        try:
            read = float(Decimal(value))
        except (InvalidOperation, OverflowError) as error:
            raise wrong(name, _("This is not a number.")) from error
        if not isfinite(read) or not low <= read <= high:
            raise wrong(
                name,
                _("This is a number from %(low)s to %(high)s.")
                % {"low": f"{low:g}", "high": f"{high:g}"},
            )
        return read

    def point(self) -> Point | None:
        """Read a position; half of one is refused."""
        lat, lon = self.number("lat", -90, 90), self.number("lon", -180, 180)
        if (lat is None) != (lon is None):
            missing = "lat" if lat is None else "lon"
            raise wrong(missing, _("Latitude and longitude are given together."))
        return None if lat is None or lon is None else Point(lat, lon)

    def box(self) -> Box | None:
        """Read a window as minLon,minLat,maxLon,maxLat."""
        parts = self.many("bbox")
        if not parts:
            return None
        try:
            west, south, east, north = (float(Decimal(part)) for part in parts)
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise wrong("bbox", _("This is minLon,minLat,maxLon,maxLat.")) from error
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise wrong("bbox", _("This is minLon,minLat,maxLon,maxLat."))
        return Box(south, west, north, east)


def wrong(name: str, message: str) -> InvalidParameter:
    """Return the refusal of a parameter, by its name."""
    return InvalidParameter(message, parameter=name)


def uuid(name: str, value: str) -> UUID:
    """Read one id."""
    if len(value) != 36:
        raise wrong(name, _("This is not a UUID."))
    try:
        return UUID(value)
    except ValueError as error:
        raise wrong(name, _("This is not a UUID.")) from error


def read(request: Request, known: Collection[str], several: Collection[str]) -> Parameters:
    """Take the parameters of the address and of the body; an unknown name is refused.

    A filter that is ignored would return everything.
    """
    given = {name: list(values) for name, values in request.query_params.lists()}
    if request.method == "POST":
        for name, values in _body(request.data).items():
            if name in given and given[name] != values:
                raise wrong(name, _("The address and the body contradict each other."))
            given[name] = values
    for name, values in given.items():
        if name not in known:
            raise wrong(name[:60], _("There is no such parameter."))
        if len(values) > 1 and name not in several:
            raise wrong(name, _("This parameter is given twice."))
        if any("\x00" in value for value in values):
            raise wrong(name, _("There is an invisible character in this."))
    return Parameters(given)


def _body(data: Any) -> dict[str, list[str]]:
    if not isinstance(data, dict):
        raise wrong("body", _("The body is an object of parameters."))
    found: dict[str, list[str]] = {}
    for name, value in data.items():
        values: Iterable[Any] = value if isinstance(value, list) else [value]
        if not all(isinstance(each, str | int | float | bool) for each in values):
            raise wrong(str(name)[:60], _("This is a text, a number, or a list of them."))
        found[str(name)] = [
            str(each).lower() if isinstance(each, bool) else str(each) for each in values
        ]
    return found
