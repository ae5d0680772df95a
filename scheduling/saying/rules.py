"""Rules and clauses of law in plain words, in the reader's language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.saying.sentences import named, weekday_name
from scheduling.solver.instance import Instance
from scheduling.solver.laws.clauses import (
    AverageHours,
    Clause,
    DailyHours,
    DailyRest,
    LongestRun,
    OffAfterNights,
    Overtime,
    ShiftLength,
    WeeklyHours,
    WeeklyRest,
)
from scheduling.solver.rules import OFF, Count, Pattern, Rule, Run, Weekends

MINUTES_AN_HOUR = 60
TOLD_OF_A_NAME = 4  # rules of one name that are told one by one


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule as a page tells it; `cost` is empty where it must be kept."""

    name: str
    text: str
    cost: str


def rule_texts(rules: Iterable[Rule], instance: Instance) -> list[RuleText]:
    """Return rules in words; of many under one name the first ones, and how many more."""
    by_name: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        by_name.setdefault((rule.name, _cost(rule)), []).append(rule)
    return [
        RuleText(named(name), text, cost)
        for (name, cost), members in by_name.items()
        for text in _some(members, instance)
    ]


def _cost(rule: Rule) -> str:
    """Return what breaking a rule costs; a minute's weight is told by the hour."""
    if rule.weight is None:
        return ""
    if isinstance(rule, Count) and rule.unit == "minutes":
        return _("costs %(cost)s an hour") % {"cost": rule.weight * MINUTES_AN_HOUR}
    return _("costs %(cost)s each time") % {"cost": rule.weight}


def _some(rules: list[Rule], instance: Instance) -> Iterator[str]:
    for rule in rules[:TOLD_OF_A_NAME]:
        yield rule_text(rule, instance)
    left = len(rules) - TOLD_OF_A_NAME
    if left > 0:
        yield ngettext(
            "%(count)d more of the kind, for other shifts or days.",
            "%(count)d more of the kind, for other shifts or days.",
            left,
        ) % {"count": left}


def rule_text(rule: Rule, instance: Instance) -> str:
    """Return one rule in words."""
    match rule:
        case Count():
            return _count(rule, instance)
        case Run():
            return _run(rule, instance)
        case Pattern():
            return _pattern(rule, instance)
        case Weekends():
            return _weekends(rule)


def _count(rule: Count, instance: Instance) -> str:
    if rule.unit == "minutes":
        unit, by = _hours_of(rule), MINUTES_AN_HOUR
    else:
        unit, by = _("shifts"), 1
    if rule.shifts and rule.shifts != instance.all_shifts:
        unit = _("%(unit)s of %(shifts)s") % {
            "unit": unit,
            "shifts": _names(rule.shifts, instance),
        }
    return _("%(when)s: %(range)s %(unit)s.") % {
        "when": _when(rule, instance),
        "range": _range(rule.at_least, rule.at_most, by=by),
        "unit": unit,
    }


def _hours_of(rule: Count) -> str:
    if not rule.beyond:
        return _("hours")
    hours = {"hours": _number(rule.beyond, MINUTES_AN_HOUR)}
    return _("hours beyond %(hours)s of a shift") % hours


def _when(rule: Count, instance: Instance) -> str:
    if rule.window:
        told = {"days": rule.window}
        if rule.step == 1:
            return _("In any %(days)d days in a row") % told
        return _("In each %(days)d days") % told
    if rule.days and len(rule.days) < instance.days:
        count = len(rule.days)
        words = ngettext("On %(count)d day", "On %(count)d days", count)
        return words % {"count": count}
    return _("Over the whole roster")


def _run(rule: Run, instance: Instance) -> str:
    what = {
        "work": _("Days worked in a row"),
        "off": _("Days off in a row"),
        "shifts": _("Days in a row with %(shifts)s")
        % {"shifts": _names(rule.shifts, instance)},
    }[rule.of]
    return _("%(what)s: %(range)s.") % {
        "what": what,
        "range": _range(rule.at_least, rule.at_most),
    }


def _pattern(rule: Pattern, instance: Instance) -> str:
    cells = " → ".join(_any_of(day, instance) for day in rule.days)
    if len(rule.days) == 1 and not rule.weekdays and not rule.start_days:
        return _("Not worked: %(cells)s.") % {"cells": cells}
    if rule.weekdays:
        days = ", ".join(weekday_name(day) for day in sorted(rule.weekdays))
        return _("Not from %(days)s: %(cells)s.") % {"days": days, "cells": cells}
    if rule.start_days:
        return _("Not on some days, such as when clocks change: %(cells)s.") % {
            "cells": cells
        }
    return _("Not one after the other: %(cells)s.") % {"cells": cells}


def _any_of(day: frozenset[str], instance: Instance) -> str:
    if day >= instance.all_shifts:
        return _("any day") if OFF in day else _("any shift")
    return _names(day, instance)


def _weekends(rule: Weekends) -> str:
    if rule.measure == "complete":
        return _("A weekend is worked whole or not at all.")
    if rule.measure == "identical":
        return _("A weekend has one shift throughout.")
    what = _("Weekends worked in a row")
    if rule.measure == "count":
        what = _("Weekends worked")
    return _("%(what)s: %(range)s.") % {
        "what": what,
        "range": _range(rule.at_least, rule.at_most),
    }


def _range(least: int | None, most: int | None, *, by: int = 1) -> str:
    told = {"least": _number(least, by), "most": _number(most, by)}
    if most is None:
        return _("at least %(least)s") % told
    if not least:
        return _("at most %(most)s") % told
    if least == most:
        return _("just %(most)s") % told
    return _("%(least)s to %(most)s") % told


def _number(value: int | None, by: int) -> str:
    return "" if value is None else f"{round(value / by, 2):g}"


def _names(shifts: Iterable[str], instance: Instance) -> str:
    order = {shift.id: place for place, shift in enumerate(instance.shift_types)}
    worked = sorted((one for one in shifts if one != OFF), key=order.__getitem__)
    told = [instance.shift_by_id[one].name or one for one in worked]
    return " / ".join([*told, *([_("day off")] if OFF in shifts else [])])


def clause_text(clause: Clause) -> str:
    """Return one clause of a law profile in words."""
    match clause:
        case DailyRest():
            return _(
                "At least %(hours)d h without work between one shift and the next."
            ) % {"hours": clause.hours}
        case WeeklyRest():
            return _weekly_rest(clause)
        case OffAfterNights():
            return _("%(days)d free days between the last night and other shifts.") % {
                "days": clause.days
            }
        case LongestRun():
            nights = _("At most %(days)d nights in a row.")
            days = _("At most %(days)d days in a row.")
            return (nights if clause.of == "nights" else days) % {"days": clause.days}
        case _:
            return _hours_clause(clause)


def _weekly_rest(clause: WeeklyRest) -> str:
    if not clause.hours:
        return _("A free day in each week, Monday to Sunday.")
    return _(
        "At least %(hours)d h in a row without work around a free day of each week."
    ) % {"hours": clause.hours}


def _hours_clause(clause: Clause) -> str:
    match clause:
        case ShiftLength():
            nights = _("No night is longer than %(hours)d h.")
            shifts = _("No shift is longer than %(hours)d h.")
            return (nights if clause.only_nights else shifts) % {"hours": clause.hours}
        case AverageHours():
            nights = _(
                "At most %(hours)d h a week of those who work nights, on average over"
                " %(weeks)d weeks; leave is left out."
            )
            everybody = _(
                "At most %(hours)d h a week on average over %(weeks)d weeks; leave is"
                " left out."
            )
            return (nights if clause.only_nights else everybody) % {
                "hours": clause.hours_a_week,
                "weeks": clause.weeks,
            }
        case DailyHours():
            return _("Each hour beyond %(hours)d of a shift costs.") % {
                "hours": clause.hours
            }
        case WeeklyHours():
            return _("Each hour beyond %(hours)d a week costs.") % {
                "hours": clause.hours
            }
        case Overtime():
            return _(
                "At most %(hours)d h a month beyond %(normal)d h a working day."
            ) % {"hours": clause.hours_a_month, "normal": clause.normal_hours_a_day}
        case _:
            return _("The next day's shift starts no earlier than today's.")
