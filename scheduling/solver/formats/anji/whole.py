"""The whole problem from its fields; an error names the item that is to blame."""

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any  # the fields were decoded by their types, which a dict forgets

from scheduling.solver.errors import InstanceError
from scheduling.solver.formats.anji.decode import refuse
from scheduling.solver.instance import Instance, Person

_LISTS = ("contracts", "people", "demands", "mixes", "requests", "pairs")
_NOBODY = Person(id="nobody")

Fields = Mapping[str, Any]


def whole(fields: Fields) -> Instance:
    """Return the problem.

    Raises:
        FormatError: The parts do not fit; the message begins with the path to the first
            item that does not.
    """
    try:
        return Instance(**fields)
    except InstanceError as error:
        path, found = _first(fields) or ("", error)
        refuse(path, found.told)


def _first(fields: Fields) -> tuple[str, InstanceError] | None:
    """Return the path of the first item with which the problem cannot be, and why.

    Each list is added to what came before it; if it cannot be, neither can any longer
    part of it, so the item is found by halving.
    """
    trial = {**fields, **dict.fromkeys(_LISTS, ()), "people": (_NOBODY,)}
    if _error(trial) is not None:
        return None  # no list is to blame
    for name in _LISTS:
        items = fields.get(name, ())
        trial[name] = items
        error = _error(trial)
        if error is not None and items:
            place = bisect_left(
                range(len(items)),
                True,  # noqa: FBT003 -- the value that is looked for
                key=lambda last: _error({**trial, name: items[: last + 1]}) is not None,
            )
            return f"{name}[{place}]", error
    return None


def _error(fields: Fields) -> InstanceError | None:
    try:
        Instance(**fields)
    except InstanceError as error:
        return error
    return None
