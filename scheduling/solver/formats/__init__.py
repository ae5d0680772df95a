"""Readers and writers of rostering problems and of rosters."""

from collections.abc import Callable

from scheduling.solver.errors import FormatError, InstanceError
from scheduling.solver.formats.anji import (
    anji_schema,
    from_json,
    read_anji,
    read_document,
    to_json,
)
from scheduling.solver.formats.curtois import read_curtois
from scheduling.solver.formats.inrc1 import read_inrc1
from scheduling.solver.formats.inrc2 import read_inrc2
from scheduling.solver.formats.roster_csv import read_roster_csv, write_roster_csv
from scheduling.solver.instance import Instance
from scheduling.solver.message import phrase
from scheduling.solver.overlaps import need_pins_apart

__all__ = [
    "FORMATS",
    "anji_schema",
    "from_json",
    "read_document",
    "read_instance",
    "read_roster_csv",
    "to_json",
    "write_roster_csv",
]

_READERS: dict[str, Callable[[str, str], Instance]] = {
    "curtois": lambda text, name: read_curtois(text, name=name),
    "inrc1": lambda text, name: read_inrc1(text, name=name),
    "inrc2": lambda text, name: read_inrc2(text, name=name),
    "anji": lambda text, _name: read_anji(text),
}
FORMATS = tuple(_READERS)


def read_instance(text: str, *, format: str, name: str = "") -> Instance:  # noqa: A002 -- the contract's word
    """Return the instance that a file describes.

    Args:
        text: The whole file.
        format: One of `FORMATS`.
        name: What to call the instance where the file does not say.

    Raises:
        FormatError: The format is unknown, the file is not what it says, or fixed shifts of
            a person overlap.
    """
    if format not in _READERS:
        message = phrase(
            "The format %(format)s is unknown: use %(known)s.",
            format=repr(format),
            known=", ".join(FORMATS),
        )
        raise FormatError(message)
    try:
        return need_pins_apart(_READERS[format](text, name))
    except InstanceError as error:
        raise FormatError(error.told) from error
