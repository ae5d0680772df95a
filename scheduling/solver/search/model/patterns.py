"""Models sequences of days that should not occur."""

from collections.abc import Iterable

from scheduling.solver.rules import OFF, Pattern
from scheduling.solver.search.model.linear import Linear, total
from scheduling.solver.search.model.roster_model import Reason, RosterModel

Shifts = frozenset[str]


def keep_pattern(model: RosterModel, person: int, rule: Pattern) -> None:
    """Keep a sequence from occurring, at each day where it may start."""
    someone = model.instance.people[person]
    length = len(rule.days)
    past = min(len(someone.history), length - 1) if rule.uses_history else 0
    for first in range(-past, model.instance.days - length + 1):
        if not _may_start(model, rule, first):
            continue
        matches = total(
            model.cells.in_any(person, first + step, shifts)
            for step, shifts in enumerate(rule.days)
        )
        days = tuple(range(max(first, 0), first + length))
        reason = Reason(someone.id, rule.name, days, rule.tier)
        _keep_from_matching(model, matches, length, rule, reason)


def merged(rules: Iterable[Pattern]) -> list[Pattern]:
    """Return rules that say the same with fewer and stronger rows.

    `A then X` and `B then X or Y`, both forbidden, become `A or B then X` and `B then X
    or Y`: of each day's shifts at most one is worked, so each is one at-most-one row.
    """
    kept = []
    after: dict[str, Shifts] = {}
    for rule in rules:
        if is_succession(rule):
            first, second = rule.days
            for shift in first:
                after[shift] = after.get(shift, frozenset()) | second
        else:
            kept.append(rule)
    for number, second in enumerate(sorted(set(after.values()), key=sorted)):
        first = frozenset(shift for shift, then in after.items() if second <= then)
        kept.append(Pattern(name=f"succession {number}", days=(first, second)))
    return kept


def is_succession(rule: Pattern) -> bool:
    """Whether it forbids one shift straight after another, on every day."""
    days = rule.days
    is_always = rule.uses_history and not rule.weekdays and not rule.start_days
    is_hard_pair = rule.weight is None and len(days) == len(("first", "second"))
    return is_always and is_hard_pair and OFF not in days[0] | days[1]


def _may_start(model: RosterModel, rule: Pattern, day: int) -> bool:
    is_weekday = not rule.weekdays or model.instance.weekday(day) in rule.weekdays
    return is_weekday and (not rule.start_days or day in rule.start_days)


def _keep_from_matching(
    model: RosterModel, matches: Linear, length: int, rule: Pattern, reason: Reason
) -> None:
    if rule.weight is None:
        model.require(matches, reason=reason, high=length - 1)
        return
    most = model.linear.range_of(matches)[1]
    if most < length:
        return
    if len([1 for _ in matches.terms]) == 0 or length == 1:
        model.charge(matches.plus(1 - length), reason=reason, weight=rule.weight)
        return
    occurs = model.linear.variable()
    model.linear.require(matches - occurs, high=length - 1)
    model.charge(occurs, reason=reason, weight=rule.weight)
