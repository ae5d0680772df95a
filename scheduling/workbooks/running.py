"""Has a child write a workbook, and waits no longer than a person would."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from threading import BoundedSemaphore

CHILDREN = 2  # at once in one web process: it has eight threads for everything
WAIT_S = 1.0  # for one of them to be free
TIMEOUT_S = 30.0  # of 2,000 people and 400 days; a ward takes a second
_turns = BoundedSemaphore(CHILDREN)

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
        WorkbookError: Others are being made, it took too long, or the child failed.
    """
    if not _turns.acquire(timeout=WAIT_S):
        message = "Other workbooks are being made."
        raise WorkbookError(message)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scheduling.workbooks.child"],
            input=json.dumps([asdict(sheet) for sheet in sheets]).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a trace would name people in the log
            check=True,
            timeout=TIMEOUT_S,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise WorkbookError(str(error)) from error
    finally:
        _turns.release()
    return done.stdout
