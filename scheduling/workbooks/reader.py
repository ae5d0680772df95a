"""Reads one workbook: the file on standard input, its sheets as JSON on the output.

Run it as `python -m scheduling.workbooks.reader`. What is no workbook ends with
`NOT_READ`; a file that asks for more memory or time than a ward's may is killed.
"""

import io
import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, TextIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from scheduling.importing.headings import sheet_kind
from scheduling.importing.table import MAX_COLUMNS, MAX_ROWS

MAX_MERGED = 200
LONGEST_TEXT = 1_000
MAX_UNPACKED_BYTES = 64 * 1024**2  # of a ZIP file, which may unpack to anything
MEMORY_BYTES = 1024**3  # RLIMIT_AS
CPU_S = 20
NOT_READ = 3
UNREADABLE = (
    *(zipfile.BadZipFile, InvalidFileException, ParseError, EOFError, OSError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError),
)
MINUTES_AN_HOUR = 60

Sheet = dict[str, Any]  # Any: "title", "rows", "is_cut", "merged"


class NotAWorkbook(ValueError):
    """The file is none, or unpacks to too much."""


def read(content: bytes) -> list[Sheet]:
    """Return the sheets that are ours, formulas with the result that was saved.

    Raises:
        NotAWorkbook: It is none.
        MemoryError: It asks for too much.
    """
    try:
        _check_size(content)
        shown = load_workbook(io.BytesIO(content), data_only=True)
        written = load_workbook(io.BytesIO(content), read_only=True)
        formulas = {one.title: one for one in written.worksheets}
        return [
            _sheet(one, formulas[one.title])
            for one in shown.worksheets
            if sheet_kind(one.title)
        ]
    except UNREADABLE as error:
        raise NotAWorkbook(str(error)) from error


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        unpacked = sum(one.file_size for one in packed.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise MemoryError


def _sheet(shown: Any, written: Any) -> Sheet:  # Any: openpyxl's sheets
    # iter_rows would make a cell of each empty place, a million rows of a stray format
    kept = shown._cells.items()  # noqa: SLF001
    cells = {place: cell.value for place, cell in kept if cell.value is not None}
    height = max((row for row, _column in cells if row <= MAX_ROWS), default=0)
    width = max((at for _row, at in cells if at <= MAX_COLUMNS), default=0)
    rows = [
        [_value(cells.get((row, at))) for at in range(1, width + 1)]
        for row in range(1, height + 1)
    ]
    if rows:
        _add_formulas(rows, written)
    merged = list(shown.merged_cells.ranges)[:MAX_MERGED]
    for one in merged:
        _spread(rows, one)
    return {
        "title": shown.title,
        "rows": rows,
        "is_cut": any(row > MAX_ROWS for row, _column in cells),
        "merged": [str(one) for one in merged],
    }


def _add_formulas(rows: list[list[Any]], written: Any) -> None:  # Any: cells
    """Show a formula that was never computed as itself."""
    for row in written.iter_rows(max_row=len(rows), max_col=len(rows[0])):
        for cell in row:
            if cell.data_type == "f" and rows[cell.row - 1][cell.column - 1] is None:
                rows[cell.row - 1][cell.column - 1] = "="


def _spread(rows: list[list[Any]], cells: Any) -> None:  # Any: cells, a merged range
    """Give each cell of a merged range what the first one says."""
    left, top, right, bottom = cells.bounds
    if not rows or top > len(rows) or left > len(rows[0]):
        return
    value = rows[top - 1][left - 1]
    for row in rows[top - 1 : bottom]:
        for column in range(left - 1, min(right, len(row))):
            row[column] = value


def _value(value: object) -> str | int | float | bool | None:
    """Return a cell as JSON; dates and times as ISO 8601 writes them."""
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat() if whole_day else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / MINUTES_AN_HOUR)
        return f"{minutes // MINUTES_AN_HOUR:02d}:{minutes % MINUTES_AN_HOUR:02d}"
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:LONGEST_TEXT]


def main(source: BinaryIO, out: TextIO) -> int:
    try:
        json.dump(read(source.read()), out)
    except NotAWorkbook:
        return NOT_READ
    return 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    sys.exit(main(sys.stdin.buffer, sys.stdout))
