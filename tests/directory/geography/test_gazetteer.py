"""Which area does a text name?"""

import pytest

from directory.geography.geocoding.gazetteer import find
from directory.geography.models import Area
from tests.factories import geography as make

pytestmark = pytest.mark.django_db


def found(text, within=None):
    area = find(text, within and Area.objects.get(code=within))
    return area and area.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("浙江省杭州市西湖区文三路90号", "330106"),
        ("杭州西湖区文三路", "330106"),
        ("南京市鼓楼区中山路12号", "320106"),
        ("福州鼓楼", "350102"),
        ("北京市朝阳区建国路88号", "110105"),
        ("长春市朝阳区", "220104"),
        ("北京市", "110000"),
        ("仙桃市沔阳大道", "429004"),
        ("河北赵县石塔路", "130133"),
        ("泰和县", "360826"),
        ("香港特别行政区中环", "810000"),
        ("内蒙古呼和浩特", "150100"),
        ("东莞市长安镇", "441900"),
    ],
)
def test_the_deepest_area_that_agrees_with_its_ancestors_is_found(text, code):
    assert found(text) == code


@pytest.mark.parametrize("text", ["鼓楼区", "朝阳区建国路88号", "西湖区", "中山", "市中区"])
def test_of_equals_nobody_guesses_one(text):
    assert found(text) is None


def test_what_holds_all_equals_is_sure():
    first = make.area("900000", "云泽省")
    city = make.area("900100", "澜安市", first)
    make.area("900101", "新圩区", city)
    other = make.area("900200", "柳汀市", first)
    make.area("900201", "新圩区", other)

    assert found("新圩区长汀里") == "900000"


def test_given_region_columns_count_as_ancestors():
    assert found("朝阳区建国路88号", "110000") == "110105"
    assert found("鼓楼区", "350100") == "350102"


def test_what_contradicts_the_given_region_is_not_taken():
    assert found("杭州市西湖区", "320000") is None


@pytest.mark.parametrize(
    ("text", "code"), [("通化", "220500"), ("海南", "460000"), ("吉林", "220000")]
)
def test_a_shared_short_name_means_the_wider_area(text, code):
    assert found(text) == code


@pytest.mark.parametrize("text", ["赵", "县", "区", "", "五一大道", "老年人助餐"])
def test_too_little_is_nothing(text):
    assert found(text) is None


@pytest.mark.parametrize("text", ["省直辖县级行政区划", "自治区直辖县级行政区划"])
def test_virtual_areas_are_never_found(text):
    assert found(text) is None


@pytest.mark.parametrize(("text", "code"), [("广州市越秀区北京路", "440104"), ("北京路一号", None)])
def test_a_road_named_after_a_city_is_a_road(text, code):
    assert found(text) == code


def test_traditional_characters_are_read():
    assert found("東莞市長安鎮") == "441900"
    assert found("浙江省溫州市樂清市") == "330382"


def test_control_characters_and_length_do_no_harm():
    assert found("\x00杭州市\u202e西湖区") == "330106"
    assert found("杭州市西湖区" + "路" * 5000) == "330106"


def test_one_query_per_reading(django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        find("浙江省杭州市西湖区文三路90号")


def test_retired_areas_are_not_found():
    Area.objects.filter(code="330106").update(retired_on="2020-01-01")

    assert found("浙江省杭州市西湖区") == "330100"
