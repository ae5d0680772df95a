"""The fewest parts of a whole that cannot hold together."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")
CanHold = Callable[[Sequence[Part]], bool]


def fewest(parts: Sequence[Part], can_hold: CanHold[Part]) -> list[Part]:
    """Return parts that conflict, none of which can be left out.

    Halves are tried before single parts, so that a conflict of a few parts in many is
    found with few questions.

    Args:
        parts: They conflict, all together.
        can_hold: Whether some of them can hold together.

    References:
        U. Junker: QuickXplain: preferred explanations and relaxations for
        over-constrained problems, AAAI 2004.
    """
    return _needed(list(parts), [], can_hold, is_new=True)


def _needed(
    parts: list[Part], around: list[Part], can_hold: CanHold[Part], *, is_new: bool
) -> list[Part]:
    """Return the parts needed for a conflict besides what is around them.

    Args:
        parts: They conflict together with what is around.
        around: Parts that stay.
        can_hold: Whether some parts can hold together.
        is_new: Whether what is around has grown, so that it may conflict alone.
    """
    if not parts or (is_new and not can_hold(around)):
        return []
    if len(parts) == 1:
        return parts
    half = len(parts) // 2
    first, second = parts[:half], parts[half:]
    of_second = _needed(second, around + first, can_hold, is_new=True)
    of_first = _needed(first, around + of_second, can_hold, is_new=bool(of_second))
    return of_first + of_second
