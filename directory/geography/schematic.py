"""The border-free map as SVG: grid, rings, names, numbered pins. Pure; colors are the stylesheet's.

Nothing here draws a boundary: what is shown are service points, place names at their centers, and
distances. The numbers are those of the list beside the map.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from directory.geography.coordinates import EARTH_RADIUS_M, Box, Point, box_around, meters_between

PIN_RADIUS: Final = 13
MARGIN: Final = 30
# A map of one house would tell nothing: at least this much ground is shown on each side.
LEAST_REACH_M: Final = 400.0
RINGS: Final = 3


@dataclass(frozen=True)
class Pin:
    """A numbered point; with `href` it repeats the link of its row in the list."""

    number: int
    point: Point
    label: str
    href: str = ""


class Name(NamedTuple):
    """The name of a place, written at its center."""

    text: str
    point: Point


class _Spot(NamedTuple):
    x: float
    y: float


class _Text(NamedTuple):
    """A written name and the room it takes."""

    at: _Spot
    text: str

    @property
    def width(self) -> float:
        return sum(14 if ord(letter) > 0x2E80 else 7.5 for letter in self.text)

    def is_free_of(self, other: "_Text") -> bool:
        return (
            abs(self.at.y - other.at.y) > 16
            or self.at.x > other.at.x + other.width
            or other.at.x > self.at.x + self.width
        )


@dataclass(frozen=True)
class _Sheet:
    """Where ground meets paper: meters per pixel around a middle."""

    middle: Point
    width: int
    height: int
    meters_per_pixel: float

    def spot(self, point: Point) -> _Spot:
        east = math.radians(point.lon - self.middle.lon) * math.cos(math.radians(self.middle.lat))
        north = math.radians(point.lat - self.middle.lat)
        scale = EARTH_RADIUS_M / self.meters_per_pixel
        return _Spot(self.width / 2 + east * scale, self.height / 2 - north * scale)

    def holds(self, spot: _Spot, margin: float = 0) -> bool:
        return margin <= spot.x <= self.width - margin and margin <= spot.y <= self.height - margin


def window(points: Sequence[Point], center: Point | None = None) -> Box:
    """Return the ground that a map of these points shows, so that the caller can name places."""
    middle = center or _middle(points)
    reach = max((meters_between(middle, point) for point in points), default=0.0)
    return box_around(middle, max(reach, LEAST_REACH_M) * 1.3)


def draw(
    pins: Sequence[Pin],
    *,
    title: str,
    names: Iterable[Name] = (),
    center: Point | None = None,
    center_label: str = "",
    ident: str = "map",
    size: tuple[int, int] = (368, 430),
) -> SafeString:
    """Draw the pins, most important first; with a center also rings of equal straight distance."""
    sheet = _sheet([pin.point for pin in pins], center, size)
    step = _round_step(sheet.meters_per_pixel * (min(size) / 2 - MARGIN) / RINGS)
    spots = _parted([sheet.spot(pin.point) for pin in pins], sheet)
    rings = _ring_texts(sheet, step) if center else []
    taken = [*rings, *([_center_text(sheet, center_label, spots)] if center_label else [])]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" role="group"'
        ' aria-labelledby="{ident}-t {ident}-d"><title id="{ident}-t">{title}</title>'
        '<desc id="{ident}-d">{desc}</desc>{grid}{rings}{texts}{here}{pins}{scale}</svg>',
        w=size[0],
        h=size[1],
        ident=ident,
        title=title,
        desc=gettext("Schematic, not a survey; the numbers are those of the list."),
        grid=_grid(sheet, step),
        rings=_rings(sheet, step, len(rings)),
        texts=_texts([*taken, *_free_names(names, sheet, taken, spots)]),
        here=_here(sheet) if center else "",
        pins=format_html_join("", "{}", ((_pin(p, s),) for p, s in zip(pins, spots, strict=True))),
        scale=_scale(sheet, step),
    )


def distance_words(meters: float) -> str:
    """Write a round distance: meters below a kilometer, else kilometers."""
    if meters < 1000:
        return gettext("%(number)s m") % {"number": f"{meters:.0f}"}
    return gettext("%(number)s km") % {"number": f"{meters / 1000:g}"}


# ---- The paper ------------------------------------------------------------------------------
def _middle(points: Sequence[Point]) -> Point:
    if not points:
        return Point(0.0, 0.0)
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    return Point((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)


def _sheet(points: Sequence[Point], center: Point | None, size: tuple[int, int]) -> _Sheet:
    """Choose the largest scale at which every point fits."""
    middle = center or _middle(points)
    one = _Sheet(middle, 0, 0, 1.0)
    spots = [one.spot(point) for point in points]
    wide = max((abs(spot.x) for spot in spots), default=0.0) / (size[0] / 2 - MARGIN)
    high = max((abs(spot.y) for spot in spots), default=0.0) / (size[1] / 2 - MARGIN)
    least = LEAST_REACH_M / (min(size) / 2 - MARGIN)
    return _Sheet(middle, *size, max(wide, high, least))


def _round_step(meters: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten that is not longer."""
    power = 10.0 ** math.floor(math.log10(meters))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= meters * 1.0001)


def _parted(spots: list[_Spot], sheet: _Sheet) -> list[_Spot]:
    """Move pins of one house apart, so that every number can be read and clicked."""
    placed: list[_Spot] = []
    for spot in spots:
        ways = [spot] + [
            _Spot(spot.x + turn * math.cos(angle), spot.y + turn * math.sin(angle))
            for turn in (24.0, 40.0, 56.0)
            for angle in (math.pi * part / 6 for part in range(12))
        ]
        free = (way for way in ways if sheet.holds(way, 14) and _clear(way, placed))
        placed.append(next(free, spot))
    return placed


def _clear(spot: _Spot, placed: Iterable[_Spot], gap: float = 22.0) -> bool:
    return all(math.hypot(spot.x - other.x, spot.y - other.y) >= gap for other in placed)


# ---- What is drawn --------------------------------------------------------------------------
def _grid(sheet: _Sheet, step: float) -> SafeString:
    cell = step / sheet.meters_per_pixel
    columns = _marks(sheet.width, cell)
    rows = _marks(sheet.height, cell)
    return format_html(
        '<g class="grid">{}{}</g>',
        format_html_join("", '<path d="M{} 0V{}"/>', ((x, sheet.height) for x in columns)),
        format_html_join("", '<path d="M0 {}H{}"/>', ((y, sheet.width) for y in rows)),
    )


def _marks(length: int, cell: float) -> list[str]:
    first = (length / 2) % cell
    return [_n(first + cell * k) for k in range(int((length - first) // cell) + 1)]


def _rings(sheet: _Sheet, step: float, count: int) -> SafeString:
    return format_html_join(
        "",
        '<circle class="ring" cx="{}" cy="{}" r="{}"/>',
        (
            (_n(sheet.width / 2), _n(sheet.height / 2), _n(step * k / sheet.meters_per_pixel))
            for k in range(1, count + 1)
        ),
    )


def _ring_texts(sheet: _Sheet, step: float) -> list[_Text]:
    x = sheet.width / 2 + 6
    tops = [(k, sheet.height / 2 - step * k / sheet.meters_per_pixel) for k in range(1, RINGS + 1)]
    return [_Text(_Spot(x, top - 4), distance_words(step * k)) for k, top in tops if top > 16]


def _center_text(sheet: _Sheet, label: str, pins: Sequence[_Spot]) -> _Text:
    """Name the middle on the side where no pin covers the name; on the right when both are bad."""
    x, y = sheet.width / 2, sheet.height / 2 + 5
    right = _Text(_Spot(x + 14, y), label)
    left = _Text(_Spot(x - 14 - right.width, y), label)
    return next((text for text in (right, left) if _is_bare(text, pins)), right)


def _is_bare(text: _Text, pins: Iterable[_Spot]) -> bool:
    x, y, half = text.at.x + text.width / 2, text.at.y - 5, text.width / 2
    return all(abs(x - pin.x) > half + PIN_RADIUS or abs(y - pin.y) > 20 for pin in pins)


def _free_names(
    names: Iterable[Name], sheet: _Sheet, taken: Sequence[_Text], pins: Sequence[_Spot]
) -> list[_Text]:
    """Keep the names that cover neither each other nor a pin; the first named wins."""
    kept: list[_Text] = []
    for name in names:
        spot = sheet.spot(name.point)
        text = _Text(spot, name.text)
        if (
            sheet.holds(spot, 16)
            and spot.x + text.width < sheet.width - 8
            and all(text.is_free_of(other) for other in [*taken, *kept])
            and _is_bare(text, pins)
        ):
            kept.append(text)
    return kept


def _texts(texts: Iterable[_Text]) -> SafeString:
    return format_html_join(
        "",
        '<text class="place" x="{}" y="{}">{}</text>',
        ((_n(text.at.x), _n(text.at.y), text.text) for text in texts),
    )


def _here(sheet: _Sheet) -> SafeString:
    x, y = _n(sheet.width / 2), _n(sheet.height / 2 - 9)
    return format_html('<path class="here" d="M{} {}l9 9-9 9-9-9z"/>', x, y)


def _pin(pin: Pin, spot: _Spot) -> SafeString:
    mark = format_html(
        '<circle cx="{x}" cy="{y}" r="{r}"/><text x="{x}" y="{base}">{number}</text>',
        x=_n(spot.x),
        y=_n(spot.y),
        r=PIN_RADIUS,
        base=_n(spot.y + 5),
        number=pin.number,
    )
    words = f"{pin.number} {pin.label}"
    if pin.href:
        return format_html('<a class="pin" href="{}" aria-label="{}">{}</a>', pin.href, words, mark)
    return format_html('<g class="pin"><title>{}</title>{}</g>', words, mark)


def _scale(sheet: _Sheet, step: float) -> SafeString:
    """Draw the north arrow and the scale bar; the bar is one or two steps of the grid long."""
    if step / sheet.meters_per_pixel < 60:
        step *= 2
    bar = step / sheet.meters_per_pixel
    return format_html(
        '<g class="axis"><path d="M{x} 52V24m-6 9 6-9 6 9"/><path d="M20 {y}v6h{bar}v-6"/></g>'
        '<text x="{nx}" y="70">{north}</text><text x="20" y="{ty}">0</text>'
        '<text x="{ex}" y="{ty}">{distance}</text>',
        x=sheet.width - 28,
        y=sheet.height - 20,
        bar=_n(bar),
        nx=sheet.width - 35,
        north=gettext("N"),
        ty=sheet.height - 26,
        ex=_n(max(36.0, bar + 2)),
        distance=distance_words(step),
    )


def _n(number: float) -> str:
    """Write a length the same in every language, without needless digits."""
    return f"{number:.1f}".removesuffix(".0")
