from datetime import UTC, date, datetime, timedelta

import pytest

from referrals.reports.states import When, when

# Wednesday, 25 November 2026, 10:00 in Shanghai.
AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (date(2026, 11, 21), When.SEVERE),
        (date(2026, 11, 22), When.LATE),
        (date(2026, 11, 24), When.LATE),
        (date(2026, 11, 25), When.TODAY),
        (date(2026, 11, 26), When.WEEK),
        (date(2026, 11, 29), When.WEEK),
        (date(2026, 11, 30), When.LATER),
        (None, When.TODAY),
        (AT - timedelta(days=3, hours=1), When.SEVERE),
        (AT - timedelta(hours=1), When.LATE),
        (AT + timedelta(hours=6), When.TODAY),
        (AT + timedelta(days=1), When.WEEK),
        (AT + timedelta(days=5), When.LATER),
    ],
)
def test_a_day_puts_things_into_one_group(due: date | None, group: When) -> None:
    assert when(due, at=AT) == group


def test_on_sunday_the_week_ends_today() -> None:
    sunday = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)

    assert when(date(2026, 11, 30), at=sunday) == When.LATER
