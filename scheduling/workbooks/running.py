"""Has a child write a workbook, and waits no longer than a person would."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

TIMEOUT_S = 30.0  # of 2,000 people and 400 days; a ward takes a second

Value = str | int | float | None


class WorkbookError(Exception):
    """No workbook came of it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows, of which the first `heads` are headings.

    Attributes:
        frozen: The first cell that scrolls, such as `C3`.
        widths: Of the columns, in characters.
        shaded: Columns with a grey ground, counted from 0.
    """

    title: str
    rows: Sequence[Sequence[Value]]
    heads: int = 1
    frozen: str = "A2"
    widths: Sequence[float] = ()
    shaded: Sequence[int] = ()


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook as XLSX.

    Raises:
        WorkbookError: It took too long, or the child failed.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scheduling.workbooks.child"],
            input=json.dumps([asdict(sheet) for sheet in sheets]).encode(),
            stdout=subprocess.PIPE,
            check=True,
            timeout=TIMEOUT_S,
        )
    except subprocess.SubprocessError as error:
        raise WorkbookError(str(error)) from error
    return done.stdout
