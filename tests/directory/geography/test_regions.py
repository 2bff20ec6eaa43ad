"""The divisions and the calendar that the data migrations load."""

import importlib

import pytest
from django.apps import apps

from directory.geography.models import Area, AreaName, CalendarDay

pytestmark = pytest.mark.django_db
regions = importlib.import_module("directory.geography.migrations.0002_regions")
holidays = importlib.import_module("directory.geography.migrations.0003_holidays")


def test_all_divisions_are_there():
    counts = {
        level: Area.objects.filter(level=level).count()
        for level in Area.objects.values_list("level", flat=True).distinct().order_by("level")
    }

    assert counts == {"province": 34, "city": 342, "county": 2849}


def test_a_path_names_every_ancestor():
    for area in Area.objects.select_related("parent"):
        assert area.path == f"{area.parent.path if area.parent else ''}{area.code}/"


def test_only_rungs_are_virtual_and_have_neither_point_nor_name():
    virtual = Area.objects.filter(virtual=True)

    assert set(virtual.values_list("code", flat=True)) == regions.VIRTUAL
    assert not virtual.exclude(lat=None).exists()
    assert not AreaName.objects.filter(area__in=virtual).exists()


def test_a_short_name_has_two_characters_at_least():
    assert all(len(name) >= 2 for name in AreaName.objects.values_list("name", flat=True))
    assert not AreaName.objects.filter(area__code="130133", kind="short").exists()


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("重庆", "chongqing"),
        ("朝阳", "chaoyang"),
        ("六安", "luan"),
        ("洪洞", "hongtong"),
        ("单县", "shanxian"),
        ("乐清", "yueqing"),
        ("厦门", "xiamen"),
        ("闵行", "minhang"),
        ("漯河", "luohe"),
    ],
)
def test_names_sound_as_people_say_them(name, sound):
    assert set(AreaName.objects.filter(name=name).values_list("pinyin", flat=True)) == {sound}


def test_loading_again_changes_nothing():
    before = (Area.objects.count(), AreaName.objects.count(), CalendarDay.objects.count())

    regions.load(apps, None)
    holidays.load(apps, None)

    assert before == (Area.objects.count(), AreaName.objects.count(), CalendarDay.objects.count())


def test_loading_brings_an_area_back_to_the_file():
    Area.objects.filter(code="330106").update(name="西湖", path="x", lat=None, lon=None)

    regions.load(apps, None)

    area = Area.objects.get(code="330106")
    assert (area.name, area.path) == ("西湖区", "330000/330100/330106/")
    assert area.lat is not None


def test_a_make_up_workday_is_a_weekend_day_that_runs_as_a_weekday():
    days = CalendarDay.objects.filter(kind="make_up_workday")

    assert days.count() == 11
    assert all(day.on.weekday() >= 5 for day in days)
    assert set(days.values_list("acts_as", flat=True)) <= {"MO", "TU", "WE", "TH", "FR"}
