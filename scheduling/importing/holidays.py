"""Public holidays from a calendar file or a table of dates and names."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from icalendar import Calendar

from scheduling.solver.errors import FormatError
from scheduling.solver.message import phrase

CALENDAR = "BEGIN:VCALENDAR"
MOST_HOLIDAYS = 2000
LONGEST_NAME = 100
LONGEST_HOLIDAY = 31  # days of one entry; more is a school's holiday, or a mistake
HEADINGS = frozenset({"date", "day", "日期"})


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day and what it is called."""

    date: date
    name: str


def read_holidays(text: str) -> tuple[Holiday, ...]:
    """Return the holidays of a file, by date; of one date, the first name.

    Args:
        text: An iCalendar whose entries are whole days, or CSV with a date and a name a
            line, with or without headings.

    Raises:
        FormatError: A line is not what it should be, or there is no holiday.
    """
    text = text.replace("\0", "")
    is_calendar = text.lstrip().upper().startswith(CALENDAR)
    found: dict[date, Holiday] = {}
    for one in _of_calendar(text) if is_calendar else _of_table(text):
        found.setdefault(one.date, one)
        if len(found) > MOST_HOLIDAYS:
            raise FormatError(
                phrase("More than %(most)s holidays are not read.", most=MOST_HOLIDAYS)
            )
    if not found:
        raise FormatError(phrase("There is no holiday in it."))
    return tuple(found[on] for on in sorted(found))


def _of_table(text: str) -> Iterator[Holiday]:
    for number, row in enumerate(_rows(text), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0].casefold() in HEADINGS):
            continue
        try:
            on = date.fromisoformat(cells[0])
        except ValueError as error:
            raise FormatError(
                phrase("%(value)s is no date such as 2026-12-25.", value=cells[0][:40]),
                line=number,
            ) from error
        name = cells[1] if len(cells) > 1 else ""
        if not name:
            raise FormatError(phrase("The holiday has no name."), line=number)
        yield Holiday(on, name[:LONGEST_NAME])


def _rows(text: str) -> Iterator[list[str]]:
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from rows
    except csv.Error as error:
        message = phrase("This is not CSV: %(why)s.", why=str(error))
        raise FormatError(message, line=rows.line_num) from error


def _of_calendar(text: str) -> Iterator[Holiday]:
    try:
        calendar = Calendar.from_ical(text)
    except ValueError as error:
        raise FormatError(phrase("The calendar cannot be read.")) from error
    for event in calendar.walk("VEVENT"):
        name = str(event.get("SUMMARY", "")).strip()[:LONGEST_NAME]
        first, last = _days(event.get("DTSTART"), event.get("DTEND"))
        if "RRULE" in event:
            raise FormatError(
                phrase(
                    "%(name)s repeats by a rule; each year's date is needed.",
                    name=name,
                )
            )
        if not name or first is None or last is None:
            raise FormatError(
                phrase("An entry has no name or is no whole day: %(name)s", name=name)
            )
        days = max((last - first).days, 1)
        if days > LONGEST_HOLIDAY:
            raise FormatError(
                phrase("%(name)s takes %(days)s days.", name=name, days=days)
            )
        for day in range(days):
            yield Holiday(first + timedelta(days=day), name)


def _days(start: object, end: object) -> tuple[date | None, date | None]:
    """Return the first day and the one after the last, of whole days alone."""
    first = getattr(start, "dt", None)
    last = getattr(end, "dt", first)
    whole = [day if type(day) is date else None for day in (first, last)]
    return whole[0], whole[1]
