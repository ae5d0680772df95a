"""Windows that begin in the days before the horizon: what was worked there counts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduling.solver.rules import OFF, Count, Rule

if TYPE_CHECKING:  # an instance asks here what its people's history leaves of a window
    from scheduling.solver.instance import Instance


def windows_begun(
    rules: Sequence[Rule], history: Sequence[str], instance: "Instance"
) -> tuple[Count, ...]:
    """Return what each rolling window leaves of which a part is worked already.

    Only the most is asked: a part of a window that was free may have been leave. What the
    past has beyond it is no fault of the roster, and leaves nothing. Windows that cannot
    exceed it, and what stands among the rules already, are left out.
    """
    if not history:
        return ()
    begun = (one for rule in rules for one in _begun(rule, history, instance))
    return tuple(one for one in begun if one not in rules)


def _begun(rule: Rule, history: Sequence[str], instance: "Instance") -> Iterator[Count]:
    if not isinstance(rule, Count) or rule.at_most is None or rule.days:
        return
    longest = min(len(history), rule.window - 1)
    for past in range(rule.step, longest + 1, rule.step):
        days = rule.window - past
        if days > instance.days:
            continue
        before = sum(_worth(rule, history[-past:], instance))
        if before + days * _dearest(rule, instance) > rule.at_most:
            yield replace(
                rule,
                days=tuple(range(days)),
                window=0,
                step=1,
                at_least=None,
                at_most=max(rule.at_most, before),
                before=before,
            )


def _worth(rule: Count, shifts: Iterable[str], instance: "Instance") -> Iterator[int]:
    """Yield what days in these shifts add, of those that count."""
    for shift in shifts:
        if shift != OFF and (not rule.shifts or shift in rule.shifts):
            yield _amount(rule, shift, instance)


def _amount(rule: Count, shift: str, instance: "Instance") -> int:
    if rule.unit == "shifts":
        return 1
    return max(0, instance.shift_by_id[shift].minutes - rule.beyond)


def _dearest(rule: Count, instance: "Instance") -> int:
    """Return the most that one day can add."""
    return max(_worth(rule, instance.all_shifts, instance), default=0)
