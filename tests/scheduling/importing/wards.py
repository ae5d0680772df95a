"""Tables of small wards, as rows."""

from collections.abc import Mapping, Sequence
from datetime import date

from scheduling.importing import Flaws, Period, RawTable, Reading, read_ward

MONDAY = date(2026, 6, 1)
PERIOD = Period(name="Ward", start=MONDAY, days=28)
Rows = Sequence[Sequence[str | int | float | bool | None]]

PEOPLE: Rows = (
    ("Staff number", "Name", "Contract", "Skills"),
    ("A1", "Ann", "full", "senior"),
    ("A2", "Bob", "half", ""),
)
DEMAND: Rows = (
    ("Weekday", "Shift", "Least", "Most"),
    ("every day", "E", 1, 1),
)


def read(
    tables: Mapping[str, Rows] | None = None, *, period: Period = PERIOD
) -> Reading:
    """Return what comes of a small ward, some of whose sheets are others."""
    sheets = {"People": PEOPLE, "Demand": DEMAND, **(tables or {})}
    raw = [RawTable(title=title, rows=rows) for title, rows in sheets.items()]
    return read_ward(raw, period, Flaws())


def told(reading: Reading) -> list[tuple[str, int, str, str]]:
    """Return sheet, row, column and code of each error."""
    return [
        (one.sheet, one.row, one.column, one.what.code)
        for one in reading.flaws
        if one.is_error
    ]


def warned(reading: Reading) -> list[tuple[str, int, str]]:
    """Return sheet, row and code of each warning about a row."""
    return [
        (one.sheet, one.row, one.what.code)
        for one in reading.flaws
        if not one.is_error and one.row
    ]
