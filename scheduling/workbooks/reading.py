"""Has a child read a workbook that anybody may have sent."""

import json
import subprocess
import sys
from threading import BoundedSemaphore

from scheduling.importing import RawTable

CHILDREN = 2  # at once in one web process: it has eight threads for everything
WAIT_S = 1.0  # for one of them to be free
TIMEOUT_S = 30.0  # a ward takes a second
NOT_READ = 3  # how a child ends that was given no workbook
_turns = BoundedSemaphore(CHILDREN)


class NotAWorkbook(ValueError):
    """The file is no workbook."""


class WorkbookTooLarge(ValueError):
    """Reading it took more memory or time than a ward's workbook may."""


class ReadersBusy(Exception):
    """Others are being read."""


def tables_in(content: bytes) -> list[RawTable]:
    """Return the sheets of an XLSX file.

    Raises:
        NotAWorkbook, WorkbookTooLarge: It cannot be read.
        ReadersBusy: No child was free for a while.
    """
    if not _turns.acquire(timeout=WAIT_S):
        raise ReadersBusy
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scheduling.workbooks.reader"],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a trace would name people in the log
            check=False,
            timeout=TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise WorkbookTooLarge from error
    finally:
        _turns.release()
    if done.returncode == NOT_READ:
        raise NotAWorkbook
    if done.returncode:
        raise WorkbookTooLarge
    return [
        RawTable(
            title=sheet["title"],
            rows=sheet["rows"],
            is_cut=sheet["is_cut"],
            merged=tuple(sheet["merged"]),
        )
        for sheet in json.loads(done.stdout)
    ]
