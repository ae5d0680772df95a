"""Rules made ready for tables: idle ones left out, bounds of one count joined."""

from collections.abc import Sequence
from dataclasses import replace

from scheduling.solver.instance import Instance, Person
from scheduling.solver.rules import Count, Pattern, Rule, Run

_SUCCESSION_DAYS = 2


def is_idle(rule: Rule, instance: Instance, person: Person) -> bool:
    """Whether no row can break a rule, or the cells keep it already."""
    if rule.weight == 0:
        return True
    if isinstance(rule, Run):
        longest = instance.days + len(person.history)
        is_long_enough = rule.at_most is None or rule.at_most >= longest
        return is_long_enough and (rule.at_least or 0) <= 1
    if isinstance(rule, Count) and rule.unit == "shifts" and not rule.at_least:
        days = rule.window or len(set(rule.days)) or instance.days
        return rule.at_most is None or rule.at_most >= rule.before + days
    return False


def joined(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules, where the lower and the upper bound of one count are one rule."""
    whole: list[Rule] = []
    places: dict[Count, int] = {}
    for rule in rules:
        if not isinstance(rule, Count):
            whole.append(rule)
            continue
        measure = replace(rule, name="", at_least=None, at_most=None, tier="contract")
        place = places.setdefault(measure, len(whole))
        if place == len(whole):
            whole.append(rule)
            continue
        both = _both(whole[place], rule)
        if both is None:
            whole.append(rule)
        else:
            whole[place] = both
    return whole


def _both(first: Rule, second: Count) -> Count | None:
    """Return two counts of one measure as one, None where they ask the same bound."""
    if not isinstance(first, Count):
        return None
    at_least = {first.at_least, second.at_least}
    at_most = {first.at_most, second.at_most}
    if None not in at_least or None not in at_most:
        return None
    low = max((bound for bound in at_least if bound is not None), default=None)
    high = min((bound for bound in at_most if bound is not None), default=None)
    if low is not None and high is not None and low > high:
        return None
    return replace(first, at_least=low, at_most=high)


def is_succession(rule: Rule, history: tuple[str, ...]) -> bool:
    return (
        isinstance(rule, Pattern)
        and len(rule.days) == _SUCCESSION_DAYS  # two days are a succession
        and not rule.weekdays
        and not rule.start_days
        and (rule.uses_history or not history)
    )
