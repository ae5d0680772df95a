"""Earlier spellings of version 1, which are read as they are written now."""

from collections.abc import Mapping


def as_written_now(fields: Mapping[str, object]) -> dict[str, object]:
    """Return a document's fields with the shifts' on-call duty in words.

    It was a flag, `is_on_call` or `on_call`: on call was at the workplace.
    """
    shifts = fields.get("shift_types")
    if not isinstance(shifts, list):
        return dict(fields)
    return {**fields, "shift_types": [_shift(one) for one in shifts]}


def _shift(shift: object) -> object:
    if not isinstance(shift, dict):
        return shift
    rest = {key: value for key, value in shift.items() if key != "is_on_call"}
    flag = shift.get("is_on_call", rest.get("on_call"))
    if not isinstance(flag, bool):
        return shift
    return {**rest, "on_call": "site" if flag else ""}
