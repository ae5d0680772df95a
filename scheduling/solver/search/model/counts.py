"""Models how much is worked within some days."""

from collections.abc import Iterator

from scheduling.solver.rules import Count
from scheduling.solver.search.model.linear import Linear, total
from scheduling.solver.search.model.roster_model import Reason, RosterModel


def keep_count(model: RosterModel, person: int, rule: Count) -> None:
    """Hold what is worked in each window within the rule's range."""
    who = model.instance.people[person].id
    for days in _windows(rule, model.instance.days):
        worked = total(_worth(model, person, day, rule) for day in days)
        model.keep(
            worked.plus(rule.before),
            reason=Reason(who, rule.name, tuple(days), rule.tier),
            weight=rule.weight,
            low=rule.at_least,
            high=rule.at_most,
        )


def _windows(rule: Count, days: int) -> Iterator[list[int]]:
    counted = frozenset(rule.days or range(days))
    if not rule.window:
        yield [day for day in range(days) if day in counted]
        return
    for first in range(0, days - rule.window + 1, rule.step):
        yield [day for day in range(first, first + rule.window) if day in counted]


def _worth(model: RosterModel, person: int, day: int, rule: Count) -> Linear:
    """Return what a day adds to the count."""
    shifts = rule.shifts or model.instance.all_shifts
    if rule.unit == "shifts":
        return model.cells.in_any(person, day, shifts)
    by_minutes: dict[int, set[str]] = {}
    for shift in shifts:
        minutes = model.instance.minutes(shift, day=day, beyond=rule.beyond)
        by_minutes.setdefault(minutes, set()).add(shift)
    return total(
        model.cells.in_any(person, day, alike).times(minutes)
        for minutes, alike in sorted(by_minutes.items())
    )
