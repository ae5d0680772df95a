"""A sheet as rows whose columns are known, each cell read as its column asks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from scheduling.importing.flaws import Flaws, flaw
from scheduling.importing.headings import COLUMNS, NEEDED, both, column_key
from scheduling.importing.values import (
    Unreadable,
    Value,
    answer_of,
    clock_of,
    date_of,
    limits_of,
    number_of,
    share_of,
    text_of,
    times_of,
    weekdays_of,
    whole_number_of,
)

MAX_ROWS = 20_000  # of a sheet
MAX_COLUMNS = 60
HEADINGS_WITHIN = 10  # rows from the top: a title may stand above the headings
LONGEST_TEXT = 200
FORMULA_ERRORS = frozenset(
    {"#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"}
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A sheet or CSV file as it came.

    Attributes:
        title: What the sheet, or the file without its ending, is called.
        rows: Cells by row; dates and times are text already.
        is_cut: Whether rows beyond `MAX_ROWS` were left out.
        merged: Ranges of merged cells, which all hold what the first one says.
    """

    title: str
    rows: Sequence[Sequence[Value]]
    is_cut: bool = False
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row; what cannot be read in it is told at once, and reads as nothing."""

    table: "Table"
    number: int  # as a spreadsheet counts
    cells: Sequence[Value]

    def tell(
        self, code: str, column: str = "", *, is_error: bool = True, **values: str | int
    ) -> None:
        """Tell a flaw of this row."""
        self.table.flaws.add(
            flaw(
                code,
                is_error=is_error,
                sheet=self.table.title,
                row=self.number,
                column=self.table.heading(column) if column else "",
                **values,
            )
        )

    def value(self, column: str) -> Value:
        place = self.table.places.get(column)
        if place is None or place >= len(self.cells):
            return None
        value = self.cells[place]
        if isinstance(value, str) and value.startswith("="):
            self.tell("formula", column)
            return None
        if value in FORMULA_ERRORS:
            self.tell("formula_error", column, value=text_of(value))
            return None
        return None if text_of(value) == "" else value

    def is_filled(self, column: str) -> bool:
        """Whether a cell holds anything, readable or not."""
        place = self.table.places.get(column, len(self.cells))
        return place < len(self.cells) and text_of(self.cells[place]) != ""

    def text(self, column: str, *, longest: int = LONGEST_TEXT) -> str:
        text = " ".join(text_of(self.value(column)).split())
        if len(text) > longest:
            self.tell("too_long", column, value=text[:30], most=longest)
            return text[:longest]
        return text

    def needed(self, column: str, *, longest: int = LONGEST_TEXT) -> str:
        """Return a text, and tell where it is missing."""
        text = self.text(column, longest=longest)
        if not text and not self.table.is_told(self.number, column):
            self.tell("value_missing", column, name=self.table.heading(column))
        return text

    def number_in(
        self, column: str, *, least: float, most: float, is_whole: bool = False
    ) -> float | None:
        """Return a number of that range; None where there is none."""
        read: Callable[[Value], float] = whole_number_of if is_whole else number_of
        number = self._read(column, read)
        if number is not None and not least <= number <= most:
            self.tell(
                "outside",
                column,
                value=text_of(self.value(column))[:30],
                least=f"{least:g}",
                most=f"{most:g}",
            )
            return None
        return number

    def whole(self, column: str, *, least: int = 0, most: int) -> int | None:
        number = self.number_in(column, least=least, most=most, is_whole=True)
        return None if number is None else int(number)

    def share(self, column: str) -> float | None:
        return self._read(column, share_of)

    def day(self, column: str) -> date | None:
        return self._read(column, date_of)

    def clock(self, column: str) -> int | None:
        return self._read(column, clock_of)

    def times(self, column: str) -> tuple[int, int] | None:
        return self._read(column, times_of)

    def answer(self, column: str) -> bool | None:
        return self._read(column, answer_of)

    def limits(self, column: str) -> tuple[tuple[float, int], ...]:
        return self._read(column, limits_of) or ()

    def weekdays(self, column: str) -> frozenset[int] | None:
        return self._read(column, weekdays_of)

    def _read(self, column: str, read: Callable[[Value], T]) -> T | None:
        value = self.value(column)
        if value is None:
            return None
        try:
            return read(value)
        except Unreadable as error:
            self.tell(error.code, column, value=error.value[:30])
            return None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose columns are found."""

    kind: str
    title: str
    places: dict[str, int]
    headings: Sequence[Value]
    rows: Sequence[Sequence[Value]]
    first: int  # the number of the first row below the headings
    flaws: Flaws

    def __iter__(self) -> Iterator[Line]:
        """Yield the rows that hold anything in a known column."""
        for number, cells in enumerate(self.rows, start=self.first):
            known = (cells[at] for at in self.places.values() if at < len(cells))
            if any(text_of(value) for value in known):
                yield Line(self, number, cells)

    def heading(self, column: str) -> str:
        """Return what the file calls a column; what we call it where it has none."""
        place = self.places.get(column)
        if place is None:
            return both(COLUMNS[self.kind][column])
        return text_of(self.headings[place])

    def has(self, column: str) -> bool:
        return column in self.places

    def is_told(self, row: int, column: str) -> bool:
        """Whether the cell's flaw is the newest that was told."""
        told = self.flaws.told[-1:]
        return bool(told) and (
            (told[0].sheet, told[0].row, told[0].column)
            == (self.title, row, self.heading(column))
        )


def table_of(raw: RawTable, kind: str, flaws: Flaws) -> Table | None:
    """Return the sheet with its columns; None where one that is needed is missing."""
    at = _headings_at(raw, kind)
    headings = raw.rows[at] if at < len(raw.rows) else ()
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        key = column_key(kind, text_of(heading))
        if key in places:
            name = text_of(heading)
            flaws.add(
                flaw(
                    "column_twice",
                    is_error=False,
                    sheet=raw.title,
                    row=at + 1,
                    column=name,
                    name=name,
                )
            )
        elif key:
            places[key] = place
    missing = [key for key in NEEDED[kind] if key not in places]
    for key in missing:
        name = both(COLUMNS[kind][key])
        flaws.add(
            flaw(
                "column_missing", is_error=True, sheet=raw.title, row=at + 1, name=name
            )
        )
    if raw.is_cut:
        flaws.add(flaw("too_many_rows", is_error=True, sheet=raw.title, most=MAX_ROWS))
    if raw.merged:
        cells = ", ".join(raw.merged)
        flaws.add(flaw("merged", is_error=False, sheet=raw.title, cells=cells))
    if missing:
        return None
    below = raw.rows[at + 1 :]
    return Table(kind, raw.title, places, headings, below, at + 2, flaws)


def _headings_at(raw: RawTable, kind: str) -> int:
    """Return which of the first rows names the most columns."""

    def named(at: int) -> int:
        return sum(bool(column_key(kind, text_of(one))) for one in raw.rows[at])

    tops = range(min(HEADINGS_WITHIN, len(raw.rows)))
    return max(tops, key=lambda at: (named(at), -at), default=0)
