"""Learns from one file of past rosters: its bytes come in, JSON goes out.

Run it as `python -m scheduling.learning.child csv` or `... xlsx`.
"""

import json
import resource
import sys
from typing import BinaryIO, TextIO

from scheduling.learning.proposals import learned
from scheduling.learning.table import read_history_csv
from scheduling.learning.workbook import read_history_xlsx
from scheduling.solver.errors import FormatError, error_apart

MEMORY_BYTES = 2 * 1024**3  # RLIMIT_AS; a million rows take 1 GB
READERS = {"csv": read_history_csv, "xlsx": read_history_xlsx}


def main(source: BinaryIO, out: TextIO, *, kind: str) -> None:
    """Learn, or say what is wrong in which line."""
    try:
        answer = learned(READERS[kind](source.read()))
    except FormatError as error:
        answer = {"error": error_apart(error)}
    json.dump(answer, out)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    main(sys.stdin.buffer, sys.stdout, kind=sys.argv[1])
