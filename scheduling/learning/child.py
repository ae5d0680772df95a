"""Learns from one file of past rosters: its bytes come in, JSON goes out.

Run it as `python -m scheduling.learning.child csv` or `... xlsx`.
"""

import json
import resource
import sys
from typing import BinaryIO, TextIO

from scheduling.learning.proposals import learned
from scheduling.solver.errors import FormatError, error_apart
from scheduling.solver.history import PastCell, read_history_csv
from scheduling.solver.history.workbook import read_history_xlsx
from scheduling.solver.message import phrase

MEMORY_BYTES = 2 * 1024**3  # RLIMIT_AS; a million rows take 1 GB


def main(source: BinaryIO, out: TextIO, *, kind: str) -> None:
    """Learn, or say what is wrong in which line."""
    try:
        answer = learned(_cells(source.read(), kind=kind))
    except FormatError as error:
        answer = {"error": error_apart(error)}
    json.dump(answer, out)


def _cells(content: bytes, *, kind: str) -> tuple[PastCell, ...]:
    if kind == "xlsx":
        return read_history_xlsx(content)
    try:
        return read_history_csv(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FormatError(phrase("The file is no text in UTF-8.")) from error


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    main(sys.stdin.buffer, sys.stdout, kind=sys.argv[1])
