"""JSON to problem: every value checked, refused with the path to it."""

from datetime import date
from typing import NoReturn

from scheduling.solver.errors import FormatError, InstanceError
from scheduling.solver.formats.anji.shape import (
    RULE_KINDS,
    Hint,
    choices,
    columns,
    fields_of,
    is_rule,
    is_set,
    items,
    optional,
)
from scheduling.solver.formats.source import MAX_NUMBER, is_text, shown
from scheduling.solver.message import phrase

MAX_TEXT = 1_000
MAX_ITEMS = 1_000_000


def refuse(path: str, message: str) -> NoReturn:
    """Raise the error of a value that cannot be."""
    told = phrase("%(path)s: %(why)s", path=path, why=message) if path else message
    raise FormatError(told)


def decoded(hint: Hint, value: object, path: str) -> object:
    """Return the value of a type that JSON holds.

    Raises:
        FormatError: It is not of that type; the message begins with its path.
    """
    inner = optional(hint)
    if inner is not None:
        return None if value is None else decoded(inner, value, path)
    if items(hint) is not None or columns(hint):
        return _list(hint, value, path)
    if is_rule(hint):
        return _rule(value, path)
    if choices(hint):
        return _choice(hint, value, path)
    if hint in _SCALARS:
        return _SCALARS[hint](value, path)
    return instance_of(hint, value, path)


def instance_of(kind: type, value: object, path: str) -> object:
    """Return the dataclass that an object holds."""
    given = fields_in(kind, value, path)
    try:
        return kind(**given)
    except InstanceError as error:
        refuse(path, error.told)


def fields_in(kind: type, value: object, path: str) -> dict[str, object]:
    """Return the fields of a dataclass that an object holds."""
    held = mapping(value, path)
    known = fields_of(kind)
    unknown = sorted(set(held) - {one.name for one in known})
    if unknown:
        refuse(_below(path, unknown[0]), phrase("There is no such field."))
    given: dict[str, object] = {}
    for one in known:
        if one.name in held:
            below = _below(path, one.name)
            given[one.name] = decoded(one.hint, held[one.name], below)
        elif one.is_needed:
            refuse(_below(path, one.name), phrase("This is missing."))
    return given


def mapping(value: object, path: str) -> dict[str, object]:
    """Return an object's fields."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        refuse(
            path, phrase("An object belongs here, not %(value)s.", value=_told(value))
        )
    return value


def _list(hint: Hint, value: object, path: str) -> object:
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        refuse(path, phrase("A list belongs here, not %(value)s.", value=_told(value)))
    fixed = columns(hint)
    if fixed and len(value) != len(fixed):
        refuse(
            path,
            phrase(
                "A list of %(count)s belongs here, not of %(found)s.",
                count=len(fixed),
                found=len(value),
            ),
        )
    hints = fixed or [items(hint)] * len(value)
    held = [
        decoded(one, item, f"{path}[{place}]")
        for place, (one, item) in enumerate(zip(hints, value, strict=True))
    ]
    return frozenset(held) if is_set(hint) else tuple(held)


def _rule(value: object, path: str) -> object:
    held = mapping(value, path)
    kind = held.get("kind")
    if not isinstance(kind, str) or kind not in RULE_KINDS:
        known = ", ".join(RULE_KINDS)
        refuse(
            _below(path, "kind"),
            phrase(
                "%(kind)s is no kind of rule: %(known)s.", kind=_told(kind), known=known
            ),
        )
    rest = {key: one for key, one in held.items() if key != "kind"}
    return instance_of(RULE_KINDS[kind], rest, path)


def _choice(hint: Hint, value: object, path: str) -> str:
    if not isinstance(value, str) or value not in choices(hint):
        refuse(
            path,
            phrase(
                "%(value)s is none of %(known)s.",
                value=_told(value),
                known=", ".join(choices(hint)),
            ),
        )
    return value


def _whole(value: object, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        refuse(
            path,
            phrase("A whole number belongs here, not %(value)s.", value=_told(value)),
        )
    if abs(value) > MAX_NUMBER:
        refuse(
            path,
            phrase(
                "The number lies outside -%(max_number)s to %(max_number)s.",
                max_number=MAX_NUMBER,
            ),
        )
    return value


def _number(value: object, path: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        refuse(
            path, phrase("A number belongs here, not %(value)s.", value=_told(value))
        )
    if not -MAX_NUMBER <= value <= MAX_NUMBER:  # an int may be too large for a float
        refuse(
            path,
            phrase(
                "The number lies outside -%(max_number)s to %(max_number)s.",
                max_number=MAX_NUMBER,
            ),
        )
    return float(value)


def _flag(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        refuse(
            path,
            phrase("true or false belongs here, not %(value)s.", value=_told(value)),
        )
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        refuse(
            path,
            phrase(
                "A text of at most %(max_text)s characters belongs here.",
                max_text=MAX_TEXT,
            ),
        )
    if not is_text(value):
        refuse(path, phrase("There is a control character in the text."))
    return value


def _date(value: object, path: str) -> date:
    try:
        return date.fromisoformat(_text(value, path))
    except ValueError as error:
        if isinstance(error, FormatError):
            raise
        refuse(
            path,
            phrase(
                "%(value)s is not a date of the form 2026-03-01.", value=_told(value)
            ),
        )


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _told(value: object) -> str:
    """Return a value as an error message shows it."""
    if isinstance(value, dict):
        return phrase("an object")
    if isinstance(value, list):
        return phrase("a list of %(count)s", count=len(value))
    return phrase("nothing") if value is None else shown(str(value))


_SCALARS = {
    int: _whole,
    float: _number,
    bool: _flag,
    str: _text,
    date: _date,
}
