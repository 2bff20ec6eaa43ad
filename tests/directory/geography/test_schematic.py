"""The border-free map."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.geography.coordinates import Point
from directory.geography.schematic import Name, Pin, draw, window

HERE = Point(30.27, 120.15)
SVG = "{http://www.w3.org/2000/svg}"


def pins(*points, href=""):
    return [Pin(n, point, f"服务 {n}", href) for n, point in enumerate(points, start=1)]


def parse(markup):
    return ET.fromstring(str(markup))  # noqa: S314  # our own markup


def numbers(root):
    marks = [*root.iter(f"{SVG}a"), *root.iter(f"{SVG}g")]
    return [mark.find(f"{SVG}text").text for mark in marks if mark.get("class") == "pin"]


def test_pins_carry_the_numbers_of_the_list():
    root = parse(draw(pins(HERE, Point(30.28, 120.16), Point(30.25, 120.1)), title="地图"))

    assert numbers(root) == ["1", "2", "3"]


def test_a_pin_with_an_address_is_a_link_that_says_its_name():
    root = parse(draw(pins(HERE, href="#s1"), title="地图"))

    link = root.find(f"{SVG}a")
    assert link.get("href") == "#s1"
    assert link.get("aria-label") == "1 服务 1"


def test_nothing_in_it_needs_a_style_or_a_script():
    markup = draw(pins(HERE, href="#s1"), title="地图", center=HERE, center_label="柳汀社区")

    assert not re.search(r"style=|<script|<style|javascript:|\bon[a-z]+=", markup)


@pytest.mark.parametrize("hostile", ['<script>alert("1")</script>', '" onclick="x', "&lt;"])
def test_text_from_outside_stays_text(hostile):
    markup = draw(
        [Pin(1, HERE, hostile, hostile)],
        title=hostile,
        names=[Name(hostile, Point(30.3, 120.16))],
        center=HERE,
        center_label=hostile,
    )

    root = parse(markup)
    assert root.find(f"{SVG}title").text == hostile
    assert not list(root.iter(f"{SVG}script"))


def test_rings_stand_at_round_distances_around_the_center(settings):
    root = parse(draw(pins(Point(30.29, 120.15)), title="地图", center=HERE))

    rings = [circle for circle in root.iter(f"{SVG}circle") if circle.get("class") == "ring"]
    radii = [float(ring.get("r")) for ring in rings]
    assert len(rings) == 3
    assert radii[1] == pytest.approx(2 * radii[0], abs=0.2)
    assert {(ring.get("cx"), ring.get("cy")) for ring in rings} == {("184", "215")}


def test_without_a_center_there_are_no_rings():
    root = parse(draw(pins(HERE), title="地图"))

    assert not [c for c in root.iter(f"{SVG}circle") if c.get("class") == "ring"]


def test_three_services_in_one_house_can_be_told_apart():
    root = parse(draw(pins(HERE, HERE, HERE), title="地图"))

    spots = {
        (mark.find(f"{SVG}circle").get("cx"), mark.find(f"{SVG}circle").get("cy"))
        for mark in root.iter(f"{SVG}g")
        if mark.get("class") == "pin"
    }
    assert len(spots) == 3


def test_names_never_cover_a_pin_or_each_other():
    names = [Name("西湖区", HERE), Name("西湖区", Point(30.29, 120.15)), Name("拱墅区", HERE)]

    root = parse(draw(pins(HERE, Point(30.3, 120.2)), title="地图", names=names))

    written = [t.text for t in root.iter(f"{SVG}text") if t.get("class") == "place"]
    assert written.count("西湖区") <= 1
    assert "拱墅区" not in written


def test_no_border_is_drawn():
    root = parse(draw(pins(HERE), title="地图", center=HERE))

    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "g", "path", "circle", "text", "a")
    }


points = st.builds(Point, st.floats(-80, 80), st.floats(-170, 170))


@given(st.lists(points, max_size=12), st.none() | points)
def test_every_pin_lies_on_the_paper(where, center):
    near = [Point(30 + p.lat / 100, 120 + p.lon / 100) for p in where]
    middle = Point(30 + center.lat / 100, 120 + center.lon / 100) if center else None

    root = parse(draw(pins(*near), title="地图", center=middle))

    for mark in root.iter(f"{SVG}g"):
        if mark.get("class") == "pin":
            circle = mark.find(f"{SVG}circle")
            assert 0 <= float(circle.get("cx")) <= 368
            assert 0 <= float(circle.get("cy")) <= 430


@given(st.lists(points, min_size=1, max_size=8))
def test_the_window_holds_the_points(where):
    near = [Point(30 + p.lat / 100, 120 + p.lon / 100) for p in where]

    box = window(near)

    assert all(box.contains(point) for point in near)
