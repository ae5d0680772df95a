"""Whose row is judged, and how its days are told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scheduling.solver.instance import Instance, Person
from scheduling.solver.rules import OFF
from scheduling.solver.verify.verdict import Breach

Cells = Sequence[str]
RowJudge = Callable[[Cells], Iterable[Breach]]

FREE = "-"  # how a day off is told


@dataclass(frozen=True, slots=True)
class Row:
    """One person's row of an instance, without its cells."""

    instance: Instance
    person: Person

    @property
    def name(self) -> str:
        return self.person.name or self.person.id

    def date(self, day: int) -> str:
        return self.instance.date_of(day).isoformat()

    def shift(self, cell: str) -> str:
        """Return how a cell is called."""
        return shift_told(self.instance, cell)


def shift_told(instance: Instance, cell: str) -> str:
    """Return how a cell is called."""
    return FREE if cell == OFF else instance.shift_by_id[cell].name or cell


def shifts_told(instance: Instance, shifts: Iterable[str]) -> str:
    """Return several shifts in words, in a fixed order."""
    return ", ".join(shift_told(instance, shift) for shift in sorted(shifts))
