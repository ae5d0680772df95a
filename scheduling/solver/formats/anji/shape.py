"""How the types of the problem's dataclasses lie in JSON."""

import dataclasses
import types
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from scheduling.solver.rules import Count, Pattern, Run, Weekends

RULE_KINDS: dict[str, type] = {
    "count": Count,
    "run": Run,
    "pattern": Pattern,
    "weekends": Weekends,
}
KIND_OF_RULE = {rule: kind for kind, rule in RULE_KINDS.items()}

# A type hint can be any object, so `Any` is all that can be said of it.
Hint = Any


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a dataclass: its name, type, and default (None with is_needed)."""

    name: str
    hint: Hint
    default: object
    is_needed: bool


@cache
def fields_of(kind: type) -> tuple[Field, ...]:
    """Return the fields of a dataclass, in their order."""
    hints = get_type_hints(kind)
    return tuple(
        Field(one.name, hints[one.name], *_default(one))
        for one in dataclasses.fields(kind)
    )


def _default(one: "dataclasses.Field[object]") -> tuple[object, bool]:
    if one.default is not dataclasses.MISSING:
        return one.default, False
    if one.default_factory is not dataclasses.MISSING:
        return one.default_factory(), False
    return None, True


@cache
def is_rule(hint: Hint) -> bool:
    """Whether a hint is the union of the rules' classes."""
    return set(get_args(hint)) == set(KIND_OF_RULE)


@cache
def optional(hint: Hint) -> Hint | None:
    """Return what may stand in place of null; None where null may not stand."""
    if _origin(hint) not in {Union, types.UnionType} or is_rule(hint):
        return None
    others = [one for one in get_args(hint) if one is not type(None)]
    return others[0] if len(others) == 1 else None


def _origin(hint: Hint) -> object:
    return get_origin(hint)


@cache
def items(hint: Hint) -> Hint | None:
    """Return the type of each item of a list of any length; None for other types."""
    arguments = get_args(hint)
    if is_set(hint):
        return arguments[0]
    if _origin(hint) is tuple and arguments[1:] == (...,):
        return arguments[0]
    return None


@cache
def is_set(hint: Hint) -> bool:
    return _origin(hint) is frozenset


@cache
def columns(hint: Hint) -> tuple[Hint, ...]:
    """Return the types of a list of fixed length; empty for other types."""
    arguments = get_args(hint)
    is_fixed = _origin(hint) is tuple and ... not in arguments
    return arguments if is_fixed else ()


@cache
def choices(hint: Hint) -> tuple[str, ...]:
    """Return the words that a field may hold; empty where it is free."""
    return get_args(hint) if _origin(hint) is Literal else ()
