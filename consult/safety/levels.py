"""The four levels of urgency, in their order; nothing later lowers one."""

from typing import Literal, get_args

Level = Literal["self_care", "routine", "urgent", "emergency"]
LEVELS: tuple[Level, ...] = get_args(Level)


def higher(*levels: Level) -> Level:
    """Return the most urgent of the levels, at least `self_care`."""
    return max(levels, key=LEVELS.index, default="self_care")
