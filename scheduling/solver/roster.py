"""Who works what: one cell a person and day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scheduling.solver.errors import InstanceError
from scheduling.solver.instance import Instance
from scheduling.solver.message import phrase
from scheduling.solver.rules import OFF


@dataclass(frozen=True, slots=True)
class Roster:
    """A filled grid.

    Attributes:
        rows: `rows[person][day]`: a shift id or `OFF`, people in the instance's order.
    """

    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def empty(cls, instance: Instance) -> "Roster":
        return cls(tuple((OFF,) * instance.days for _ in instance.people))

    @classmethod
    def of(cls, instance: Instance, worked: Mapping[tuple[str, int], str]) -> "Roster":
        """Return the roster of these worked cells, by person id and day.

        Raises:
            InstanceError: A person, day or shift that the instance does not have.
        """
        rows = [[OFF] * instance.days for _ in instance.people]
        for (person, day), shift in worked.items():
            if person not in instance.person_index:
                message = phrase(
                    "The roster names the unknown person %(person)s.", person=person
                )
                raise InstanceError(message)
            if not 0 <= day < instance.days:
                message = phrase(
                    "The roster names day %(day)s, outside the horizon.", day=day
                )
                raise InstanceError(message)
            if shift not in instance.shift_by_id:
                message = phrase(
                    "The roster names the unknown shift %(shift)s.", shift=shift
                )
                raise InstanceError(message)
            rows[instance.person_index[person]][day] = shift
        return cls(tuple(tuple(row) for row in rows))

    def worked(self) -> Iterator[tuple[int, int, str]]:
        """Yield `(person index, day, shift id)` of every worked cell, in order."""
        for person, row in enumerate(self.rows):
            for day, shift in enumerate(row):
                if shift != OFF:
                    yield person, day, shift

    def with_cell(self, person: int, day: int, shift: str) -> "Roster":
        """Return the roster with one cell changed."""
        row = self.rows[person]
        changed = (*row[:day], shift, *row[day + 1 :])
        return Roster((*self.rows[:person], changed, *self.rows[person + 1 :]))
