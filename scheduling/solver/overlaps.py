"""Shifts of one person that overlap by the clock: nobody works two at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scheduling.solver.errors import InstanceError
from scheduling.solver.message import phrase
from scheduling.solver.rules import OFF, Pattern, Rule

if TYPE_CHECKING:  # an instance asks here what its shifts forbid
    from scheduling.solver.instance import Instance, ShiftType

OVERLAP = "overlapping shifts"
MINUTES_A_DAY = 1440


def overlaps(shifts: Sequence["ShiftType"]) -> tuple[Pattern, ...]:
    """Return what cannot follow a shift because it begins before that one ends.

    By the clock on the wall: where clocks change it says the same of both shifts.
    """
    every_cell = frozenset(shift.id for shift in shifts) | {OFF}
    longest = max((shift.end_minute or 0 for shift in shifts), default=0)
    found = []
    for after in range(1, -(-longest // MINUTES_A_DAY)):
        for first in shifts:
            then = frozenset(
                shift.id
                for shift in shifts
                if first.end_minute is not None
                and shift.start_minute is not None
                and first.end_minute > after * MINUTES_A_DAY + shift.start_minute
            )
            if then:
                between = (every_cell,) * (after - 1)
                days = (frozenset({first.id}), *between, then)
                found.append(Pattern(name=OVERLAP, days=days))
    return tuple(found)


def unsaid(patterns: Sequence[Pattern], rules: Iterable[Rule]) -> tuple[Pattern, ...]:
    """Return what these patterns forbid and hard rules that stand beside them do not."""
    if not patterns:
        return ()
    said: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for rule in rules:
        if isinstance(rule, Pattern) and _is_always(rule):
            for first in rule.days[0]:
                said[first, len(rule.days)] |= rule.days[-1]
    left = []
    for pattern in patterns:
        (first,), then = pattern.days[0], pattern.days[-1]
        new = then - said[first, len(pattern.days)]
        if new:
            left.append(Pattern(name=OVERLAP, days=(*pattern.days[:-1], new)))
    return tuple(left)


def _is_always(rule: Pattern) -> bool:
    """Whether a rule forbids something on every day, whatever lies between its ends."""
    is_everywhere = rule.uses_history and not rule.weekdays and not rule.start_days
    is_between_all = len(rule.days) == len(("first", "then")) or rule.name == OVERLAP
    return rule.weight is None and is_everywhere and is_between_all


def need_pins_apart(instance: "Instance") -> "Instance":
    """Return the instance, in which no two fixed shifts of a person overlap.

    Raises:
        InstanceError: Two do; the message names the person, the shifts and the days.
    """
    for person in instance.people:
        fixed = dict(person.pinned)
        fixed |= dict(enumerate(person.history, start=-len(person.history)))
        for pattern in instance.overlaps:
            first, last = pattern.days[0], pattern.days[-1]
            for day in sorted(fixed):
                then = day + len(pattern.days) - 1
                if then >= 0 and fixed[day] in first and fixed.get(then, OFF) in last:
                    message = phrase(
                        "%(person)s has %(shift)s on %(date)s and %(other)s on"
                        " %(other_date)s fixed, which overlap: fix only one of them.",
                        person=person.name or person.id,
                        shift=fixed[day],
                        date=instance.date_of(day).isoformat(),
                        other=fixed[then],
                        other_date=instance.date_of(then).isoformat(),
                    )
                    raise InstanceError(message)
    return instance
