"""Holiday rows of older forms: dates on which the weekly hours do not count."""

from collections.abc import Mapping

from directory.exchange.imports import habits
from directory.exchange.imports.rows import Row


def holiday(row: Row, cells: Mapping[str, str]) -> None:
    """Read a holiday row; a date in the year 1 comes every year."""
    for name, column in (("starts_on", "start_date"), ("ends_on", "end_date")):
        written = cells.get(column, "").strip()
        try:
            read = habits.day(written, "mdy")
        except ValueError:
            continue
        if read.year == 1:
            # Any leap year will do: only month and day count.
            read = read.replace(year=2000)
            row.values["every_year"] = True
        row.values[name] = read.isoformat()
    try:
        is_closed = habits.flag(cells.get("closed", ""))
    except ValueError:
        row.notice("bad_code", "closed", cells.get("closed", ""))
        is_closed = True
    row.values["kind"] = "closed" if is_closed or not cells.get("opens_at") else "hours"
    if row.values["kind"] == "closed":
        row.values.pop("opens_at", None)
        row.values.pop("closes_at", None)
