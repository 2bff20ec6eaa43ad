"""Which squares of the three grids a circle or a window covers; pure, shared by the engines.

A square that lies wholly inside admits what is in it; one that is cut has to be looked into.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from directory.geography.coordinates import EARTH_RADIUS_M, Box, Point, box_around
from search.documents.doc import CELL_SIZES
from search.requests import Box as Window

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_LEVELS = tuple(CELL_SIZES.items())
_SPLIT = 5
# Corners that touch the circle within this many meters are looked at one by one.
_SLACK_M = 1.0
# Beyond these radii the finer grids would need too many squares.
_FINEST_M = ((13_000.0, 3), (50_000.0, 2))


class Squares(NamedTuple):
    """Edges of many squares, in degrees."""

    south: Numbers
    west: Numbers
    north: Numbers
    east: Numbers


class Cover(NamedTuple):
    """Squares by grid that are wholly inside, and those of the finest used grid that are cut."""

    inside: dict[str, list[str]]
    cut_name: str
    cut: list[str]


Place = Callable[[Squares], tuple[Mask, Mask]]


def _names(rows: Whole, columns: Whole, size: float) -> list[str]:
    around = round(360 / size)
    columns = (columns + around // 2) % around - around // 2
    return [f"{row}_{column}" for row, column in zip(rows, columns, strict=True)]


def meters(lat: float, lon: float, lats: Numbers, lons: Numbers) -> Numbers:
    """Return the straight distance from one point to many (haversine)."""
    here_lat, here_lon = np.radians(lat), np.radians(lon)
    there_lat, there_lon = np.radians(lats), np.radians(lons)
    chord = (
        np.sin((there_lat - here_lat) / 2) ** 2
        + np.cos(here_lat) * np.cos(there_lat) * np.sin((there_lon - here_lon) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1, np.sqrt(chord))))


def _circle(center: Point, radius_m: float) -> Place:
    def place(s: Squares) -> tuple[Mask, Mask]:
        corners = [
            meters(*center, lat, lon) for lat in (s.south, s.north) for lon in (s.west, s.east)
        ]
        inside = np.maximum.reduce(corners) <= radius_m - _SLACK_M
        near = meters(
            *center, np.clip(center.lat, s.south, s.north), np.clip(center.lon, s.west, s.east)
        )
        # On a sphere the nearest point of a square may lie a little beside the clipped one.
        return inside, ~inside & (near <= radius_m * 1.01 + _SLACK_M)

    return place


def _window(window: Box) -> Place:
    def place(s: Squares) -> tuple[Mask, Mask]:
        inside = (
            (s.south >= window.south)
            & (s.north <= window.north)
            & (s.west >= window.west)
            & (s.east <= window.east)
        )
        apart = (
            (s.north < window.south)
            | (s.south > window.north)
            | (s.east < window.west)
            | (s.west > window.east)
        )
        return inside, ~inside & ~apart

    return place


def _cover(box: Box, place: Place, levels: int) -> Cover:
    inside: dict[str, list[str]] = {name: [] for name in CELL_SIZES}
    size = _LEVELS[0][1]
    low, high = int(np.floor(box.south / size)), int(np.floor(box.north / size))
    left, right = int(np.floor(box.west / size)), int(np.floor(box.east / size))
    rows, columns = (
        grid.ravel() for grid in np.mgrid[low : high + 1, left : right + 1].astype(np.int64)
    )
    for level, (name, size) in enumerate(_LEVELS[:levels]):
        if level:
            steps = np.arange(_SPLIT)
            rows = (rows[:, None, None] * _SPLIT + steps[:, None] + 0 * steps).ravel()
            columns = (columns[:, None, None] * _SPLIT + 0 * steps[:, None] + steps).ravel()
        squares = Squares(rows * size, columns * size, (rows + 1) * size, (columns + 1) * size)
        whole, cut = place(squares)
        inside[name] = _names(rows[whole], columns[whole], size)
        rows, columns = rows[cut], columns[cut]
    name, size = _LEVELS[levels - 1]
    return Cover(inside, name, _names(rows, columns, size))


@lru_cache(maxsize=64)
def of_circle(lat: float, lon: float, radius_m: float) -> Cover:
    """Cover a circle; around a pole or across the date line the window is as wide as it must."""
    center = Point(lat, lon)
    levels = next((depth for most, depth in _FINEST_M if radius_m <= most), 1)
    return _cover(box_around(center, radius_m), _circle(center, radius_m), levels)


def of_window(window: Window) -> list[Cover]:
    """Cover a window of the map, in two halves where it crosses the date line."""
    spans = [(window.west, window.east)]
    if window.west > window.east:
        spans = [(window.west, 180.0), (-180.0, window.east)]
    halves = [Box(window.south, west, window.north, east) for west, east in spans]
    width = max(window.north - window.south, *(east - west for west, east in spans))
    levels = 3 if width <= 1 else 2 if width <= 5 else 1
    return [_cover(half, _window(half), levels) for half in halves]
