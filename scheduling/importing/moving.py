"""The next period of a ward: its problem moved on, with what was worked as its past."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any, TypeGuard, TypeVar

from scheduling.importing.problem import (
    CONTRACT_HOURS,
    DAYS_A_WEEK,
    hours_rule,
    slack_minutes,
    weekly_minutes,
)
from scheduling.solver.history import without_reserve
from scheduling.solver.instance import HeldSkill, Instance, Person
from scheduling.solver.laws import (
    LawProfile,
    PastWork,
    law_rules,
    under_law,
    without_law,
)
from scheduling.solver.rules import OFF, Count, Demand, Mix, Pattern, Rule, Weekends

HISTORY_DAYS = 28  # of the past that runs, patterns and rest look back into
Cells = Mapping[tuple[str, int], str]  # by person id and day, worked cells only
Need = TypeVar("Need", Demand, Mix)
Limited = TypeVar("Limited", Count, Weekends)


def next_period(
    instance: Instance,
    cells: Cells,
    *,
    name: str,
    days: int,
    holidays: frozenset[int] = frozenset(),
    law: LawProfile | None = None,
    past: Mapping[str, PastWork] | None = None,
) -> Instance:
    """Return the problem of the days that follow, in which nobody works yet.

    People, shifts, contracts and pairs stay; demand follows its weekdays, holidays left
    out; leave, requests, fixed cells and what was kept in reserve stay behind. A rule
    about certain dates goes.

    Args:
        instance: The problem of the period that ends.
        cells: What is worked in it.
        name: Of the new problem.
        days: Length of the new period.
        holidays: Which of its days are public holidays.
        law: The profile that it is put under; None for none. Optional clauses that the
            old problem had count in the new one.
        past: What counts before it in the averages that the law asks for, by person.

    Raises:
        LawError: The law is not in force any more.
    """
    plain = without_reserve(without_law(instance))
    moved = replace(
        plain,
        name=name,
        start=instance.date_of(instance.days),
        days=days,
        contracts=tuple(
            replace(one, rules=tuple(_moved(one.rules, plain, days)))
            for one in plain.contracts
        ),
        people=tuple(_person(one, plain, cells, days) for one in plain.people),
        demands=tuple(_by_weekday(plain.demands, plain, days)),
        mixes=tuple(_by_weekday(plain.mixes, plain, days)),
        requests=(),
        holidays=holidays,
    )
    if law is None:
        return moved
    return under_law(moved, law, past=past, asked=law_rules(instance))


def with_history(instance: Instance, days: Mapping[str, Sequence[str]]) -> Instance:
    """Return the problem in which people worked something on the days before it.

    Of days before one whose shift the problem does not have nothing is known.
    """
    people = tuple(
        replace(person, history=still_there(days.get(person.id, ()), instance))
        for person in instance.people
    )
    return replace(instance, people=people)


def still_there(days: Sequence[str], instance: Instance) -> tuple[str, ...]:
    known = takewhile(
        lambda shift: shift == OFF or shift in instance.shift_by_id, reversed(days)
    )
    return tuple(reversed(list(known)))


def _person(person: Person, old: Instance, cells: Cells, days: int) -> Person:
    """Return somebody with what they worked as their history; none where nobody works."""
    row = tuple(cells.get((person.id, day), OFF) for day in range(old.days))
    runs = [
        replace(rule, before=_weekends_in_a_row(rule, old, row))
        for rule in old.rules_of(person)
        if _is_run_of_weekends(rule)
    ]
    return replace(
        person,
        rules=(*_moved(person.rules, old, days), *runs),
        skills=tuple(_still_held(person, old)),
        history=(*person.history, *row)[-HISTORY_DAYS:] if cells else (),
        leave=frozenset(),
        pinned=(),
    )


def _moved(rules: Iterable[Rule], old: Instance, days: int) -> Iterator[Rule]:
    """Yield the rules as they hold in the new period, whose past counts nothing yet."""
    for rule in rules:
        match rule:
            case Count():
                if not rule.days:
                    yield _count(rule, old, days)
            case Weekends(measure="count"):
                yield _scaled(rule, old, days)
            case Weekends(measure="run"):
                pass  # each person's own, who worked other weekends before
            case Pattern():
                if not rule.start_days:
                    yield rule
            case _:
                yield rule


def _count(rule: Count, old: Instance, days: int) -> Count:
    if rule.window:
        return replace(rule, before=0)
    if rule.name == CONTRACT_HOURS:
        slack = slack_minutes(old.shift_types)
        weekly = weekly_minutes(rule, days=old.days, slack=slack)
        return hours_rule(weekly, days=days, slack=slack)
    return _scaled(rule, old, days)


def _scaled(rule: Limited, old: Instance, days: int) -> Limited:
    """Return a rule on the whole period for one of another length."""
    least, most = rule.at_least, rule.at_most
    return replace(
        rule,
        before=0,
        at_least=None if least is None else least * days // old.days,
        at_most=None if most is None else math.ceil(most * days / old.days),
    )


def _is_run_of_weekends(rule: Rule) -> TypeGuard[Weekends]:
    return isinstance(rule, Weekends) and rule.measure == "run"


def _weekends_in_a_row(rule: Weekends, old: Instance, row: Sequence[str]) -> int:
    """Return how many weekends in a row were worked up to the end of the old period.

    One that goes on in the new period is judged there.
    """
    first = rule.weekdays[0]
    starts = [
        day
        for day in range(old.days - len(rule.weekdays), -1, -1)
        if old.weekday(day) == first
    ]
    worked = [any(row[day : day + len(rule.weekdays)]) for day in starts]
    return worked.index(False) if False in worked else len(worked)


def _still_held(person: Person, old: Instance) -> Iterator[HeldSkill]:
    for held in person.skills:
        if held.until is None:
            yield held
        elif held.until >= old.days:
            yield replace(held, until=held.until - old.days)


def _by_weekday(needs: Iterable[Need], old: Instance, days: int) -> Iterator[Need]:
    """Yield each need on the weekdays on which it is usual: on most that are no holiday.

    The numbers are those that are most frequent on that weekday.
    """
    groups: dict[object, dict[int, Need]] = {}
    for need in needs:
        key = replace(need, day=0, **_UNNUMBERED[type(need)])
        groups.setdefault(key, {})[need.day] = need
    usual = {
        (place, weekday): found
        for place, group in enumerate(groups.values())
        for weekday in range(DAYS_A_WEEK)
        if (found := _usual(group, weekday, old)) is not None
    }
    for day in range(days):
        weekday = old.weekday(old.days + day)
        for place in range(len(groups)):
            if found := usual.get((place, weekday)):
                yield replace(found, day=day)


def _usual(group: Mapping[int, Need], weekday: int, old: Instance) -> Need | None:
    """Return what is asked on most of these weekdays; None where nothing is."""
    days = [day for day in range(old.days) if old.weekday(day) == weekday]
    working = [day for day in days if day not in old.holidays] or days
    asked = Counter(
        None if day not in group else replace(group[day], day=0) for day in working
    )
    return asked.most_common(1)[0][0] if asked else None


# What differs from day to day of one need.
_UNNUMBERED: dict[type, dict[str, Any]] = {  # Any: fields of two classes
    Demand: {"at_least": 0, "at_most": None},
    Mix: {"of": 1, "per": 1},
}
