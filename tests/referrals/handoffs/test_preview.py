import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.handoffs.packet.cell import ADULT, MINOR, Cell, Map, generalize

# A town in a county in a city; only the city is large enough.
ABOVE = {"900101001": "900101", "900101": "900100", "900100": "900000", "900000": "", "": ""}
SMALL = {"900101001", "900101", ""}
WORLD = Map(
    is_rare=lambda code: code in {"HE17", "PG11"},
    is_small=lambda code: code in SMALL,
    area_above=lambda code: ABOVE[code],
)
COMMON = Cell("EL02", "p2", "70-79", "female", "900101001", ("cmn",), (("age_range", "meets"),))


def test_a_common_need_is_shown_as_it_is():
    assert generalize(COMMON, WORLD) == COMMON


def test_a_rare_need_in_a_large_area_is_shown_as_it_is():
    cell = Cell("HE17", "p2", "35-59", "male", "900100")

    assert generalize(cell, WORLD) == cell


def test_a_rare_need_in_a_county_loses_sex_age_and_county():
    cell = Cell("HE17", "p2", "35-59", "male", "900101")

    assert generalize(cell, WORLD) == Cell("HE17", "p2", ADULT, "", "900100")


def test_a_rare_need_in_a_town_loses_its_leaf_too():
    cell = Cell("PG11", "p2", "14-17", "male", "900101001")

    assert generalize(cell, WORLD) == Cell("PG", "p2", MINOR, "", "900101")


cells = st.builds(
    Cell,
    category=st.sampled_from(["EL02", "HE17", "PG11", "SA03"]),
    priority=st.sampled_from(["p1", "p2", "p3", "p4"]),
    age_band=st.sampled_from(["", "0-5", "14-17", "35-59", "80+"]),
    sex=st.sampled_from(["", "female", "male"]),
    area=st.sampled_from(sorted(ABOVE)),
)


@given(cells)
def test_no_cell_points_at_a_rare_need_in_a_small_area(cell):
    shown = generalize(cell, WORLD)

    assert not (WORLD.is_rare(shown.category) and WORLD.is_small(shown.area))


@given(cells)
def test_nothing_becomes_more_precise(cell):
    shown = generalize(cell, WORLD)

    assert shown.sex in {"", cell.sex}
    assert shown.age_band in {cell.age_band, MINOR, ADULT}
    assert cell.category.startswith(shown.category)
    assert cell.area.startswith(shown.area.rstrip("0"))
    assert shown.priority == cell.priority


@pytest.mark.parametrize("cell", [COMMON, Cell("HE17", "p1")])
def test_a_snapshot_reads_back_as_it_was_written(cell):
    assert Cell.from_json(cell.to_json()) == cell
