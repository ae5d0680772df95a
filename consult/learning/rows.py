"""JSON Lines of examples: the good rows, and each bad one by its line with the reason."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

from consult.learning.errors import LearningError

Split = Literal["train", "val", "test"]
SHARES: tuple[tuple[Split, float], ...] = (
    ("train", 0.60),
    ("val", 0.75),
    ("test", 1.0),
)
LONGEST_LINE = 200_000  # characters; a dialogue of a day is less
MOST_ROWS = 500_000
Example = TypeVar("Example")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out, by its line, counted from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Rows(Generic[Example]):
    """What a file holds."""

    examples: tuple[Example, ...]
    rejected: tuple[Rejected, ...]


def read_rows(
    path: Path, *, read: Callable[[Mapping[str, object], int], Example]
) -> Rows[Example]:
    """Return the rows of a file; a bad one is named and does not stop the others.

    Args:
        path: JSON Lines in UTF-8; empty lines are passed over.
        read: Makes an example of an object and its line, or raises LearningError.

    Raises:
        LearningError: There is no such file, or no row of it is good.
    """
    if not path.is_file():
        message = f"there is no file {path}"
        raise LearningError(message)
    examples: list[Example] = []
    rejected: list[Rejected] = []
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            if len(examples) >= MOST_ROWS:
                message = f"{path} has more than {MOST_ROWS} rows: split it"
                raise LearningError(message)
            try:
                examples.append(read(_object(line), number))
            except LearningError as error:
                rejected.append(Rejected(number, str(error)))
    if not examples:
        first = f": line {rejected[0].line}: {rejected[0].message}" if rejected else ""
        message = f"{path} has no row that can be learned from{first}"
        raise LearningError(message)
    return Rows(tuple(examples), tuple(rejected))


def split_of(group: str) -> Split:
    """Return the split of a group of twins: the same on every machine, at any time."""
    digest = hashlib.sha256(b"anji utterances 1:" + group.encode()).digest()
    place = int.from_bytes(digest[:8]) / 2**64
    return next(name for name, end in SHARES if place < end)


def text_in(row: Mapping[str, object], name: str, *, longest: int) -> str:
    """Return a member of a row as text that is there and can be read.

    Raises:
        LearningError: It is missing, empty, too long or no text.
    """
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        message = f"`{name}` is a text with at least one letter"
        raise LearningError(message)
    if len(value) > longest:
        message = f"`{name}` has {len(value)} characters; at most {longest}"
        raise LearningError(message)
    if "\ufffd" in value:
        message = f"`{name}` is not in UTF-8"
        raise LearningError(message)
    return value


def _object(line: str) -> Mapping[str, object]:
    if len(line) > LONGEST_LINE:
        message = f"the line has {len(line)} characters; at most {LONGEST_LINE}"
        raise LearningError(message)
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        message = f"this is no JSON: {error}"
        raise LearningError(message) from error
    if not isinstance(row, dict):
        message = "a row is a JSON object"
        raise LearningError(message)
    return row
