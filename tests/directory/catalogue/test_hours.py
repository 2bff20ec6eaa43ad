from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from directory.catalogue.hours import Dated, Day, Row, ahead, day_hours, status_at, week

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING_WEEK = Row("MO,TU,WE,TH,FR", time(9), time(17))
NIGHT = Row("FR", time(22), time(2), closes_next_day=True)
ALL_DAYS = "MO,TU,WE,TH,FR,SA,SU"
# 2026-11-23 is a Monday.
MONDAY = date(2026, 11, 23)


def at(day, hour, minute=0, zone=SHANGHAI):
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)


def status(rows, moment, exceptions=(), calendar=None, tz="Asia/Shanghai"):
    return status_at(rows, exceptions, calendar or {}, moment, tz=tz)


def test_all_days_around_the_clock_is_always_open():
    assert status([Row(ALL_DAYS, all_day=True)], at(23, 3)).kind == "always"


def test_midnight_to_midnight_on_every_day_is_always_open_too():
    row = Row(ALL_DAYS, time(0), time(0), closes_next_day=True)

    assert status([row], at(23, 0)).kind == "always"


def test_a_single_day_around_the_clock_is_open_until_midnight():
    found = status([Row("MO", all_day=True)], at(23, 12))

    assert found == ("open", at(24, 0), None)


def test_it_opens_in_five_minutes():
    found = status([WORKING_WEEK], at(23, 8, 55))

    assert (found.kind, found.next_opening) == ("closed", at(23, 9))


def test_it_closes_in_ten_minutes():
    found = status([WORKING_WEEK], at(23, 16, 50))

    assert (found.kind, found.until) == ("open", at(23, 17))


def test_the_closing_minute_itself_is_closed():
    assert status([WORKING_WEEK], at(23, 17)).kind == "closed"


def test_on_friday_night_the_next_opening_is_monday():
    found = status([WORKING_WEEK], at(27, 18))

    assert found.next_opening == at(30, 9)


def test_one_in_the_morning_lies_inside_fridays_night():
    assert status([NIGHT], at(28, 1)) == ("open", at(28, 2), None)


def test_two_spans_a_day_leave_the_noon_closed():
    rows = [Row("MO", time(9), time(12)), Row("MO", time(14), time(17))]

    assert status(rows, at(23, 13)) == ("closed", None, at(23, 14))


def test_spans_that_touch_are_one_opening():
    rows = [Row("MO", time(9), time(12)), Row("MO", time(12), time(17))]

    assert status(rows, at(23, 10)).until == at(23, 17)


def test_no_rows_are_unknown_and_never_closed():
    assert status([], at(23, 10)).kind == "unknown"


def test_words_that_no_rule_was_made_of_are_unknown():
    assert status([Row()], at(23, 10)).kind == "unknown"


def test_an_exception_beats_the_rule():
    closed = Dated(MONDAY, MONDAY)

    assert status([WORKING_WEEK], at(23, 10), [closed]) == ("closed", None, at(24, 9))


def test_special_hours_replace_all_rows_of_the_day():
    short = Dated(MONDAY, MONDAY, "hours", opens_at=time(10), closes_at=time(12))

    assert status([WORKING_WEEK], at(23, 11), [short]).until == at(23, 12)
    assert status([WORKING_WEEK], at(23, 15), [short]).kind == "closed"


def test_special_hours_may_run_past_midnight():
    late = Dated(MONDAY, MONDAY, "hours", opens_at=time(20), closes_at=time(1))

    assert status([WORKING_WEEK], at(24, 0, 30), [late]).until == at(24, 1)


def test_an_exception_without_rules_says_nothing_about_other_days():
    closed = Dated(MONDAY, MONDAY)

    assert status([], at(23, 10), [closed]).kind == "closed"
    assert status([], at(25, 10), [closed]).kind == "unknown"


def test_a_yearly_exception_may_run_over_new_year():
    holidays = Dated(date(2020, 12, 30), date(2021, 1, 2), every_year=True)
    row = Row(ALL_DAYS, time(9), time(17))

    assert day_hours([row], [holidays], {}, date(2027, 1, 1)).spans == ()
    assert day_hours([row], [holidays], {}, date(2027, 1, 3)).spans != ()


@pytest.mark.parametrize(
    ("byday", "open_on"),
    [("1SA", 7), ("2SA", 14), ("-1SA", 28), ("+4SA", 28), ("-1MO", 30)],
)
def test_the_nth_weekday_of_a_month(byday, open_on):
    row = Row(byday, time(9), time(17), freq="MONTHLY")

    assert status([row], at(open_on, 10)).kind == "open"
    assert status([row], at(open_on - 6, 10)).kind == "closed"


def test_the_next_monthly_opening_is_found_weeks_ahead():
    row = Row("1SA", time(9), time(17), freq="MONTHLY")

    assert status([row], at(8, 10)).next_opening == datetime(2026, 12, 5, 9, tzinfo=SHANGHAI)


def test_days_of_the_month_count_from_the_end_too():
    row = Row("", time(9), time(17), freq="MONTHLY", bymonthday="15,-1")

    assert [d for d in range(1, 31) if status([row], at(d, 10)).kind == "open"] == [15, 30]


def test_every_second_week_counts_from_its_beginning():
    row = Row("MO", time(9), time(17), interval=2, dtstart=date(2026, 11, 9))

    assert [d for d in (9, 16, 23, 30) if status([row], at(d, 10)).kind == "open"] == [9, 23]


def test_a_count_ends_a_rule():
    row = Row("MO", time(9), time(17), dtstart=date(2026, 11, 9), count=2)

    assert [d for d in (9, 16, 23) if status([row], at(d, 10)).kind == "open"] == [9, 16]


def test_rows_out_of_season_do_not_count():
    row = Row("MO", time(9), time(17), valid_from=date(2026, 12, 1))

    assert status([row], at(23, 10)).kind == "closed"


@pytest.mark.parametrize(
    ("policy", "kind"), [("closed", "closed"), ("open", "open"), ("unknown", "unknown")]
)
def test_a_holiday_follows_the_rows_policy(policy, kind):
    row = Row("MO", time(9), time(17), on_holidays=policy)
    holiday = {MONDAY: Day("holiday", name="元旦")}

    assert status([row], at(23, 10), calendar=holiday).kind == kind


def test_a_holiday_nobody_spoke_of_is_still_closed_outside_hours():
    row = Row("MO", time(9), time(17), on_holidays="unknown")

    assert status([row], at(23, 20), calendar={MONDAY: Day("holiday")}).kind == "closed"


@pytest.mark.parametrize(("policy", "kind"), [("as_weekday", "open"), ("closed", "closed")])
def test_a_make_up_saturday_runs_as_the_weekday_it_stands_for(policy, kind):
    row = Row("FR", time(9), time(17), on_make_up_days=policy)
    saturday = {date(2026, 11, 28): Day("make_up_workday", acts_as=4)}

    assert status([row], at(28, 10), calendar=saturday).kind == kind


def test_hours_count_in_the_zone_of_the_row():
    row = Row("MO", time(9), time(17), tz="America/New_York")

    assert status([row], at(24, 1)).kind == "open"
    assert status([row], at(23, 10)).kind == "closed"


def test_hours_without_a_zone_count_in_the_sites():
    noon_utc = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("UTC"))

    assert status([Row("MO", time(9), time(17))], noon_utc, tz="UTC").kind == "open"
    assert status([Row("MO", time(9), time(17))], noon_utc).kind == "closed"


def test_a_night_on_which_the_clock_goes_back_is_an_hour_longer():
    zone = ZoneInfo("America/New_York")
    row = Row("SA", time(22), time(4), closes_next_day=True, tz="America/New_York")
    start = datetime(2026, 10, 31, 23, tzinfo=zone)

    found = status([row], start)

    assert found.until - start.astimezone(ZoneInfo("UTC")) == timedelta(hours=6)


def test_the_week_shows_the_days_as_they_really_run():
    closed = Dated(date(2026, 11, 25), date(2026, 11, 25), label="培训")

    table = week([WORKING_WEEK], [closed], {}, MONDAY)

    assert [bool(day.spans) for day in table] == [True, True, False, True, True, False, False]
    assert (table[2].label, table[2].is_special) == ("培训", True)


def test_a_day_tells_its_spans_in_order():
    rows = [Row("MO", time(14), time(17)), Row("MO", time(9), time(12))]

    assert day_hours(rows, [], {}, MONDAY).spans == (
        (time(9), time(12), False), (time(14), time(17), False),
    )  # fmt: skip


def test_special_days_ahead_are_announced():
    new_year = {date(2027, 1, 1): Day("holiday", name="元旦")}
    row = Row(ALL_DAYS, time(9), time(17), on_holidays="open")

    days = ahead([row], [], new_year, date(2026, 12, 1))

    assert [(day.on, day.label, bool(day.spans)) for day in days] == [
        (date(2027, 1, 1), "元旦", True)
    ]
