"""Models what is asked of weekends."""

from collections.abc import Sequence
from itertools import pairwise

from scheduling.solver.instance import Instance
from scheduling.solver.rules import Weekends
from scheduling.solver.search.model.linear import ONE, Linear, total
from scheduling.solver.search.model.roster_model import Reason, RosterModel, everything
from scheduling.solver.search.model.runs import Stretch, keep_stretch

DAYS_A_WEEK = 7
Weekend = tuple[int, ...]


def keep_weekends(model: RosterModel, person: int, rule: Weekends) -> None:
    """Hold somebody's weekends to the rule."""
    weekends = _weekends(model.instance, rule.weekdays)
    KEEPERS[rule.measure](model, person, rule, weekends)


def _weekends(instance: Instance, weekdays: Sequence[int]) -> list[Weekend]:
    """Return the days of each weekend that lie in the horizon."""
    steps = [(weekday - weekdays[0]) % DAYS_A_WEEK for weekday in weekdays]
    first = (weekdays[0] - instance.weekday(0)) % DAYS_A_WEEK - DAYS_A_WEEK
    found = []
    for start in range(first, instance.days, DAYS_A_WEEK):
        days = tuple(
            start + step for step in steps if 0 <= start + step < instance.days
        )
        if days:
            found.append(days)
    return found


def _keep_number(
    model: RosterModel, person: int, rule: Weekends, weekends: list[Weekend]
) -> None:
    worked = total(_is_worked(model, person, weekend) for weekend in weekends)
    model.keep(
        worked.plus(rule.before),
        reason=_reason(model, person, rule, weekends),
        weight=rule.weight,
        low=rule.at_least,
        high=rule.at_most,
    )


def _keep_runs(
    model: RosterModel, person: int, rule: Weekends, weekends: list[Weekend]
) -> None:
    if not weekends:
        return
    worked = [_is_worked(model, person, weekend) for weekend in weekends]
    keep_stretch(
        model,
        Stretch(
            steps=[*[ONE] * rule.before, *worked],
            past=rule.before,
            at_least=rule.at_least,
            at_most=rule.at_most,
            open_start=False,
            open_end=False,
            weight=rule.weight,
            reason=lambda first, last: _reason(
                model, person, rule, weekends[max(first, 0) : last + 1]
            ),
        ),
    )


def _keep_whole(
    model: RosterModel, person: int, rule: Weekends, weekends: list[Weekend]
) -> None:
    """Keep each weekend from being worked in part: a worked day, then a free one."""
    for weekend in weekends:
        days = [model.cells.works(person, day) for day in weekend]
        pairs = zip(days, days[1:] + days[:1], strict=True)
        drops = [worked - after for worked, after in pairs if len(days) > 1]
        reason = _reason(model, person, rule, [weekend])
        model.keep_none(drops, reason=reason, weight=rule.weight)


def _keep_alike(
    model: RosterModel, person: int, rule: Weekends, weekends: list[Weekend]
) -> None:
    """Keep each day of a weekend from differing from the one before."""
    for weekend in weekends:
        for day, after in pairwise(weekend):
            cells = model.cells
            drops = [
                cells.in_any(person, day, one) - cells.in_any(person, after, one)
                for one in (frozenset({held}) for held in everything(model.instance))
            ]
            reason = _reason(model, person, rule, [(day, after)])
            model.keep_none(drops, reason=reason, weight=rule.weight)


KEEPERS = {
    "count": _keep_number,
    "run": _keep_runs,
    "complete": _keep_whole,
    "identical": _keep_alike,
}


def _is_worked(model: RosterModel, person: int, weekend: Weekend) -> Linear:
    days = [model.cells.works(person, day) for day in weekend]
    if any(day.is_constant and day.const for day in days):
        return ONE
    days = [day for day in days if not day.is_constant]
    if len(days) < len(("one", "other")):
        return total(days)
    worked = model.linear.variable()
    for day in days:
        model.linear.require(day - worked, high=0)
    model.linear.require(worked - total(days), high=0)
    return worked


def _reason(
    model: RosterModel, person: int, rule: Weekends, weekends: Sequence[Weekend]
) -> Reason:
    days = tuple(day for weekend in weekends for day in weekend)
    return Reason(model.instance.people[person].id, rule.name, days, rule.tier)
