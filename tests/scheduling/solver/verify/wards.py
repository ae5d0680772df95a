"""A ward of two, small enough to judge by hand; a cell is one letter, `-` a day off."""

from datetime import date

from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Rule
from scheduling.solver.verify import Cost, Verdict, Violation, verify

MONDAY = date(2026, 3, 2)
SHIFTS = (
    ShiftType(id="E", minutes=480),
    ShiftType(id="L", minutes=450),
    ShiftType(id="N", minutes=600, is_night=True),
)


def cells(letters: str) -> tuple[str, ...]:
    """Return the cells that letters stand for."""
    return tuple(OFF if letter == "-" else letter for letter in letters)


def roster(*rows: str) -> Roster:
    return Roster(tuple(cells(row) for row in rows))


def alone(
    rule: Rule, *, days: int, history: str = "", start: date = MONDAY
) -> Instance:
    """Return an instance of one person, Ann, bound by one rule."""
    ann = Person(id="ann", name="Ann", rules=(rule,), history=cells(history))
    return Instance(
        name="ward", start=start, days=days, shift_types=SHIFTS, people=(ann,)
    )


def judged(
    rule: Rule, row: str, *, history: str = "", start: date = MONDAY
) -> list[tuple[int, tuple[int, ...]]]:
    """Return the cost and the days of each breach of one rule by Ann's row."""
    instance = alone(rule, days=len(row), history=history, start=start)
    verdict = verify(instance, roster(row))
    assert verdict.hard == ()
    assert verdict.objective == sum(one.cost for one in verdict.costs)
    return [(one.cost, one.days) for one in verdict.costs]


def only_violation(verdict: Verdict) -> Violation:
    (violation,) = verdict.hard
    assert verdict.costs == ()
    return violation


def only_cost(verdict: Verdict) -> Cost:
    (cost,) = verdict.costs
    assert verdict.hard == ()
    return cost
