from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from directory.catalogue import queries
from directory.catalogue.models import WorkCalendar
from directory.geography.models import CalendarDay
from tests.factories import catalogue

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def no_special_days():
    CalendarDay.objects.all().delete()


def at(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        # 2026-11-23 is a Monday.
        (at(27, 16), 1, "wd", at(30, 16)),
        (at(23, 9), 1, "wd", at(23, 17)),
        (at(23, 10), 1, "wd", at(24, 10)),
        (at(23, 10), 5, "wd", at(30, 10)),
        (at(23, 16), 4, "wh", at(24, 12)),
        (at(23, 9), 30, "min", at(23, 9, 30)),
        (at(23, 7), 1, "wh", at(23, 10)),
        (at(23, 20), 1, "wh", at(24, 10)),
        (at(28, 12), 2, "wh", at(30, 11)),
        (at(27, 16), 24, "h", at(28, 16)),
        (at(27, 16), 2, "d", at(29, 16)),
        (at(23, 9), 0.5, "wd", at(23, 13)),
        (at(23, 20), 0, "wd", at(23, 20)),
    ],
)
def test_working_time_is_counted_from_the_start(start, amount, unit, end):
    assert queries.due(start, amount, unit) == end


def test_a_holiday_does_not_count():
    CalendarDay.objects.create(on=date(2026, 11, 24), kind="holiday", name="放假")

    assert queries.due(at(23, 10), 1, "wd") == at(25, 10)


def test_a_make_up_saturday_counts_as_the_weekday_it_stands_for():
    CalendarDay.objects.create(on=date(2026, 11, 28), kind="make_up_workday", acts_as="FR")

    assert queries.due(at(27, 16), 1, "wd") == at(28, 16)


def test_a_holiday_week_is_jumped_over():
    for day in range(1, 8):
        CalendarDay.objects.create(on=date(2026, 10, day), kind="holiday")

    assert queries.due(at(30, 16, month=9), 1, "wd") == at(8, 16, month=10)


def test_an_organization_may_keep_other_hours():
    owner = catalogue.organization()
    WorkCalendar.objects.create(
        organization=owner, weekdays=[0, 1, 2, 3, 4, 5], opens_at=time(8), closes_at=time(18)
    )

    assert queries.due(at(27, 17), 2, "wh", owner) == at(28, 9)
    assert queries.due(at(27, 17), 1, "wd", owner.pk) == at(28, 17)


def test_an_organizations_own_closing_days_do_not_count():
    owner = catalogue.organization()
    WorkCalendar.objects.create(organization=owner, closed_on=["2026-11-24"])

    assert queries.due(at(23, 10), 1, "wd", owner) == at(25, 10)


def test_the_answer_keeps_the_zone_of_the_question():
    start = datetime(2026, 11, 27, 8, tzinfo=UTC)

    assert queries.due(start, 1, "wd") == datetime(2026, 11, 30, 8, tzinfo=UTC)


def test_a_long_time_runs_over_several_windows():
    assert queries.due(at(2, 10), 100, "wd") > at(2, 10) + timedelta(days=135)


def test_a_calendar_without_a_working_day_is_a_mistake():
    owner = catalogue.organization()
    WorkCalendar.objects.create(organization=owner, weekdays=[])

    with pytest.raises(queries.NoWorkingTime):
        queries.due(at(23, 9), 1, "wd", owner)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="weeks"):
        queries.due(at(23, 9), 1, "weeks")
