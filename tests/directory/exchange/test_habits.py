"""How people write dates, times, weekdays, numbers and addresses."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.exchange.imports import habits


@pytest.mark.parametrize(
    ("written", "order", "read"),
    [
        ("2024-03-05", "ymd", date(2024, 3, 5)),
        ("2024.3.5", "ymd", date(2024, 3, 5)),
        ("2024年3月5日", "ymd", date(2024, 3, 5)),
        ("２０２４-０３-０５", "ymd", date(2024, 3, 5)),
        ("2005-01-01T00:00:00Z", "ymd", date(2005, 1, 1)),
        ("12/24/15", "ymd", date(2015, 12, 24)),
        ("24/12/2015", "dmy", date(2015, 12, 24)),
        ("January 01, 0001", "mdy", date(1, 1, 1)),
        ("Dec 5 1999", "ymd", date(1999, 12, 5)),
    ],
)
def test_dates_are_read_as_people_write_them(written, order, read):
    assert habits.day(written, order) == read


@pytest.mark.parametrize("written", ["yesterday", "2024-13-01", "30/30/2020", "", "2024", "45000"])
def test_what_is_no_date_is_refused(written):
    with pytest.raises(ValueError, match=r".*"):
        habits.day(written)


@given(st.dates(date(1000, 1, 1)))
def test_every_iso_date_is_read_back(day):
    assert habits.day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9:00AM", time(9)),
        ("9:00 p.m.", time(21)),
        ("12:00am", time(0)),
        ("12:00PM", time(12)),
        ("0930", time(9, 30)),
        ("16:30:15", time(16, 30, 15)),
        ("24:00", time(0)),
        ("noon", time(12)),
        ("8am", time(8)),
    ],
)
def test_times_of_day(written, read):
    assert habits.clock(written).at == read


def test_a_time_keeps_its_offset():
    assert habits.clock("10:00:00+08:00").offset == Decimal(8)
    assert habits.clock("10:00-05:30").offset == Decimal("-5.50")
    assert habits.clock("10:00Z").offset == 0


def test_closed_and_all_day_are_words():
    assert habits.clock("Closed").is_closed
    assert habits.clock("24 Hours").is_all_day
    assert habits.clock("全天").is_all_day


@pytest.mark.parametrize("written", ["soon", "25:00", "13:00pm", "8", "9:61", "By appointment"])
def test_what_is_no_time_is_refused(written):
    with pytest.raises(ValueError, match=r".*"):
        habits.clock(written)


@pytest.mark.parametrize(
    ("written", "byday"),
    [
        ("Monday-Friday", "MO,TU,WE,TH,FR"),
        ("Monday - Friday", "MO,TU,WE,TH,FR"),
        ("monday,tuesday", "MO,TU"),
        ("Tuesday & Thursday", "TU,TH"),
        ("Mon, Wed-Fri", "MO,WE,TH,FR"),
        ("Sunday - Saturday", "MO,TU,WE,TH,FR,SA,SU"),
        ("Friday-Monday", "MO,FR,SA,SU"),
        ("7 days a week", "MO,TU,WE,TH,FR,SA,SU"),
        ("Weekends", "SA,SU"),
        ("Mon, Tue, Thur, Fri", "MO,TU,TH,FR"),
    ],
)
def test_weekdays_become_a_weekly_rule(written, byday):
    assert habits.weekdays(written) == (byday, "WEEKLY")


@pytest.mark.parametrize(
    ("written", "byday"),
    [
        ("Second Saturday", "2SA"),
        ("2nd and 4th Saturdays of every month", "2SA,4SA"),
        ("First, second, and fourth Tuesday of the month", "1TU,2TU,4TU"),
        ("last Friday", "-1FR"),
    ],
)
def test_the_nth_weekday_becomes_a_monthly_rule(written, byday):
    assert habits.weekdays(written) == (byday, "MONTHLY")


@pytest.mark.parametrize("written", ["Wendesday", "Varies", "November 1 - March 31", ""])
def test_other_words_are_no_weekdays(written):
    with pytest.raises(ValueError, match=r".*"):
        habits.weekdays(written)


def test_texts_are_trimmed_and_entities_decoded():
    assert habits.text("  they&rsquo;re\u3000 here\r\n\n\n\nnow ").text == "they’re here\n\nnow"


def test_invisible_characters_are_taken_out_with_a_warning():
    assert habits.text("a\x00b\u202e") == ("ab", "control_characters")


def test_wrong_encodings_are_noticed():
    assert habits.text("CafÃ© ").warning == "mojibake"
    assert habits.text("锟斤拷").warning == "mojibake"
    assert habits.text("Café").warning == ""


@pytest.mark.parametrize("word", ["unknown", "-", "N/A", "000000", "null"])
def test_words_for_nothing_are_nothing(word):
    assert habits.known(word) == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("www.example.org", ("http://www.example.org", "url_scheme_added")),
        ("HTTPS://example.org/a?b=1", ("https://example.org/a?b=1", "")),
        ("http://x.org/a b", ("http://x.org/ab", "")),
        ("https://例子.cn/路", ("https://例子.cn/路", "")),
    ],
)
def test_web_addresses(written, read):
    assert habits.url(written) == read


@pytest.mark.parametrize(
    "written",
    ["javascript:alert(1)", "ftp://x.org", "http://user@x.org", "for veterans.", "//x.org/", "x"],
)
def test_other_addresses_are_refused(written):
    with pytest.raises(ValueError, match=r".*"):
        habits.url(written)


@given(st.decimals(-1000, 1000, places=4))
def test_a_number_is_written_the_same_however_many_zeros(number):
    assert habits.plain(number) == habits.plain(Decimal(f"{number}0"))
    assert Decimal(habits.plain(number)) == number


@pytest.mark.parametrize("written", ["NaN", "Infinity", "x", "", "1e999999999"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises((ValueError, OverflowError)):
        habits.integer(written)


def test_full_width_digits_are_digits():
    assert habits.integer("１２") == 12


@given(st.timedeltas(timedelta(hours=-12), timedelta(hours=14)))
def test_offsets_of_whole_quarters_survive(shift):
    quarters = int(shift.total_seconds() // 900)
    sign = "-" if quarters < 0 else "+"
    written = f"{sign}{abs(quarters) // 4:02}:{abs(quarters) % 4 * 15:02}"

    assert habits.offset(written) == Decimal(quarters) / 4
