"""Reading areas by code, by words, by window; special days."""

from datetime import date

import pytest

from directory.geography import queries
from directory.geography.coordinates import Point, box_around
from directory.geography.models import Area, CalendarDay, Postcode
from tests.factories import geography as make

pytestmark = pytest.mark.django_db


def codes(q, **options):
    return [each.code for each in queries.near_candidates(q, **options)]


class TestByCode:
    def test_a_known_code_is_taken(self):
        assert queries.by_code("330106").area.name == "西湖区"
        assert not queries.by_code("330106").is_old_code

    @pytest.mark.parametrize(
        ("code", "leads_to"), [("330199", "330100"), ("339999", "330000"), ("330106999", "330106")]
    )
    def test_a_dead_code_leads_to_what_it_lay_in(self, code, leads_to):
        found = queries.by_code(code)

        assert found.area.code == leads_to
        assert found.is_old_code

    def test_a_retired_area_leads_to_its_successor(self):
        west, upper = Area.objects.get(code="330106"), Area.objects.get(code="330102")
        Area.objects.filter(pk=west.pk).update(retired_on="2021-01-01", replaced_by=upper)

        assert queries.by_code("330106") == (upper, True)

    @pytest.mark.parametrize("code", ["999999", "", "abc", "33"])
    def test_nonsense_is_no_area(self, code):
        assert queries.by_code(code).area is None


class TestNearCandidates:
    @pytest.mark.parametrize("q", ["鼓楼", "鼓楼区", "gulou", "gu lou", "GULOU"])
    def test_every_namesake_is_offered(self, q):
        assert codes(q)[:4] == ["320106", "320302", "350102", "410204"]

    def test_a_candidate_says_what_it_lies_in(self):
        first = queries.near_candidates("鼓楼区")[0]

        assert (first.name, first.note) == ("鼓楼区", "江苏省 南京市")

    def test_among_equals_the_last_used_area_comes_first(self):
        fuzhou = Area.objects.get(code="350100")

        assert codes("鼓楼", last=fuzhou)[0] == "350102"

    @pytest.mark.parametrize(
        ("q", "code"),
        [
            ("北京", "110000"),
            ("hangzhou", "330100"),
            ("hangzhoushi", "330100"),
            ("Hong Kong", "810000"),
            ("330106", "330106"),
            ("東莞", "441900"),
        ],
    )
    def test_names_sounds_and_codes_are_understood(self, q, code):
        assert codes(q)[0] == code

    def test_initials_are_understood(self):
        assert "330100" in codes("hz")

    def test_a_municipality_is_offered_once(self):
        assert codes("北京市").count("110000") == 1
        assert "110100" not in codes("北京市")

    @pytest.mark.parametrize("q", ["", " ", "h", "省直辖县级行政区划", "\x00", "😀"])
    def test_nothing_is_offered_for_too_little(self, q):
        assert codes(q) == []

    def test_a_postcode_is_offered_with_its_point(self):
        west = Area.objects.get(code="330106")
        Postcode.objects.create(code="310012", lat="30.2700000", lon="120.1200000", area=west)

        [found] = queries.near_candidates("310012")

        assert (found.kind, found.code) == ("postcode", "310012")
        assert found.point == Point(30.27, 120.12)
        assert found.note == "浙江省 杭州市 西湖区"


def test_a_label_skips_rungs():
    assert queries.label(Area.objects.get(code="110105")) == "北京市 朝阳区"
    assert queries.label(Area.objects.get(code="429004")) == "湖北省 仙桃市"


def test_children_skip_rungs():
    hubei, beijing = Area.objects.get(code="420000"), Area.objects.get(code="110000")

    assert "429004" in {child.code for child in queries.children(hubei)}
    assert {child.level for child in queries.children(beijing)} == {"county"}
    assert len(queries.children(None)) == 34


def test_a_center_borrowed_from_above_is_as_coarse_as_a_city():
    borrowed = Area.objects.filter(centroid_source="parent", level="county").first()

    assert borrowed.center.precision == "city"
    assert Area.objects.get(code="330106").center.precision == "county"


def test_names_of_a_window_come_smallest_first():
    box = box_around(Point(30.27, 120.15), 20_000)

    names = [name.text for name in queries.names_in(box)]

    assert "西湖区" in names
    assert names.index("西湖区") < names.index("杭州市")


class TestSpecialDays:
    def test_the_nearest_area_has_the_last_word(self):
        province = make.area("900000", "云泽省")
        city = make.area("900100", "澜安市", province)
        for area, name in ((None, "全国"), (province, "省"), (city, "市")):
            CalendarDay.objects.create(area=area, on=date(2030, 3, 3), kind="holiday", name=name)
        first, last = date(2030, 3, 1), date(2030, 3, 9)

        assert queries.special_days(first, last)[date(2030, 3, 3)].name == "全国"
        assert queries.special_days(first, last, area=province)[date(2030, 3, 3)].name == "省"
        assert queries.special_days(first, last, area=city)[date(2030, 3, 3)].name == "市"

    def test_in_december_a_missing_year_is_noticed(self):
        assert not queries.next_year_is_missing(date(2030, 11, 30))
        assert queries.next_year_is_missing(date(2030, 12, 1))
        assert not queries.next_year_is_missing(date(2025, 12, 1))
