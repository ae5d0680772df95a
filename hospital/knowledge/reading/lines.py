"""The lines of a text file, packed or not, each short enough to be read."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hospital.knowledge.reading.incoming import Flaw

LONGEST_LINE = 2_000_000  # bytes
TELL_EVERY = 500  # lines
PACKED = ".gz"

Told = Callable[[float], None]  # the share of the file that is read, from 0 to 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number, from 1."""

    number: int
    text: str


def lines_of(path: Path, told: Told) -> Iterator[Line | Flaw]:
    """Yield each line; a flaw where one cannot be read, and where the file ends early."""
    size = max(path.stat().st_size, 1)
    number = 0
    with path.open("rb") as raw:
        file = _unpacked(path, raw)
        while True:
            number += 1
            try:
                data = file.readline(LONGEST_LINE + 1)
                if len(data) > LONGEST_LINE:
                    _skip_line(file, data)
            except (EOFError, OSError, zlib.error) as error:
                problem = f"the packed file is damaged ({error}); copy it again"
                yield Flaw(str(path), f"line {number}", "damaged", problem)
                return
            if not data:
                return
            yield _line(path, number, data)
            if number % TELL_EVERY == 0:
                told(raw.tell() / size)


def _unpacked(path: Path, raw: BinaryIO) -> io.BufferedIOBase:
    if path.suffix == PACKED:
        return gzip.GzipFile(fileobj=raw)
    return io.BufferedReader(io.FileIO(raw.fileno(), closefd=False))


def _skip_line(file: io.BufferedIOBase, data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = file.readline(LONGEST_LINE)


def _line(path: Path, number: int, data: bytes) -> Line | Flaw:
    where = f"line {number}"
    if len(data) > LONGEST_LINE:
        problem = f"the line is longer than {LONGEST_LINE:,} bytes; shorten it"
        return Flaw(str(path), where, "too_long", problem)
    try:
        text = data.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        problem = "the line is not UTF-8 text; save the file as UTF-8"
        return Flaw(str(path), where, "not_utf8", problem)
    return Line(number, text)
