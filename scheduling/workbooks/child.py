"""Writes one workbook: its sheets as JSON on standard input, the file on the output.

Run it as `python -m scheduling.workbooks.child`.
"""

import json
import resource
import sys
from typing import Any, BinaryIO, TextIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

Sheet = dict[str, Any]  # Any: "title", "rows", "heads", "frozen", "widths", "shaded"
MEMORY_BYTES = 1024**3  # RLIMIT_AS; of 2,000 people and 400 days it takes 180 MB
COMPUTED = ("=", "+", "-", "@")
SHADE = PatternFill("solid", start_color="FFE8EAED")
BOLD = Font(bold=True)


def write(sheets: list[Sheet], out: BinaryIO) -> None:
    """Write a workbook of these sheets."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _add(book, sheet)
    book.save(out)


def _add(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet["title"])
    page.freeze_panes = sheet["frozen"]
    for column, width in enumerate(sheet["widths"], start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    shaded = set(sheet["shaded"])
    for number, row in enumerate(sheet["rows"]):
        page.append(
            _cell(page, value, is_head=number < sheet["heads"], is_shaded=at in shaded)
            for at, value in enumerate(row)
        )


def _cell(
    page: Any,  # Any: openpyxl's write-only sheet has no public type
    value: str | float | None,
    *,
    is_head: bool,
    is_shaded: bool,
) -> Cell:
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # a name that begins with "=" is a name, no formula
        cell.quotePrefix = value.startswith(COMPUTED)  # also once somebody edits it
    if is_head:
        cell.font = BOLD
    if is_shaded:
        cell.fill = SHADE
    return cell


def main(source: TextIO, out: BinaryIO) -> None:
    write(json.load(source), out)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    main(sys.stdin, sys.stdout.buffer)
