"""Which cells may still change after a sick call, and into what."""

from collections.abc import Set
from dataclasses import dataclass

from scheduling.solver.instance import MINUTES_A_DAY, Instance
from scheduling.solver.repair.sick_call import Cell, SickCall
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF
from scheduling.solver.verify import Judge, Violation

REACH_DAYS = 4  # as far as a change on one day usually asks for changes on others


@dataclass(frozen=True, slots=True)
class Opened:
    """What may change.

    Attributes:
        absent: The cells that nobody can work.
        cells: Those besides that may change.
        choices: What each cell may hold, by person and day.
    """

    absent: frozenset[Cell]
    cells: frozenset[Cell]
    choices: list[list[frozenset[str]]]


def open_to(
    instance: Instance, published: Roster, call: SickCall, absent: frozenset[Cell]
) -> Opened:
    """Return what may change around the absent cells and is not frozen.

    The absent may make up for lost shifts on any later day. Whoever's row breaks a hard
    rule already is left in peace: nothing that is done here would make it legal.
    """
    cells = _open_cells(instance, published, call, absent) - absent
    choices = _choices(instance, published, call, cells)
    for person, day in absent:
        choices[person][day] = frozenset({OFF})
    return Opened(absent, cells, choices)


def _open_cells(
    instance: Instance, published: Roster, call: SickCall, absent: frozenset[Cell]
) -> frozenset[Cell]:
    judge = Judge(instance)
    away = {person for person, _day in absent}
    near = {
        day + step
        for _person, day in absent
        for step in range(-REACH_DAYS, REACH_DAYS + 1)
    }
    found = set[Cell]()
    for person, row in enumerate(published.rows):
        breaches = () if person in away else judge.row(person, row)
        if any(isinstance(one, Violation) for one in breaches):
            continue
        found.update(
            (person, day)
            for day in range(instance.days)
            if (day in near or person in away)
            and can_change(instance, row[day], day=day, call=call)
        )
    return frozenset(found)


def can_change(instance: Instance, shift: str, *, day: int, call: SickCall) -> bool:
    """Whether a published cell is not frozen: its shift starts late enough.

    A free day is open as long as any shift of it could still be given.
    """
    if shift != OFF:
        return _start(instance, shift, day) >= call.open_from
    return any(
        _start(instance, one, day) >= call.open_from for one in instance.all_shifts
    )


def _choices(
    instance: Instance, published: Roster, call: SickCall, cells: Set[Cell]
) -> list[list[frozenset[str]]]:
    """Return what each cell may hold: no shift that starts too soon is new in an open one."""
    choices = [[frozenset({shift}) for shift in row] for row in published.rows]
    for person, day in cells:
        held = published.rows[person][day]
        allowed = instance.allowed(instance.people[person], day)
        choices[person][day] = frozenset(
            shift
            for shift in allowed
            if shift in {held, OFF} or _start(instance, shift, day) >= call.open_from
        )
    return choices


def _start(instance: Instance, shift: str, day: int) -> int:
    """Return when a shift starts, in minutes from the horizon's start."""
    return day * MINUTES_A_DAY + (instance.shift_by_id[shift].start_minute or 0)
