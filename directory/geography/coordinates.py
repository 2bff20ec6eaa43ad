"""Points on the earth: datums, distances, boxes, polygons. Pure; degrees are floats here."""

import itertools
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from directory.geography.states import Datum

EARTH_RADIUS_M = 6_371_008.8
MAX_POINTS = 10_000
# Farther from the stated county than this, the point is wrong rather than the county large.
FAR_FROM_AREA_M = 100_000


class Point(NamedTuple):
    """A place in degrees; WGS-84 unless the name says otherwise."""

    lat: float
    lon: float


class Box(NamedTuple):
    """A window between two parallels and two meridians."""

    south: float
    west: float
    north: float
    east: float

    def contains(self, point: Point) -> bool:
        """Say whether the point lies inside or on the edge."""
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east


# Windows by which a swapped pair is recognized; a country without one is not checked.
COUNTRY_BOXES: dict[str, Box] = {
    "CN": Box(3.4, 73.4, 53.6, 135.1),
    "US": Box(18.9, -179.2, 71.4, -66.9),
}


def places(degrees: float) -> Decimal:
    """Return degrees as they are stored: seven places, about a centimeter."""
    return Decimal(f"{degrees:.7f}")


# ---- Datums ---------------------------------------------------------------------------------
_A = 6378245.0
_EE = 0.00669342162296594323
_CHINA = Box(0.8293, 72.004, 55.8271, 137.8347)
_BD_PI = math.pi * 3000.0 / 180.0


def _waves(x: float, y: float) -> tuple[float, float]:
    """Return the offsets in meters, before scaling, that GCJ-02 adds to latitude and longitude."""
    common = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + common
    lat += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    lat += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + common
    lon += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    lon += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    return lat, lon


def _gcj02(point: Point) -> Point:
    """Shift a WGS-84 point as the law shifts it; outside China nothing is shifted."""
    if not _CHINA.contains(point):
        return point
    lat_m, lon_m = _waves(point.lon - 105.0, point.lat - 35.0)
    phi = math.radians(point.lat)
    magic = 1 - _EE * math.sin(phi) ** 2
    lat = lat_m * 180.0 / ((_A * (1 - _EE)) / (magic * math.sqrt(magic)) * math.pi)
    lon = lon_m * 180.0 / (_A / math.sqrt(magic) * math.cos(phi) * math.pi)
    return Point(point.lat + lat, point.lon + lon)


def _bd09(point: Point) -> Point:
    """Shift a WGS-84 point as Baidu does, on top of GCJ-02."""
    if not _CHINA.contains(point):
        return point
    shifted = _gcj02(point)
    radius = math.hypot(shifted.lon, shifted.lat) + 0.00002 * math.sin(shifted.lat * _BD_PI)
    angle = math.atan2(shifted.lat, shifted.lon) + 0.000003 * math.cos(shifted.lon * _BD_PI)
    return Point(radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065)


def _unchanged(point: Point) -> Point:
    return point


_FORWARD: dict[str, Callable[[Point], Point]] = {
    Datum.WGS84: _unchanged,
    Datum.CGCS2000: _unchanged,
    Datum.GCJ02: _gcj02,
    Datum.BD09: _bd09,
}


def from_wgs84(*, lat: float, lon: float, datum: str) -> Point:
    """Return a stored point in the datum that a map or a provider wants."""
    return _FORWARD[datum](Point(lat, lon))


def to_wgs84(*, lat: float, lon: float, datum: str) -> Point:
    """Return a received point as we store it.

    The shifts have no closed inverse: the guess is moved by what its image misses, which after
    five rounds is below a millimeter.
    """
    forward, guess = _FORWARD[datum], Point(lat, lon)
    if forward is _unchanged:
        return guess
    for _ in range(5):
        image = forward(guess)
        guess = Point(guess.lat + lat - image.lat, guess.lon + lon - image.lon)
    return guess


# ---- Checks ---------------------------------------------------------------------------------
class Reading(NamedTuple):
    """A pair of numbers from outside: the point, or why it is none, and what was put right."""

    point: Point | None
    problem: str = ""
    warning: str = ""


def read(lat: float | None, lon: float | None, *, datum: str = "wgs84", country: str) -> Reading:
    """Take a received pair; refuse halves, zeros and what is not on earth, turn swapped ones."""
    if lat is None and lon is None:
        return Reading(None)
    if lat is None or lon is None:
        return Reading(None, "missing_required")
    if lat == 0 and lon == 0:
        return Reading(None, "zero_coordinate")
    box, warning = COUNTRY_BOXES.get(country), ""
    if box and not box.contains(Point(lat, lon)) and box.contains(Point(lon, lat)):
        lat, lon, warning = lon, lat, "swapped_coordinates"
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return Reading(None, "coordinate_out_of_range")
    return Reading(to_wgs84(lat=lat, lon=lon, datum=datum), warning=warning)


# ---- Distances and windows ------------------------------------------------------------------
def meters_between(a: Point, b: Point) -> float:
    """Return the straight distance over the sphere (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    chord = half_lat**2 + math.cos(lat_a) * math.cos(lat_b) * half_lon**2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def box_around(point: Point, radius_m: float) -> Box:
    """Return a window that holds every point within the radius; it may hold a few more."""
    lat = math.degrees(radius_m / EARTH_RADIUS_M)
    south, north = max(-90.0, point.lat - lat), min(90.0, point.lat + lat)
    reach = math.sin(radius_m / EARTH_RADIUS_M) / max(math.cos(math.radians(point.lat)), 1e-12)
    # Around a pole, and across the date line, every meridian may be within reach.
    if north >= 90 or south <= -90 or reach >= 1:
        return Box(south, -180.0, north, 180.0)
    lon = math.degrees(math.asin(reach))
    if point.lon - lon < -180 or point.lon + lon > 180:
        return Box(south, -180.0, north, 180.0)
    return Box(south, point.lon - lon, north, point.lon + lon)


# ---- Polygons (GeoJSON, whose pairs are [lon, lat]) -----------------------------------------
def _rings(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    """Return the polygons of a geometry, each a list of rings: the first is the outer one."""
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"])


def _in_ring(ring: list[list[float]], point: Point) -> bool:
    """Count the edges that a ray to the east crosses: odd is inside."""
    inside = False
    for (lon_a, lat_a, *_), (lon_b, lat_b, *_) in itertools.pairwise(ring):
        if (lat_a > point.lat) != (lat_b > point.lat):
            crossing = lon_a + (point.lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
            inside ^= point.lon < crossing
    return inside


def in_geometry(geometry: dict[str, Any], point: Point) -> bool:
    """Say whether a Polygon or MultiPolygon holds the point; holes do not belong to it."""
    return any(
        _in_ring(outer, point) and not any(_in_ring(hole, point) for hole in holes)
        for outer, *holes in _rings(geometry)
    )


def _position_is_sound(position: object) -> bool:
    return (
        isinstance(position, list)
        and len(position) in (2, 3)
        and all(isinstance(x, int | float) and not isinstance(x, bool) for x in position)
        and abs(position[0]) <= 180
        and abs(position[1]) <= 90
    )


def _ring_is_sound(ring: object) -> bool:
    return (
        isinstance(ring, list)
        and len(ring) >= 4
        and all(_position_is_sound(position) for position in ring)
        and ring[0] == ring[-1]
    )


def geometry_is_sound(geometry: object) -> bool:
    """Accept a GeoJSON Polygon or MultiPolygon of closed rings with at most 10,000 points."""
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        return False
    polygons = geometry.get("coordinates")
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    if not isinstance(polygons, list) or not polygons:
        return False
    if not all(isinstance(polygon, list) and polygon for polygon in polygons):
        return False
    rings = [ring for polygon in polygons for ring in polygon]
    return all(_ring_is_sound(ring) for ring in rings) and sum(map(len, rings)) <= MAX_POINTS
