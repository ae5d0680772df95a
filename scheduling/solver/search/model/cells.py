"""The cells of a roster as variables: one 0-1 variable for each shift that may be."""

from collections.abc import Iterable, Mapping, Sequence, Set

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF
from scheduling.solver.search.model.linear import ONE, ZERO, Linear, LinearModel, total

Choices = Sequence[Sequence[Set[str]]]  # [person][day]: what the cell may hold


class Cells:
    """Every cell, before and within the horizon, as linear expressions worth 0 or 1."""

    def __init__(
        self,
        instance: Instance,
        linear: LinearModel,
        *,
        choices: Choices,
        kept: Mapping[int, Sequence[str]] | None = None,
    ) -> None:
        """Make the variables.

        Args:
            instance: Whose cells.
            linear: Where the variables go.
            choices: What each cell may hold; one choice alone needs no variable.
            kept: Whole rows that stay as they are, by person; their choices are not
                looked at.
        """
        self.instance = instance
        self._kept = kept or {}
        self._linear = linear
        self._shifts = instance.all_shifts
        self._is = [
            [] if person in self._kept else [self._cell(may) for may in row]
            for person, row in enumerate(choices)
        ]
        self._works = [[self._work(cell) for cell in row] for row in self._is]

    def in_any(self, person: int, day: int, shifts: Set[str]) -> Linear:
        """Return whether a cell holds one of these, `OFF` perhaps among them.

        Days before the horizon are those of the person's history.
        """
        if day < 0:
            return ONE if self.instance.people[person].history[day] in shifts else ZERO
        if person in self._kept:
            return ONE if self._kept[person][day] in shifts else ZERO
        cell = self._is[person][day]
        if OFF in shifts:
            others = self._shifts - shifts
            return self._any_of(person, day, others).complement() if others else ONE
        if len(shifts) == 1:
            return cell.get(next(iter(shifts)), ZERO)
        return self._any_of(person, day, shifts)

    def how_many(self, people: Iterable[int], day: int, shifts: Set[str]) -> Linear:
        """Return how many of these people's cells hold one of these shifts.

        As the sum of `in_any`, but whole rows that stay as they are cost next to nothing.
        """
        kept = self._kept if day >= 0 else {}
        parts: list[Linear] = []
        already = 0
        for person in people:
            row = kept.get(person)
            if row is None:
                parts.append(self.in_any(person, day, shifts))
            elif row[day] in shifts:
                already += 1
        return total(parts).plus(already)

    def works(self, person: int, day: int) -> Linear:
        """Return whether somebody works that day."""
        if day < 0 or person in self._kept:
            return self.in_any(person, day, self._shifts)
        return self._works[person][day]

    def roster(self, values: Sequence[int]) -> Roster:
        return Roster(
            tuple(
                tuple(self._kept.get(person) or (_held(cell, values) for cell in row))
                for person, row in enumerate(self._is)
            )
        )

    def hint(self, roster: Roster) -> dict[int, int]:
        """Return the values of the cells' variables that mean a roster."""
        hint = {}
        for person, cells in enumerate(self._is):
            for day, cell in enumerate(cells):
                held = roster.rows[person][day]
                for shift, is_it in cell.items():
                    for variable, _by in is_it.terms:
                        hint[variable] = int(shift == held)
        return hint

    def variable(self, person: int, day: int, shift: str) -> Linear:
        """Return whether a cell holds one shift."""
        return self.in_any(person, day, frozenset({shift}))

    def _any_of(self, person: int, day: int, shifts: Set[str]) -> Linear:
        cell = self._is[person][day]
        if len(cell) > 1 and all(shift in shifts for shift in cell):
            return self._works[person][day]
        return total(is_it for shift, is_it in cell.items() if shift in shifts)

    def _cell(self, may: Set[str]) -> dict[str, Linear]:
        """Return whether the cell holds each shift it may; a free day has no variable."""
        if len(may) == 1:
            return {shift: ONE for shift in may if shift != OFF}
        cell = {shift: self._linear.variable() for shift in sorted(may) if shift != OFF}
        if OFF not in may:
            self._linear.require(total(cell.values()), low=1, high=1)
        return cell

    def _work(self, cell: dict[str, Linear]) -> Linear:
        if len(cell) == 1:
            return next(iter(cell.values()))
        if not cell:
            return ZERO
        work = self._linear.variable()
        self._linear.require(total(cell.values()) - work, low=0, high=0)
        return work


def _held(cell: dict[str, Linear], values: Sequence[int]) -> str:
    for shift, is_it in cell.items():
        if is_it.const or values[is_it.terms[0][0]]:
            return shift
    return OFF
