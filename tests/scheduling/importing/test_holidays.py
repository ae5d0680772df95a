"""Public holidays as calendars and spreadsheets write them."""

from datetime import date

import pytest

from scheduling.importing.holidays import Holiday, read_holidays
from scheduling.solver.errors import FormatError

CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20261225\r
DTEND;VALUE=DATE:20261227\r
SUMMARY:Christmas\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20260101\r
SUMMARY:New Year\\, first\r
  day\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_a_calendar_gives_each_whole_day_in_order() -> None:
    assert read_holidays(CALENDAR) == (
        Holiday(date(2026, 1, 1), "New Year, first day"),
        Holiday(date(2026, 12, 25), "Christmas"),
        Holiday(date(2026, 12, 26), "Christmas"),
    )


@pytest.mark.parametrize(
    "table",
    [
        "date,name\n2026-10-01,国庆节\n2026-10-02,国庆节\n",
        "2026-10-02;国庆节\n\n2026-10-01;国庆节\n2026-10-01;twice\n",
        "2026-10-01,国庆节\r2026-10-02,国\0庆节\r",
    ],
)
def test_a_table_gives_a_date_and_a_name_a_line(table: str) -> None:
    assert read_holidays(table) == (
        Holiday(date(2026, 10, 1), "国庆节"),
        Holiday(date(2026, 10, 2), "国庆节"),
    )


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("date,name\n1 May 2026,Labour Day\n", 2, "is no date such as"),
        ("2026-05-01\n", 1, "has no name"),
        ("date,name\n", 0, "no holiday"),
        (f"2026-05-01,Labour Day\n2026-10-01,{'x' * 200_000}\n", 2, "not CSV"),
        (CALENDAR[:150], 0, "cannot be read"),
        (CALENDAR.replace("20261227", "20270227"), 0, "takes 64 days"),
        (CALENDAR.replace("DTEND", "RRULE:FREQ=YEARLY\r\nDTEND"), 0, "each year's"),
        (CALENDAR.replace(";VALUE=DATE:20260101", ":20260101T080000Z"), 0, "whole day"),
    ],
)
def test_what_is_no_holiday_is_refused_by_its_line(
    text: str, line: int, why: str
) -> None:
    with pytest.raises(FormatError, match=why) as refused:
        read_holidays(text)

    assert refused.value.line == line
