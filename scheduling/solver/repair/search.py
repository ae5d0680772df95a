"""Finds the options after a sick call: small re-solves around the absent shifts."""

import time
from dataclasses import dataclass

from scheduling.solver.instance import Instance
from scheduling.solver.repair.open_cells import open_cells, open_choices
from scheduling.solver.repair.options import MIN_OPTIONS, Option, chosen, option
from scheduling.solver.repair.sick_call import (
    Cell,
    SickCall,
    absent_cells,
    excused,
    with_absences,
)
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF
from scheduling.solver.search.model.build import Scope, build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.search.model.linear import Linear, total
from scheduling.solver.search.model.roster_model import RosterModel

CELLS_A_SHIFT = 2  # besides the absent shift itself: people live by what is published
WIDER_CELLS_A_SHIFT = 6  # where nothing less is legal
DEFAULT_SECONDS = 4.5
SECONDS_A_SOLVE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What matters how much: the price of one cell, and of one person, in cover's cost."""

    cell: int
    person: int


ALL_FOR_COVER = Wish(cell=1, person=1)
BALANCED = Wish(cell=25, person=25)  # four changes are worth a place left empty
FEWEST_CELLS = Wish(cell=10_000, person=100)
FEWEST_PEOPLE = Wish(cell=100, person=10_000)
COVER_FACTOR = 10  # so that the smallest wish is less than any cost


def repair(
    instance: Instance,
    published: Roster,
    call: SickCall,
    *,
    seconds: float = DEFAULT_SECONDS,
    seed: int = 0,
) -> tuple[Option, ...]:
    """Return three to five ways on after a sick call, the best cover first.

    No option is beaten by another in cover, changed cells, people disturbed and the
    contract of the absent, unless there are too few such: then other ways join. None
    breaks a hard rule that the published roster kept.

    Args:
        instance: What the roster was made for.
        published: The roster that people live by.
        call: Who is away, and what is frozen.
        seconds: Wall time for everything.
        seed: Where chance begins.

    Raises:
        RepairError: The call names somebody or a day that is not there.
    """
    deadline = time.monotonic() + seconds
    absent = absent_cells(instance, call.absences)
    strict = with_absences(instance, absent)
    asked = (excused(strict, published, absent), strict)
    rosters: list[Roster] = []
    for cells_a_shift in (CELLS_A_SHIFT, WIDER_CELLS_A_SHIFT):
        rosters = rosters or _rosters(
            [
                _Search(one, published, call, absent, seed=seed, deadline=deadline)
                for one in asked
            ],
            cells_a_shift,
        )
    return chosen(
        option(asked, published=published, repaired=one, absent=absent)
        for one in rosters
    )


def _rosters(searches: list["_Search"], cells_a_shift: int) -> list[Roster]:
    """Return different rosters, each the best by another wish.

    Args:
        searches: With the absent excused, and without.
        cells_a_shift: How many cells may change for each absent shift.
    """
    lenient, strict = searches
    for search in searches:
        search.allow(cells_a_shift)
    wishes = (
        (lenient, ALL_FOR_COVER),
        (lenient, FEWEST_CELLS),
        (strict, ALL_FOR_COVER),
        (lenient, BALANCED),
        (strict, FEWEST_CELLS),
        (lenient, FEWEST_PEOPLE),
    )
    found: list[Roster] = []
    for search, wish in wishes:
        roster = search.solve(wish)
        if roster is not None and roster not in found:
            found.append(roster)
    for roster in found:
        lenient.forbid(roster)
    while 0 < len(found) < MIN_OPTIONS and (another := lenient.solve(BALANCED)):
        found.append(another)
        lenient.forbid(another)
    return found


class _Search:
    """The re-solves of one sick call."""

    def __init__(
        self,
        instance: Instance,
        published: Roster,
        call: SickCall,
        absent: frozenset[Cell],
        *,
        seed: int,
        deadline: float,
    ) -> None:
        self._absent = absent
        self._deadline = deadline
        self._seed = seed
        off = published
        for person, day in absent:
            off = off.with_cell(person, day, OFF)
        free = open_cells(instance, published, call, absent)
        self._model: RosterModel = build(
            instance,
            choices=open_choices(instance, published, call, free),
            scope=Scope(around=published, free=free),
        )
        self._off = off
        self._lost_shifts = sum(
            published.rows[person][day] != OFF for person, day in absent
        )
        self._free = sorted(free - absent)
        self._changed = total(self._is_changed(cell) for cell in self._free)
        self._people = self._disturbed()

    def allow(self, cells_a_shift: int) -> None:
        """Let so many cells change for each absent shift, besides itself."""
        self._model.linear.require(
            self._changed, high=cells_a_shift * self._lost_shifts
        )

    def solve(self, wish: Wish) -> Roster | None:
        """Return the best roster by a wish; None where none is found in time."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            return None
        model = self._model
        model.weigh(lambda term: term.weight * COVER_FACTOR)
        model.linear.minimize(self._changed, weight=wish.cell)
        model.linear.minimize(self._people, weight=wish.person)
        answer = solve_cpsat(
            model.linear,
            budget=Budget(seconds=min(left, SECONDS_A_SOLVE), seed=self._seed),
            hint=model.cells.hint(self._off),
        )
        return None if answer.values is None else model.roster(answer.values)

    def _is_changed(self, cell: Cell) -> Linear:
        person, day = cell
        held = frozenset({self._off.rows[person][day]})
        return self._model.cells.in_any(person, day, held).complement()

    def _disturbed(self) -> Linear:
        """Return how many people have a changed cell."""
        linear = self._model.linear
        people = []
        for person in sorted({person for person, _day in self._free}):
            disturbed = linear.variable()
            for cell in self._free:
                if cell[0] == person:
                    linear.require(self._is_changed(cell) - disturbed, high=0)
            people.append(disturbed)
        return total(people)

    def forbid(self, roster: Roster) -> None:
        """Ask for a roster in which not all of one's changes are made again."""
        made = [
            self._model.cells.in_any(person, day, frozenset({roster.rows[person][day]}))
            for person, day in self._free
            if roster.rows[person][day] != self._off.rows[person][day]
        ]
        if made:
            self._model.linear.require(total(made), high=len(made) - 1)
        else:
            self._model.linear.require(self._changed, low=1)
