"""The cheapest legal rows of people, given what each cell costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.active import ActiveCounters, Row
from scheduling.solver.columns.cells import Cells, Codes
from scheduling.solver.columns.errors import NoRowError, TooLargeError
from scheduling.solver.columns.rulebook import RuleBooks
from scheduling.solver.columns.stretch import Stretch
from scheduling.solver.columns.structure import Structure
from scheduling.solver.columns.table import Table
from scheduling.solver.instance import Instance

Numbers = NDArray[np.float64]

_MOST_TURNS = 8  # how often counters may join before an answer is given as it is
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answers to prices.

    Attributes:
        rows: Cheap legal rows, the cheapest first; perhaps none where not exact.
        least: No legal row has a lower value.
        is_exact: Whether the first row has just that value.
    """

    rows: list[Priced]
    least: float
    is_exact: bool


class Pricer:
    """Finds cheapest rows; keeps the states of the rules once they are built.

    Attributes:
        most_cells: Numbers that a person's table may hold; beyond, answers are bounds
            with rows that are merely good.
    """

    def __init__(self, instance: Instance, *, most_cells: int = CELLS_AT_ONCE) -> None:
        self.instance = instance
        self.most_cells = most_cells
        self.cells = Cells(instance)
        self.books = RuleBooks(instance).books
        self._counters = [ActiveCounters(book) for book in self.books]
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
        self,
        people: Sequence[int],
        prices: Numbers,
        *,
        most: int = 1,
        stretch: Stretch | None = None,
    ) -> list[Answer]:
        """Return each person's cheapest rows.

        Args:
            people: Indices of the people.
            prices: Shape (people, days, codes): what each cell costs beside what it
                costs by itself; never infinite.
            most: Rows a person; all beyond the first are merely good.
            stretch: The days that are open; None for all.

        Raises:
            NoRowError: Somebody has no legal row.
            TooLargeError: Somebody's rules do not fit a table.
        """
        found: dict[int, Answer] = {}
        waiting = list(range(len(people)))
        full = self.cells.own[list(people)] + prices
        for turn in count():
            again: list[int] = []
            for structure, places in self._alike(people, waiting):
                some = [people[place] for place in places]
                tables = self._solved(
                    structure, some, (full[places], prices[places]), most, stretch
                )
                for place, paths in zip(places, tables, strict=True):
                    may_widen = turn < _MOST_TURNS
                    answer = self._answer(
                        people[place], paths, prices[place], may_widen=may_widen
                    )
                    if answer is None:
                        again.append(place)
                    else:
                        found[place] = answer
            waiting = again
            if not waiting:
                break
        return [found[place] for place in range(len(people))]

    def structure(self, person: int, active: frozenset[int]) -> Structure:
        """Return the states of a person's rows with some counters as axes.

        Raises:
            NoRowError: The person has no legal row.
            TooLargeError: There are too many states.
        """
        try:
            return self.books[person].structure(
                active=active, worked=self._worked[person]
            )
        except NoRowError as error:
            raise self._no_row(person) from error

    def _alike(
        self, people: Sequence[int], waiting: list[int]
    ) -> list[tuple[Structure, list[int]]]:
        """Return the places of people with the same structure, in lots that fit."""
        alike: dict[int, tuple[Structure, list[int]]] = {}
        for place in waiting:
            person = people[place]
            structure = self.structure(person, self._counters[person].active)
            alike.setdefault(id(structure), (structure, []))[1].append(place)
        lots = []
        for structure, places in alike.values():
            size = max(1, CELLS_AT_ONCE // structure.cells)
            starts = range(0, len(places), size)
            lots += [(structure, places[at : at + size]) for at in starts]
        return lots

    def _solved(
        self,
        structure: Structure,
        people: list[int],
        prices: tuple[Numbers, Numbers],
        most: int,
        stretch: Stretch | None,
    ) -> list[list[tuple[Codes, float]]]:
        """Return rows and their values of people who share a structure.

        `prices` are with and without what cells cost by themselves.
        """
        full, asked = prices
        frame = None if stretch is None else stretch.frame(structure, people)
        if stretch is not None:
            full = full[:, stretch.first : stretch.end]
        members = [
            np.array(self.cells.codes(one), np.intp) for one in structure.classes
        ]
        cheapest = np.stack(
            [codes[full[:, :, codes].argmin(axis=2)] for codes in members], axis=2
        )  # (people, days, symbols): the code that each symbol stands for
        symbols = np.take_along_axis(full, cheapest, axis=2)
        table = Table(structure, symbols, frame=frame)
        found = [
            [
                (tuple(one[self._days[: len(one)], path.symbols].tolist()), path.cost)
                for path in table.paths(at, most=most)
            ]
            for at, one in enumerate(cheapest)
        ]
        if stretch is None:
            return found
        return [
            [(stretch.row(person, codes), value + extra) for codes, value in rows]
            for person, rows, extra in zip(
                people, found, map(stretch.extra, people, asked), strict=True
            )
        ]

    def _answer(
        self,
        person: int,
        paths: list[tuple[Codes, float]],
        prices: Numbers,
        *,
        may_widen: bool,
    ) -> Answer | None:
        """Return the rows that counters left aside allow; None to ask again with more."""
        if not paths:
            raise self._no_row(person)
        counters = self._counters[person]
        rows = [self.cells.row(codes) for codes, _ in paths]
        broken = counters.broken(rows[0])
        if broken and may_widen and self._widen(person, broken, rows[0]):
            return None
        counters.rest(rows[0])
        priced = []
        for (codes, value), row in zip(paths, rows, strict=True):
            if not counters.broken(row):
                extra = prices[self._days, list(codes)].sum()
                priced.append(Priced(codes, round(value - extra), value))
        return Answer(priced, least=paths[0][1], is_exact=not broken)

    def _widen(self, person: int, broken: frozenset[int], row: Row) -> bool:
        """Take broken counters into the table where it stays small enough."""
        counters = self._counters[person]
        for active in (counters.active | broken, counters.near(row) | broken):
            if self._fits(person, active):
                counters.active = active
                return True
        return False

    def _fits(self, person: int, active: frozenset[int]) -> bool:
        try:
            return self.structure(person, active).cells <= self.most_cells
        except TooLargeError:
            return False

    def _no_row(self, person: int) -> NoRowError:
        name = self.instance.people[person].id
        return NoRowError(f"Person {name} has no row that keeps every hard rule.")


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
    pricer = Pricer(instance, most_cells=MAX_CELLS)
    answer = pricer.best([person], prices[None])[0]
    if not answer.is_exact:
        message = (
            f"The rules of person {instance.people[person].id} do not fit a table."
        )
        raise TooLargeError(message)
    best = answer.rows[0]
    return pricer.cells.row(best.codes), best.value
