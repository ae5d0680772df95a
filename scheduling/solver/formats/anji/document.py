"""The document: its format and version, and the problem in it."""

import json
from collections.abc import Mapping
from typing import NoReturn

from scheduling.solver.errors import FormatError
from scheduling.solver.formats.anji.decode import decoded, fields_in, mapping, refuse
from scheduling.solver.formats.anji.encode import Json, encoded
from scheduling.solver.formats.anji.older import as_written_now
from scheduling.solver.formats.anji.sense import need_sense
from scheduling.solver.formats.anji.whole import whole
from scheduling.solver.formats.source import MAX_CHARACTERS
from scheduling.solver.instance import Instance
from scheduling.solver.message import phrase

FORMAT = "anji"
VERSION = 1


def to_json(instance: Instance) -> dict[str, Json]:
    """Return the problem as a document that `from_json` reads back as it was."""
    told = encoded(instance)
    fields = told if isinstance(told, dict) else {}
    return {"format": FORMAT, "version": VERSION, **fields}


def from_json(data: object) -> Instance:
    """Return the problem in a document of ours that JSON was read into.

    Raises:
        FormatError: The document is not one, is of an unknown version, or holds what
            cannot be; the message begins with the path to it.
    """
    held = mapping(data, "")
    if held.get("format") != FORMAT:
        refuse("format", phrase('"%(format)s" belongs here.', format=FORMAT))
    version = decoded(int, held.get("version"), "version")
    if version != VERSION:
        refuse(
            "version",
            phrase(
                "Version %(version)s is unknown; %(newest)s can be read.",
                version=str(version),
                newest=VERSION,
            ),
        )
    rest = {
        key: value for key, value in held.items() if key not in {"format", "version"}
    }
    return whole(fields_in(Instance, as_written_now(rest), ""))


def read_document(data: object) -> Instance:
    """Return the problem in a document that comes in.

    Raises:
        FormatError: As `from_json`; or it asks for what no ward has.
    """
    return need_sense(from_json(data))


def read_anji(text: str) -> Instance:
    """Return the problem in a text of JSON that comes in.

    Raises:
        FormatError: As `read_document`; or the text is not JSON.
    """
    if len(text) > MAX_CHARACTERS:
        message = phrase(
            "The file has more than %(max_characters)s characters.",
            max_characters=MAX_CHARACTERS,
        )
        raise FormatError(message)
    if not text.strip():
        message = phrase("The file is empty.")
        raise FormatError(message)
    try:
        data = json.loads(
            text.removeprefix("\ufeff"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        message = phrase(
            "This is not JSON: %(msg)s (column %(colno)s).",
            msg=error.msg,
            colno=error.colno,
        )
        raise FormatError(message, line=error.lineno) from error
    except RecursionError as error:
        message = phrase("The document is nested too deeply.")
        raise FormatError(message) from error
    except ValueError as error:
        if isinstance(error, FormatError):
            raise
        message = phrase("There is a number too long to be read.")
        raise FormatError(message) from error
    return read_document(data)


def _refuse_constant(text: str) -> NoReturn:
    message = phrase("%(text)s is no number of JSON.", text=text)
    raise FormatError(message)


def _once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    held: dict[str, object] = {}
    for name, value in pairs:
        if name in held:
            message = phrase(
                "The field %(name)s is there twice in one object.", name=name
            )
            raise FormatError(message)
        held[name] = value
    return held
