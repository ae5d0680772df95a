"""Which rules of a problem the columns of a contract tell."""

from scheduling.importing.problem import CONTRACT_HOURS
from scheduling.solver.instance import Instance
from scheduling.solver.rules import Count, Rule, Run, Weekends

DAYS, NIGHTS, REST, WEEKENDS = "days", "nights", "rest", "weekends"
LIMITS, HOURS = "limits", "hours"


def term_of(rule: Rule, instance: Instance) -> str:
    """Return which term of a contract a rule is; empty for what no column tells."""
    match rule:
        case Run():
            return _term_of_run(rule, instance)
        case Weekends(measure="count", at_most=int()):
            return WEEKENDS
        case Count() if rule.window:
            return LIMITS if is_limit(rule) else ""
        case Count() if not rule.days and not rule.shifts:
            return HOURS if tells_hours(rule, instance) else ""
        case _:
            return ""


def is_limit(rule: Count) -> bool:
    """Whether so many minutes must not be passed in any so many days in a row."""
    plain = Count(
        name=rule.name,
        window=rule.window,
        unit="minutes",
        at_least=rule.at_least,
        at_most=rule.at_most,
        tier=rule.tier,
    )
    return bool(rule.window) and rule.at_most is not None and rule == plain


def tells_hours(rule: Count, instance: Instance) -> bool:
    """Whether a rule on the whole period can be told as hours of a week."""
    if rule.name == CONTRACT_HOURS or rule.unit == "minutes":
        return True
    return len({shift.minutes for shift in instance.shift_types}) == 1


def _term_of_run(rule: Run, instance: Instance) -> str:
    nights = frozenset(shift.id for shift in instance.shift_types if shift.is_night)
    if rule.of == "off":
        return REST if rule.at_least else ""
    if rule.at_most is None:
        return ""
    if rule.of == "work":
        return DAYS
    return NIGHTS if rule.shifts == nights else ""
