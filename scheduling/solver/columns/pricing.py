"""The cheapest legal rows of people, given what each cell costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.cells import Cells, Codes
from scheduling.solver.columns.errors import NoRowError, TooLargeError
from scheduling.solver.columns.rulebook import RuleBook, RuleBooks
from scheduling.solver.columns.structure import Structure
from scheduling.solver.columns.table import Path, Table
from scheduling.solver.instance import Instance

Numbers = NDArray[np.float64]

MAX_CELLS = 60_000_000  # numbers in one table: about half a gigabyte
CELLS_AT_ONCE = (
    4_000_000  # numbers in a table of several people: what caches still help
)


@dataclass(frozen=True, slots=True)
class Priced:
    """A row, what it costs by its own rules and wishes, and what at the prices asked."""

    codes: Codes
    cost: int
    value: float


class Pricer:
    """Finds cheapest rows; keeps the states of the rules once they are built."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.cells = Cells(instance)
        self.books = RuleBooks(instance).books
        self._active: list[frozenset[int]] = [frozenset() for _ in self.books]
        self._worked = [
            frozenset(
                shift
                for code, shift in enumerate(self.cells.shifts)
                if np.isfinite(self.cells.own[person, :, code]).any()
            )
            for person in range(len(self.books))
        ]
        self._days = np.arange(instance.days)

    def cost(self, person: int, codes: Codes) -> int | None:
        """Return what a row costs its person, None where it is not legal."""
        own = self.cells.own[person, self._days, list(codes)].sum()
        if not np.isfinite(own):
            return None
        cost = self.books[person].cost(self.cells.row(codes))
        return None if cost is None else int(own) + cost

    def best(
        self, people: Sequence[int], prices: Numbers, *, most: int = 1
    ) -> list[list[Priced]]:
        """Return the cheapest rows of each person, the very cheapest first.

        Args:
            people: Indices of the people.
            prices: Shape (people, days, codes): what each cell costs beside what it
                costs by itself; never infinite.
            most: Rows a person; all beyond the first are merely good.

        Raises:
            NoRowError: Somebody has no legal row.
            TooLargeError: Somebody's rules do not fit a table.
        """
        found: list[list[Priced]] = [[] for _ in people]
        waiting = list(range(len(people)))
        full = self.cells.own[list(people)] + prices
        while waiting:
            again: list[int] = []
            for structure, places in self._alike(people, waiting):
                for place, rows in self._solved(structure, places, people, full, most):
                    found[place] = rows
                    if not rows:
                        again.append(place)
            waiting = again
        return found

    def _alike(
        self, people: Sequence[int], waiting: list[int]
    ) -> list[tuple[Structure, list[int]]]:
        """Return the places of people with the same structure, in lots that fit."""
        alike: dict[int, tuple[Structure, list[int]]] = {}
        for place in waiting:
            person = people[place]
            structure = self.books[person].structure(
                active=self._active[person], worked=self._worked[person]
            )
            alike.setdefault(id(structure), (structure, []))[1].append(place)
        lots = []
        for structure, places in alike.values():
            if structure.cells > MAX_CELLS:
                message = f"A person's rules need a table of {structure.cells} numbers."
                raise TooLargeError(message)
            size = max(1, CELLS_AT_ONCE // structure.cells)
            starts = range(0, len(places), size)
            lots += [(structure, places[at : at + size]) for at in starts]
        return lots

    def _solved(
        self,
        structure: Structure,
        places: list[int],
        people: Sequence[int],
        full: Numbers,
        most: int,
    ) -> list[tuple[int, list[Priced]]]:
        """Return the rows of some places; none where a counter has to be added first."""
        members = [
            np.array(self.cells.codes(one), np.intp) for one in structure.classes
        ]
        chosen = full[places]
        cheapest = [chosen[:, :, codes].argmin(axis=2) for codes in members]
        costs = [chosen[:, :, codes].min(axis=2) for codes in members]
        table = Table(structure, np.stack(costs, axis=2))
        solved = []
        for at, place in enumerate(places):
            person = people[place]
            paths = table.paths(at, most=most)
            if not paths:
                name = self.instance.people[person].id
                message = f"Person {name} has no row that keeps every hard rule."
                raise NoRowError(message)
            rows = [
                _codes(path, members, [codes[at] for codes in cheapest])
                for path in paths
            ]
            solved.append((place, self._checked(person, rows, full[place])))
        return solved

    def _checked(self, person: int, rows: list[Codes], full: Numbers) -> list[Priced]:
        """Return the rows that counters left aside allow; none where the best breaks one."""
        book, active = self.books[person], self._active[person]
        broken = self._broken(book, active, rows[0])
        if broken:
            self._active[person] = active | broken
            return []
        priced = []
        for codes in dict.fromkeys(rows):
            cost = self.cost(person, codes)
            if cost is not None:
                own = self.cells.own[person, self._days, list(codes)].sum()
                value = full[self._days, list(codes)].sum() + cost - own
                priced.append(Priced(codes, cost, float(value)))
        return priced

    def _broken(
        self, book: RuleBook, active: frozenset[int], codes: Codes
    ) -> frozenset[int]:
        row = self.cells.row(codes)
        return frozenset(
            place
            for place in range(len(book.counters))
            if place not in active and book.counter_cost(place, row) != 0
        )


def _codes(
    path: Path, members: list[NDArray[np.intp]], cheapest: list[NDArray[np.intp]]
) -> Codes:
    """Return a path's cells: on each day the cheapest that its symbol stands for."""
    return tuple(
        int(members[symbol][cheapest[symbol][day]])
        for day, symbol in enumerate(path.symbols)
    )


def best_row(
    instance: Instance, person: int, prices: Numbers
) -> tuple[tuple[str, ...], float]:
    """Return the cheapest legal row of one person, with its whole cost.

    Args:
        instance: The problem that the person is in.
        person: Index of the person.
        prices: Shape (days, 1 + shift types): what each cell costs beside the person's
            own rules and wishes, the free day first.

    Raises:
        NoRowError: The person has no legal row.
        TooLargeError: The person's rules do not fit a table.
    """
    pricer = Pricer(instance)
    best = pricer.best([person], prices[None])[0][0]
    return pricer.cells.row(best.codes), best.value
