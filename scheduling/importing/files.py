"""CSV files as tables: any of the usual encodings, separators and names."""

import csv
import io
from collections.abc import Sequence
from pathlib import PurePath

from scheduling.importing.flaws import Flaws, flaw
from scheduling.importing.headings import sheet_kind
from scheduling.importing.table import MAX_COLUMNS, MAX_ROWS, RawTable

ENCODINGS = ("utf-8-sig", "gb18030")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = ",;\t，"


def csv_table(name: str, content: bytes, flaws: Flaws) -> RawTable | None:
    """Return the table of a CSV file; None where it is none, which is told."""
    title = PurePath(name).stem
    if not sheet_kind(title):
        flaws.add(flaw("unknown_sheet", is_error=False, sheet=title, file=name))
        return None
    text = decoded(content)
    if text is None:
        flaws.add(flaw("unknown_letters", is_error=True, sheet=title, file=name))
        return None
    try:
        rows = _rows(text)
    except csv.Error as error:
        why = str(error)
        flaws.add(flaw("no_csv", is_error=True, sheet=title, file=name, why=why))
        return None
    return RawTable(title=title, rows=rows[:MAX_ROWS], is_cut=len(rows) > MAX_ROWS)


def decoded(content: bytes) -> str | None:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or GB18030."""
    if content.startswith(UTF16):
        return _decoded(content, "utf-16")
    tried = (_decoded(content, encoding) for encoding in ENCODINGS)
    return next((text for text in tried if text is not None), None)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def separator_of(text: str) -> str:
    """Return what parts the columns, by the first line that is not empty."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _rows(text: str) -> Sequence[Sequence[str]]:
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True
    )
    rows = []
    for row in lines:
        rows.append(row[:MAX_COLUMNS])
        if len(rows) > MAX_ROWS + 1:
            break
    return rows
