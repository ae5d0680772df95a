"""Problem to JSON: every field that differs from its default."""

import dataclasses
from datetime import date

from scheduling.solver.formats.anji.shape import KIND_OF_RULE, fields_of
from scheduling.solver.message import phrase

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def encoded(value: object) -> Json:
    """Return a value of the problem as JSON has it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return [encoded(one) for one in sorted(value)]
    if isinstance(value, tuple):
        return [encoded(one) for one in value]
    return _object(value)


def _object(value: object) -> Json:
    kind: type = type(value)
    if not dataclasses.is_dataclass(kind):
        message = phrase("%(name)s has no form in JSON.", name=kind.__name__)
        raise TypeError(message)
    told: dict[str, Json] = {}
    if kind in KIND_OF_RULE:
        told["kind"] = KIND_OF_RULE[kind]
    for one in fields_of(kind):
        held = getattr(value, one.name)
        if one.is_needed or held != one.default:
            told[one.name] = encoded(held)
    return told
