"""What is known when somebody calls in sick, and what may still change."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scheduling.solver.errors import SolverError
from scheduling.solver.instance import MINUTES_A_DAY, Instance, Person
from scheduling.solver.message import phrase
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Rule, Run, Weekends

MAX_FREEZE_HOURS = 31 * 24
MAX_WEIGHT = 1_000  # of cover's cost: beyond it nothing is changed for cover's sake
DEFAULT_WEIGHT = 2.5

Cell = tuple[int, int]  # person index, day


class RepairError(SolverError):
    """A sick call that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which somebody cannot work, whatever the roster says."""

    person: str
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SickCall:
    """Who is away, and from when the roster is open.

    Attributes:
        absences: One a person, or several.
        day, minute: Now: the day of the horizon and the minutes after its midnight.
        freeze_hours: Shifts that start within so many hours from now stay as they are
            published; the absent are taken off all the same.
        cell_weight, person_weight: What a changed cell, and a person disturbed, may
            save of cover's cost, between 0 and 1,000: how the balanced way is found.
    """

    absences: tuple[Absence, ...]
    day: int = 0
    minute: int = 0
    freeze_hours: int = 0
    cell_weight: float = DEFAULT_WEIGHT
    person_weight: float = DEFAULT_WEIGHT

    def __post_init__(self) -> None:
        if not self.absences:
            message = phrase("A sick call names somebody who is away.")
            raise RepairError(message)
        if not 0 <= self.freeze_hours <= MAX_FREEZE_HOURS:
            message = phrase(
                "%(freeze_hours)s h: between 0 and %(max_freeze_hours)s can be frozen.",
                freeze_hours=self.freeze_hours,
                max_freeze_hours=MAX_FREEZE_HOURS,
            )
            raise RepairError(message)
        for weight in (self.cell_weight, self.person_weight):
            if not 0 <= weight <= MAX_WEIGHT:
                message = phrase(
                    "%(weight)s is no weight between 0 and %(max_weight)s.",
                    weight=str(weight),
                    max_weight=MAX_WEIGHT,
                )
                raise RepairError(message)
        if not 0 <= self.minute < MINUTES_A_DAY:
            message = phrase(
                "Minute %(minute)s lies outside a day.", minute=self.minute
            )
            raise RepairError(message)

    @property
    def open_from(self) -> int:
        """The minute from the horizon's start at which the roster is open again."""
        return self.day * MINUTES_A_DAY + self.minute + self.freeze_hours * 60


def absent_cells(instance: Instance, absences: Iterable[Absence]) -> frozenset[Cell]:
    """Return the cells, by person index and day, that nobody can work.

    Raises:
        RepairError: A person is unknown, or a day lies outside the horizon.
    """
    cells = set()
    for absence in absences:
        if absence.person not in instance.person_index:
            message = phrase(
                "The sick call names the unknown person %(person)s.",
                person=absence.person,
            )
            raise RepairError(message)
        for day in absence.days:
            if not 0 <= day < instance.days:
                message = phrase(
                    "The sick call names day %(day)s, outside the horizon.", day=day
                )
                raise RepairError(message)
            cells.add((instance.person_index[absence.person], day))
    return frozenset(cells)


def with_absences(instance: Instance, absent: frozenset[Cell]) -> Instance:
    """Return the instance in which the absent are on leave, whatever was fixed."""
    people = list(instance.people)
    for index in {index for index, _day in absent}:
        days = frozenset(day for one, day in absent if one == index)
        person = people[index]
        people[index] = replace(
            person,
            leave=person.leave | days,
            pinned=tuple(pin for pin in person.pinned if pin[0] not in days),
        )
    return replace(instance, people=tuple(people))


def excused(instance: Instance, roster: Roster, absent: frozenset[Cell]) -> Instance:
    """Return the instance that asks nothing of the absent which illness prevents.

    What they would have worked counts as worked towards every minimum, and no run or
    weekend of theirs is too short.
    """
    people = list(instance.people)
    for index in {index for index, _day in absent}:
        person = people[index]
        lost = {day: roster.rows[index][day] for one, day in absent if one == index}
        rules = tuple(
            excuse
            for rule in instance.rules_of(person)
            for excuse in _excused(rule, lost, instance)
        )
        people[index] = _with_rules(person, rules)
    return replace(instance, people=tuple(people))


def _excused(rule: Rule, lost: dict[int, str], instance: Instance) -> tuple[Rule, ...]:
    """Return what is left of a rule for somebody who is ill."""
    match rule:
        case Count(at_least=int(at_least)):
            missed = sum(_worth(rule, cell, instance) for cell in lost.items())
            return (replace(rule, at_least=max(at_least - missed, 0)),)
        case Run() if rule.at_most is None:
            return ()
        case Run(at_least=int()):
            return (replace(rule, at_least=None),)
        case Weekends(measure="complete" | "identical"):
            return ()
        case Weekends(at_least=int()):
            return (replace(rule, at_least=None),)
        case _:
            return (rule,)


def _worth(rule: Count, cell: tuple[int, str], instance: Instance) -> int:
    """Return what a shift not worked would have added to a count."""
    day, shift = cell
    if shift == OFF or (rule.shifts and shift not in rule.shifts):
        return 0
    if rule.unit == "shifts":
        return 1
    return instance.minutes(shift, day=day, beyond=rule.beyond)


def _with_rules(person: Person, rules: tuple[Rule, ...]) -> Person:
    return replace(person, contracts=(), rules=rules)
