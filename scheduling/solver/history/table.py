"""Past rosters as rows of a table, from CSV or from a workbook's sheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scheduling.solver.errors import FormatError
from scheduling.solver.message import phrase

MAX_ROWS = 1_000_000  # ten years of two hundred and fifty people
NEEDED = ("date", "employee", "shift")
HEADINGS = (*NEEDED, "planned", "absence", "group")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCell:
    """What one person did on one day that is over.

    Attributes:
        planned: The shift that was published; empty for a free day. As worked where the
            table does not say.
        worked: The shift that was worked; empty for none.
        absence: Why nothing was worked ("sick", say); empty for no absence.
        group: The staff group; empty where the table does not say.
    """

    on: date
    person: str
    planned: str
    worked: str
    absence: str = ""
    group: str = ""


def read_history_csv(text: str) -> tuple[PastCell, ...]:
    """Return the cells of a CSV file with a heading line.

    Raises:
        FormatError: A column is missing, or a line is not what the headings say.
    """
    try:
        return read_history(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        message = phrase("The file is no CSV: %(why)s.", why=str(error))
        raise FormatError(message) from error


def read_history(table: Iterable[Sequence[object]]) -> tuple[PastCell, ...]:
    """Return the cells of a table whose first row holds headings.

    `date`, `employee` and `shift` are needed; `planned`, `absence` and `group` may be
    there; other columns are left alone. Rows without any value are skipped.

    Raises:
        FormatError: A column is missing, or a row is not what the headings say.
    """
    rows = iter(table)
    places = _places(next(rows, ()))
    cells: dict[tuple[str, date], PastCell] = {}
    for number, row in _numbered(rows):
        cell = _cell(row, places, number)
        key = (cell.person, cell.on)
        if key in cells:
            message = phrase(
                "%(person)s is there twice on %(on)s.",
                person=cell.person,
                on=str(cell.on),
            )
            raise FormatError(message, line=number)
        cells[key] = cell
    return tuple(cells.values())


def _places(headings: Sequence[object]) -> dict[str, int]:
    """Return where each known column stands."""
    named = [_text(heading).lower() for heading in headings]
    missing = [name for name in NEEDED if name not in named]
    if missing:
        message = phrase(
            "The first row lacks the heading %(missing)s.", missing=repr(missing[0])
        )
        raise FormatError(message, line=1)
    return {name: named.index(name) for name in HEADINGS if name in named}


def _numbered(
    rows: Iterator[Sequence[object]],
) -> Iterator[tuple[int, Sequence[object]]]:
    for number, row in enumerate(rows, start=2):
        if number > MAX_ROWS:
            message = phrase(
                "There are more than %(max_rows)s rows.", max_rows=MAX_ROWS
            )
            raise FormatError(message, line=number)
        if any(_text(value) for value in row):
            yield number, row


def _cell(row: Sequence[object], places: dict[str, int], number: int) -> PastCell:
    def value(name: str) -> object:
        place = places.get(name)
        return row[place] if place is not None and place < len(row) else ""

    person = _text(value("employee"))
    if not person:
        message = phrase("The employee is missing.")
        raise FormatError(message, line=number)
    absence = _text(value("absence"))
    worked = "" if absence else _text(value("shift"))
    planned = _text(value("planned")) if "planned" in places else _text(value("shift"))
    return PastCell(
        on=_date(value("date"), number),
        person=person,
        planned=planned,
        worked=worked,
        absence=absence,
        group=_text(value("group")),
    )


def _date(value: object, number: int) -> date:
    """Return a day that a workbook holds as one, or that a text writes in ISO 8601."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_text(value))
    except ValueError as error:
        message = phrase(
            "%(value)s is no date like 2026-01-31.", value=repr(_text(value))
        )
        raise FormatError(message, line=number) from error


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
