"""Datums, distances, boxes, polygons."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.geography.coordinates import (
    Box,
    Point,
    box_around,
    from_wgs84,
    geometry_is_sound,
    in_geometry,
    meters_between,
    places,
    read,
    to_wgs84,
)

# Well inside the rectangle in which points are shifted: at its edge the shift jumps.
china = st.builds(Point, st.floats(4, 53), st.floats(74, 135))
earth = st.builds(Point, st.floats(-85, 85), st.floats(-179, 179))
shifted = st.sampled_from(["gcj02", "bd09"])
datums = st.sampled_from(["wgs84", "gcj02", "bd09", "cgcs2000"])


@given(china, datums)
def test_there_and_back_misses_by_less_than_a_millimeter(point, datum):
    image = from_wgs84(lat=point.lat, lon=point.lon, datum=datum)

    back = to_wgs84(lat=image.lat, lon=image.lon, datum=datum)

    assert meters_between(point, back) < 0.001


@given(china, shifted)
def test_a_wrong_datum_leads_to_another_street(point, datum):
    image = from_wgs84(lat=point.lat, lon=point.lon, datum=datum)

    assert 20 < meters_between(point, image) < 2000


@given(st.builds(Point, st.floats(56, 80), st.floats(-179, 179)), datums)
def test_outside_china_nothing_is_shifted(point, datum):
    assert from_wgs84(lat=point.lat, lon=point.lon, datum=datum) == point
    assert to_wgs84(lat=point.lat, lon=point.lon, datum=datum) == point


def test_the_shift_equals_the_published_one():
    tiananmen = from_wgs84(lat=39.907375, lon=116.391349, datum="gcj02")

    assert tiananmen.lat == pytest.approx(39.908777, abs=2e-6)
    assert tiananmen.lon == pytest.approx(116.397591, abs=2e-6)


@given(earth, earth)
def test_distance_is_symmetric_and_never_longer_than_half_the_earth(a, b):
    assert meters_between(a, b) == pytest.approx(meters_between(b, a))
    assert 0 <= meters_between(a, b) <= math.pi * 6_371_009


def test_a_degree_of_latitude_is_111_kilometers():
    assert meters_between(Point(0, 0), Point(1, 0)) == pytest.approx(111_195, abs=1)


@given(earth, st.floats(1, 200_000), st.floats(0, 2 * math.pi), st.floats(0, 0.999))
def test_the_box_holds_every_point_within_the_radius(center, radius, direction, part):
    angle = radius * part / 6_371_008.8
    lat = math.asin(
        math.sin(math.radians(center.lat)) * math.cos(angle)
        + math.cos(math.radians(center.lat)) * math.sin(angle) * math.cos(direction)
    )
    east = math.atan2(
        math.sin(direction) * math.sin(angle) * math.cos(math.radians(center.lat)),
        math.cos(angle) - math.sin(math.radians(center.lat)) * math.sin(lat),
    )
    lon = (center.lon + math.degrees(east) + 540) % 360 - 180

    assert box_around(center, radius).contains(Point(math.degrees(lat), lon))


@pytest.mark.parametrize("center", [Point(89.9, 10), Point(-89.9, 10), Point(10, 179.9)])
def test_a_box_at_a_pole_or_the_date_line_goes_around(center):
    box = box_around(center, 50_000)

    assert (box.west, box.east) == (-180, 180)


def test_degrees_are_kept_to_seven_places():
    assert str(places(30.27411111111)) == "30.2741111"


class TestRead:
    def test_zero_is_no_coordinate(self):
        assert read(0, 0, country="CN") == (None, "zero_coordinate", "")

    def test_half_a_pair_is_refused(self):
        assert read(30.2, None, country="CN").problem == "missing_required"
        assert read(None, 120.1, country="CN").problem == "missing_required"

    def test_nothing_is_nothing(self):
        assert read(None, None, country="CN") == (None, "", "")

    @pytest.mark.parametrize("pair", [(91, 0), (0, 181), (100, 101), (math.nan, 1), (math.inf, 1)])
    def test_what_is_not_on_earth_is_refused(self, pair):
        assert read(*pair, country="") == (None, "coordinate_out_of_range", "")

    def test_a_swapped_pair_is_turned_with_a_warning(self):
        taken = read(120.15, 30.27, country="CN")

        assert taken.point == Point(30.27, 120.15)
        assert taken.warning == "swapped_coordinates"

    def test_a_point_abroad_stays_where_it_is(self):
        assert read(48.85, 2.35, country="CN").point == Point(48.85, 2.35)

    def test_the_datum_of_the_source_is_taken_back(self):
        image = from_wgs84(lat=30.27, lon=120.15, datum="bd09")

        taken = read(image.lat, image.lon, datum="bd09", country="CN")

        assert taken.point
        assert meters_between(taken.point, Point(30.27, 120.15)) < 0.01


SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]


class TestGeometry:
    def test_a_hole_does_not_belong_to_the_area(self):
        ring = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}

        assert in_geometry(ring, Point(0.5, 0.5))
        assert not in_geometry(ring, Point(2, 2))
        assert not in_geometry(ring, Point(5, 5))

    def test_any_part_of_a_multipolygon_counts(self):
        far = [[lon + 10, lat] for lon, lat in SQUARE]
        both = {"type": "MultiPolygon", "coordinates": [[SQUARE], [far]]}

        assert in_geometry(both, Point(1, 11))

    @pytest.mark.parametrize(
        "broken",
        [
            None,
            {"type": "Point", "coordinates": [0, 0]},
            {"type": "Polygon", "coordinates": []},
            {"type": "Polygon", "coordinates": [SQUARE[:-1]]},
            {"type": "Polygon", "coordinates": [[[0, 0], [0, 0]]]},
            {"type": "Polygon", "coordinates": [[[0, 95], *SQUARE[1:-1], [0, 95]]]},
            {"type": "Polygon", "coordinates": [[["a", "b"], *SQUARE[1:]]]},
            {"type": "Polygon", "coordinates": [SQUARE * 2001]},
            {"type": "MultiPolygon", "coordinates": [SQUARE]},
            {"type": "MultiPolygon", "coordinates": "x"},
        ],
    )
    def test_broken_geometry_is_refused(self, broken):
        assert not geometry_is_sound(broken)

    def test_sound_geometry_is_taken(self):
        assert geometry_is_sound({"type": "Polygon", "coordinates": [SQUARE, HOLE]})


def test_a_box_holds_its_edge():
    assert Box(0, 0, 1, 1).contains(Point(1, 1))
