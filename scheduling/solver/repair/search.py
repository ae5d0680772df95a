"""Finds the options after a sick call: small re-solves around the absent shifts."""

import time
from dataclasses import dataclass

from scheduling.solver.instance import Instance
from scheduling.solver.repair.open_cells import Opened, open_to
from scheduling.solver.repair.options import (
    MIN_OPTIONS,
    Option,
    breaks_nothing_new,
    chosen,
    option,
)
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
from scheduling.solver.search.strategies.elastic import binds_several, elastic

CELLS_A_SHIFT = 2  # besides the absent shift itself: people live by what is published
WIDER_CELLS_A_SHIFT = 6  # where nothing less is legal
DEFAULT_SECONDS = 4.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What matters how much: the price of one cell, and of one person, in cover's cost."""

    cell: int
    person: int


ALL_FOR_COVER = Wish(cell=1, person=1)
FEWEST_CELLS = Wish(cell=10_000, person=100)
FEWEST_PEOPLE = Wish(cell=100, person=10_000)
COVER_FACTOR = 10  # so that the smallest wish is less than any cost


def balanced(call: SickCall) -> Wish:
    """Return what the call itself says that changes are worth, to a tenth of a cost."""
    return Wish(
        cell=round(call.cell_weight * COVER_FACTOR),
        person=round(call.person_weight * COVER_FACTOR),
    )


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
    breaks a hard rule that the published roster kept. Where no such way is left, a need
    that must be met may stay open, at a high price: the options tell how far.

    Args:
        instance: What the roster was made for.
        published: The roster that people live by.
        call: Who is away, and what is frozen.
        seconds: Wall time for everything.
        seed: Where chance begins.

    Raises:
        RepairError: The call names somebody or a day that is not there.
    """
    began = time.monotonic()
    absent = absent_cells(instance, call.absences)
    strict = with_absences(instance, absent)
    asked = (excused(strict, published, absent), strict)
    around = _Around(published, call, absent, seed=seed)
    may_bend = binds_several(instance)
    legal_s = seconds / 2 if may_bend else seconds
    rosters = _ways_on(asked, around, deadline=began + legal_s)
    if may_bend and all(one == around.off for one in rosters):
        bent = (elastic(asked[0]), elastic(asked[1]))
        rosters = _ways_on(bent, around, deadline=began + seconds)
    return chosen(
        option(asked, published=published, repaired=one, absent=absent)
        for one in rosters
    )


class _Around:
    """What is the same for every search after one sick call.

    Attributes:
        off: The roster in which nobody works for the absent.
        lost: How many shifts these had.
    """

    def __init__(
        self, published: Roster, call: SickCall, absent: frozenset[Cell], *, seed: int
    ) -> None:
        self.published = published
        self.call = call
        self.absent = absent
        self.seed = seed
        self.off = _taken_off(published, absent)
        self.lost = sum(published.rows[person][day] != OFF for person, day in absent)


def _ways_on(
    asked: tuple[Instance, Instance], around: _Around, *, deadline: float
) -> list[Roster]:
    """Return rosters that are legal where the published one was, by what is asked.

    Args:
        asked: The problem with the absent excused, and not.
        around: What all searches share.
        deadline: When to stop.
    """
    published, off = around.published, around.off
    searches = [
        _Search(
            one,
            off,
            open_to(one, published, around.call, around.absent),
            seed=around.seed,
        )
        for one in asked
    ]
    known = [off] if breaks_nothing_new(asked[0], published, off) else []
    rosters: list[Roster] = []
    for cells_a_shift in (CELLS_A_SHIFT, WIDER_CELLS_A_SHIFT):
        for search in searches:
            search.allow(cells_a_shift * around.lost)
        rosters = rosters or _rosters(
            searches, known, balance=balanced(around.call), deadline=deadline
        )
    return rosters


def _taken_off(published: Roster, absent: frozenset[Cell]) -> Roster:
    """Return the roster in which nobody works for the absent."""
    for person, day in absent:
        published = published.with_cell(person, day, OFF)
    return published


def _rosters(
    searches: list["_Search"], known: list[Roster], *, balance: Wish, deadline: float
) -> list[Roster]:
    """Return different rosters, each the best by another wish.

    Args:
        searches: With the absent excused, and without.
        known: The roster that changes nothing else, where it is legal.
        balance: Between cover and changes, as the call asks.
        deadline: When to stop.
    """
    lenient, strict = searches
    calm = () if known else ((lenient, FEWEST_CELLS),)
    wishes = (
        *calm,
        (lenient, ALL_FOR_COVER),
        (strict, ALL_FOR_COVER),
        (lenient, balance),
        (strict, FEWEST_CELLS),
        (lenient, FEWEST_PEOPLE),
    )
    found = list(known)
    for place, (search, wish) in enumerate(wishes):
        # One share is kept for the others that join where options are few.
        share = (deadline - time.monotonic()) / (len(wishes) - place + 1)
        roster = search.solve(wish, seconds=share)
        if roster is not None and roster not in found:
            found.append(roster)
    for roster in found:
        lenient.forbid(roster)
    while 0 < len(found) < MIN_OPTIONS:
        another = lenient.solve(balance, seconds=deadline - time.monotonic())
        if another is None:
            break
        found.append(another)
        lenient.forbid(another)
    return found


class _Search:
    """The re-solves of one sick call."""

    def __init__(
        self, instance: Instance, off: Roster, opened: Opened, *, seed: int
    ) -> None:
        """Build the model around the absent cells.

        Args:
            instance: With the absences in it.
            off: The roster in which nobody works for the absent.
            opened: What may change, and into what.
            seed: Where chance begins.
        """
        self._off = off
        self._seed = seed
        self._model: RosterModel = build(
            instance,
            choices=opened.choices,
            scope=Scope(around=off, free=opened.cells | opened.absent),
        )
        self._free = sorted(opened.cells)
        self._changed = total(self._is_changed(cell) for cell in self._free)
        self._people = self._disturbed()

    def allow(self, cells: int) -> None:
        """Let so many cells change besides the absent ones."""
        self._limit = cells

    def solve(self, wish: Wish, *, seconds: float) -> Roster | None:
        """Return the best roster by a wish; None where none is found in time."""
        if seconds <= 0:
            return None
        model = self._model
        model.weigh(lambda term: term.weight * COVER_FACTOR)
        model.linear.minimize(self._changed, weight=wish.cell)
        model.linear.minimize(self._people, weight=wish.person)
        limit = len(model.linear.rows)
        model.linear.require(self._changed, high=self._limit)
        answer = solve_cpsat(
            model.linear,
            budget=Budget(seconds=seconds, seed=self._seed),
            hint=model.cells.hint(self._off),
        )
        del model.linear.rows[limit:]
        return None if answer.values is None else model.roster(answer.values)

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
