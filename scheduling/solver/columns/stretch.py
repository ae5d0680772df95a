"""Some days open while the rest of each row stands: where such rows begin and end.

A row of half a year is dear to price, and most of it is well as it is. What stands
before the open days is walked once, what stands after them is priced once from every
state, and only the days between need a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.cells import Cells, Codes
from scheduling.solver.columns.layers import Layer, Numbers, Places
from scheduling.solver.columns.structure import Structure


@dataclass(frozen=True, slots=True)
class Begin:
    """Where a row stands before the first open day, and what it has cost until then."""

    state: int
    places: tuple[int, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the open days of people who share a structure.

    Attributes:
        first, end: The open days.
        begins: By person.
        ends: What everything after the open days costs, by the state and the places
            before day `end`: shape (states, people or 1, places...).
    """

    first: int
    end: int
    begins: tuple[Begin, ...]
    ends: Numbers


def whole_frame(structure: Structure, people: int) -> Frame:
    """Return the frame of rows whose days are all open."""
    axes = len(structure.axes)
    begin = Begin(0, (0,) * axes, 0.0)
    ends = structure.finish.reshape(-1, *([1] * (axes + 1)))
    return Frame(0, len(structure.layers), (begin,) * people, ends)


class Stretch:
    """Open days, and the rows of which the other days stand."""

    def __init__(
        self, first: int, end: int, *, rows: Mapping[int, Codes], cells: Cells
    ) -> None:
        """Make one.

        Args:
            first: The first open day.
            end: The day after the last.
            rows: By person: a legal row.
            cells: What each cell costs by itself.
        """
        self.first, self.end = first, end
        self._rows, self._cells = rows, cells
        self._known: dict[tuple[int, int], tuple[Begin, Numbers]] = {}

    @property
    def people(self) -> list[int]:
        return sorted(self._rows)

    def holds(self, person: int, codes: Codes) -> bool:
        """Whether a row is the one that stands, but for the open days."""
        row = self._rows[person]
        is_begun_alike = codes[: self.first] == row[: self.first]
        return is_begun_alike and codes[self.end :] == row[self.end :]

    def frame(self, structure: Structure, people: list[int]) -> Frame:
        """Return what surrounds the open days of some people, at no other prices."""
        sides = [self._sides(structure, person) for person in people]
        ends = np.stack([ends for _, ends in sides], axis=1)
        return Frame(self.first, self.end, tuple(begin for begin, _ in sides), ends)

    def row(self, person: int, codes: Codes) -> Codes:
        """Return a whole row from what its open days hold."""
        row = self._rows[person]
        return (*row[: self.first], *codes, *row[self.end :])

    def extra(self, person: int, prices: Numbers) -> float:
        """Return what prices (days, codes) add to the days that stand."""
        days = [*range(self.first), *range(self.end, len(prices))]
        return float(prices[days, self.row(person, ())].sum())

    def _sides(self, structure: Structure, person: int) -> tuple[Begin, Numbers]:
        key = (id(structure), person)
        if key not in self._known:
            symbols = self._symbols(structure, person)
            row = list(self._rows[person])
            costs = self._cells.own[person, np.arange(len(row)), row]
            self._known[key] = (
                _walked(structure, symbols, costs, until=self.first),
                _valued(structure, symbols, costs, after=self.end),
            )
        return self._known[key]

    def _symbols(self, structure: Structure, person: int) -> list[int]:
        symbol = {
            self._cells.code[shift]: place
            for place, alike in enumerate(structure.classes)
            for shift in alike
        }
        return [symbol[code] for code in self._rows[person]]


def _walked(
    structure: Structure, symbols: list[int], costs: Numbers, *, until: int
) -> Begin:
    """Return where a row stands before a day."""
    state, places, cost = 0, [0] * len(structure.axes), 0.0
    for day in range(until):
        layer = structure.layers[day]
        step = _step(layer, state, symbols[day])
        cost += float(layer.costs[step] + costs[day])
        state = int(np.searchsorted(layer.starts, step, side="right")) - 1
        for at, axis in enumerate(structure.axes):
            place = places[at] + int(layer.gains[step, at])
            over = place - (axis.size - 1)
            if over > 0:
                place, cost = axis.size - 1, cost + over * axis.overflow
            for closing, charges in axis.closings:
                if closing == day:
                    place, cost = 0, cost + float(charges[place])
            places[at] = place
    return Begin(state, tuple(places), cost)


def _step(layer: Layer, state: int, symbol: int) -> int:
    """Return the step that a symbol makes from a state."""
    return int(np.flatnonzero((layer.sources == state) & (layer.symbols == symbol))[0])


def _valued(
    structure: Structure, symbols: list[int], costs: Numbers, *, after: int
) -> Numbers:
    """Return what the days from one on cost, by the state and the places before it."""
    last = len(structure.layers)
    shape = (len(structure.finish), *structure.sizes[last])
    finish = structure.finish.reshape(-1, *([1] * len(structure.axes)))
    values: Numbers = np.broadcast_to(finish, shape).copy()
    for day in range(last - 1, after - 1, -1):
        values = _before(structure, values, day=day, symbol=symbols[day])
        values += costs[day]
    return values


def _before(structure: Structure, values: Numbers, *, day: int, symbol: int) -> Numbers:
    """Return the values before a day from those after it, by the step of one symbol."""
    values = _charged(structure, values, day=day)
    layer = structure.layers[day]
    steps = np.flatnonzero(layer.symbols == symbol)
    targets = np.searchsorted(layer.starts, steps, side="right") - 1
    before = structure.layers[day - 1].states if day else 1
    found = np.full((before, *structure.sizes[day]), inf)
    gains = layer.gains[steps]
    for gain in np.unique(gains, axis=0):
        some = (gains == gain).all(axis=1)
        moved = values[targets[some]]
        for at in range(len(structure.axes)):
            moved = _moved(structure, moved, int(gain[at]), day=day, at=at)
        cost = layer.costs[steps[some]].reshape(-1, *([1] * len(structure.axes)))
        found[layer.sources[steps[some]]] = moved + cost
    return found


def _moved(
    structure: Structure, values: Numbers, gain: int, *, day: int, at: int
) -> Numbers:
    """Return values by the place before a day along one axis."""
    axis, windows = structure.axes[at], structure.windows
    (low, high), (next_low, next_high) = windows[day, at], windows[day + 1, at]
    places: Places = np.arange(low, high + 1) + gain
    beyond = np.zeros(len(places))
    if axis.overflow < inf:
        beyond = np.maximum(0, places - (axis.size - 1)) * axis.overflow
        places = np.minimum(places, axis.size - 1)
    outside = (places < next_low) | (places > next_high)
    beyond = np.where(outside, inf, beyond)
    places = np.clip(places - next_low, 0, next_high - next_low)
    shape = [1] * values.ndim
    shape[at + 1] = len(places)
    moved: NDArray[np.float64] = values.take(places, axis=at + 1)
    return moved + beyond.reshape(shape)


def _charged(structure: Structure, values: Numbers, *, day: int) -> Numbers:
    """Return values before counters are charged at the end of a day and begin again."""
    for at, axis in enumerate(structure.axes):
        low, high = structure.windows[day + 1, at]
        for closing, charges in axis.closings:
            if closing != day:
                continue
            shape = [1] * values.ndim
            shape[at + 1] = high - low + 1
            is_last = day == len(structure.layers) - 1
            kept = values if is_last else values.take([0], axis=at + 1)
            values = kept + charges[low : high + 1].reshape(shape)
    return values
