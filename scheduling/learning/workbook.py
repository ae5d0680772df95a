"""Reads a sheet of an XLSX workbook as rows.

Run it where numpy may be loaded: openpyxl does so when it finds it.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from scheduling.learning.table import read_history
from scheduling.solver.errors import FormatError
from scheduling.solver.history import PastCell
from scheduling.solver.message import phrase

MAX_UNPACKED_MB = 512  # a workbook is a ZIP file, which may unpack to anything


def read_history_xlsx(content: bytes) -> tuple[PastCell, ...]:
    """Return the cells of a workbook's first sheet.

    Raises:
        FormatError: It is no workbook, or the sheet is not what its headings say.
    """
    return read_history(_rows(content))


def _rows(content: bytes) -> Iterator[Sequence[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
        if unpacked > MAX_UNPACKED_MB * 2**20:
            message = phrase(
                "The workbook unpacks to more than %(max_unpacked_mb)s MB.",
                max_unpacked_mb=MAX_UNPACKED_MB,
            )
            raise FormatError(message)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        message = phrase("The file is no XLSX workbook.")
        raise FormatError(message) from error
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()
