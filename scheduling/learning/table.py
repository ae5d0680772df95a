"""Past rosters as rows of a table, from CSV or from a workbook's sheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from scheduling.importing.files import decoded, separator_of
from scheduling.importing.values import Unreadable, date_of
from scheduling.learning.headings import missing_from, places_of
from scheduling.solver.errors import FormatError
from scheduling.solver.history import PastCell
from scheduling.solver.message import phrase

MAX_ROWS = 1_000_000  # ten years of two hundred and fifty people
FREE = frozenset({"off", "day off", "休", "休息", "-", "–", "—", "/"})


def read_history_csv(content: bytes) -> tuple[PastCell, ...]:
    """Return the cells of a CSV file with a heading line, in any of the usual encodings.

    Raises:
        FormatError: It is no text, a column is missing, or a line is not what the
            headings say.
    """
    text = decoded(content)
    if text is None:
        raise FormatError(phrase("The file is no text in UTF-8 or GB18030."))
    lines = io.StringIO(text, newline="")
    try:
        return read_history(
            csv.reader(lines, delimiter=separator_of(text), strict=True)
        )
    except csv.Error as error:
        message = phrase("The file is no CSV: %(why)s.", why=str(error))
        raise FormatError(message) from error


def read_history(table: Iterable[Sequence[object]]) -> tuple[PastCell, ...]:
    """Return the cells of a table whose first row holds headings.

    Date, employee and shift are needed; planned, absence and group may be there; other
    columns are left alone. Rows without any value are skipped.

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
    places = places_of([_text(heading) for heading in headings])
    missing = missing_from(places)
    if missing:
        message = phrase(
            "The first row lacks the heading %(missing)s.", missing=missing
        )
        raise FormatError(message, line=1)
    return places


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
    shift = _shift(value("shift"))
    planned = _shift(value("planned")) if "planned" in places else shift
    return PastCell(
        on=_date(value("date"), number),
        person=person,
        planned=planned,
        worked="" if absence else shift,
        absence=absence,
        group=_text(value("group")),
    )


def _date(value: object, number: int) -> date:
    """Return a day that a workbook holds as one, or that a text writes year first."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date_of(value if isinstance(value, int | float) else _text(value))
    except Unreadable as error:
        message = phrase(
            "%(value)s is no date like 2026-01-31.", value=repr(_text(value))
        )
        raise FormatError(message, line=number) from error


def _shift(value: object) -> str:
    """Return a shift; empty for what tables write on a free day."""
    text = _text(value)
    return "" if text.casefold() in FREE else text


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
