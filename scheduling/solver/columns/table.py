"""The cheapest rows of several people at once: one dense table, filled day by day.

`table[d][state, person, places...]` is the least cost of days before d that end in that
state with those counts. Every step of a day is one vectorized move along the axes, so
there is nothing to dominate or to prune, and the answer is exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any  # Any: what indexes an array, slices and places mixed

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.counters import Axis
from scheduling.solver.columns.layers import Group, Layer
from scheduling.solver.columns.stretch import Frame, whole_frame
from scheduling.solver.columns.structure import Structure

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Path:
    """A row as symbols, with its cost at the prices it was found by."""

    cost: float
    symbols: tuple[int, ...]


class Table:
    """The filled table of people who share a structure."""

    def __init__(
        self, structure: Structure, prices: Numbers, *, frame: Frame | None = None
    ) -> None:
        """Fill it.

        Args:
            structure: The states and steps of their rows.
            prices: Shape (people, open days, symbols): cost of each cell, infinite
                where it is forbidden.
            frame: What surrounds the open days; None where all days are open.
        """
        self.structure = structure
        self.prices = prices
        self.frame = frame or whole_frame(structure, len(prices))
        self.axes = len(structure.axes)
        self.lows = structure.windows[:, :, 0]
        self.highs = structure.windows[:, :, 1]
        self._bands = structure.windows.tolist()  # plain numbers are quicker to compare
        self.before: list[Numbers] = []  # of each day
        self.open: list[Numbers | None] = []  # after each day, where windows then close
        self.ends = self._fill()  # (people, states * places)

    def paths(self, person: int, *, most: int) -> list[Path]:
        """Return the cheapest rows of different endings, cheapest first."""
        ends = self.ends[person]
        count = min(most, ends.size)
        chosen = np.argpartition(ends, count - 1)[:count]
        chosen = chosen[np.argsort(ends[chosen], kind="stable")]
        return [
            self._path(person, int(end)) for end in chosen if np.isfinite(ends[end])
        ]

    def _fill(self) -> Numbers:
        structure, frame = self.structure, self.frame
        people, last = len(self.prices), len(structure.layers) - 1
        current = self._begun()
        for day in range(frame.first, frame.end):
            self.before.append(current)
            current = self._advance(current, structure.layers[day], day=day)
            for place, costs in self._closing(day):
                current += _along(costs, place, axes=self.axes)
            is_closing = day < last and any(self._closing(day))
            self.open.append(current if is_closing else None)
            if is_closing:
                current = self._begun_again(current, day=day)
        return np.moveaxis(current + frame.ends, 1, 0).reshape(people, -1)

    def _begun(self) -> Numbers:
        first = self.frame.first
        states = self.structure.layers[first - 1].states if first else 1
        shape = (states, len(self.prices), *self.structure.sizes[first])
        current = np.full(shape, np.inf)
        for person, begin in enumerate(self.frame.begins):
            places = np.array(begin.places, np.intp) - self.lows[first]
            current[(begin.state, person, *places)] = begin.cost
        return current

    def _advance(self, current: Numbers, layer: Layer, *, day: int) -> Numbers:
        shape = (layer.states, current.shape[1], *self.structure.sizes[day + 1])
        after = np.full(shape, np.inf)
        for group in layer.groups:
            block = _best_sources(current, group)
            cells = self.prices[:, day - self.frame.first, group.symbols]
            cell = group.costs[:, None] + cells.T
            block += cell.reshape(*cell.shape, *([1] * self.axes))
            self._spread(block, group, after, day=day)
        return after

    def _spread(
        self, block: Numbers, group: Group, after: Numbers, *, day: int
    ) -> None:
        """Move a group's costs along the axes, and into the states they lead to."""
        sources: list[slice] = []
        targets: list[slice] = []
        bands, next_bands = self._bands[day], self._bands[day + 1]
        for place, axis in enumerate(self.structure.axes):
            gain = group.gains[place]
            if gain and axis.overflow < inf:
                block = _saturated(block, gain, axis, at=place + 2)
                gain = 0  # moved already
            (low, high), (next_low, next_high) = bands[place], next_bands[place]
            last = min(high, next_high - gain)
            first = max(low, next_low - gain)
            end = max(first, last + 1)
            sources.append(slice(first - low, end - low))
            targets.append(slice(first + gain - next_low, end + gain - next_low))
        for one in group.rounds:
            nodes = slice(None) if one.nodes is None else one.nodes
            here: tuple[Any, ...] = (nodes, slice(None), *sources)
            there: tuple[Any, ...] = (one.states, slice(None), *targets)
            if one.is_first:
                after[there] = block[here]
            else:
                after[there] = np.minimum(after[there], block[here])

    def _closing(self, day: int) -> Iterator[tuple[int, Numbers]]:
        for place, axis in enumerate(self.structure.axes):
            for end, costs in axis.closings:
                if end == day:
                    low, high = self.lows[day + 1, place], self.highs[day + 1, place]
                    yield place, costs[low : high + 1]

    def _begun_again(self, current: Numbers, *, day: int) -> Numbers:
        again = np.full_like(current, np.inf)
        closed = {place for place, _ in self._closing(day)}
        first: tuple[Any, ...] = tuple(
            slice(0, 1) if place in closed else slice(None)
            for place in range(-2, self.axes)
        )
        axes = tuple(place + 2 for place in closed)
        again[first] = current.min(axis=axes, keepdims=True)
        return again

    def _path(self, person: int, end: int) -> Path:
        frame, structure = self.frame, self.structure
        shape = (structure.layers[frame.end - 1].states, *structure.sizes[frame.end])
        state, *places = (int(one) for one in np.unravel_index(end, shape))
        where = np.array(places, np.intp) + self.lows[frame.end]
        symbols: list[int] = []
        for day in range(frame.end - 1, frame.first - 1, -1):
            opened = self.open[day - frame.first]
            if opened is not None:
                where = self._before_closing(opened[state, person], where, day=day)
            state, where, symbol = self._step_back(person, state, where, day=day)
            symbols.append(symbol)
        return Path(float(self.ends[person, end]), tuple(reversed(symbols)))

    def _before_closing(self, opened: Numbers, where: Places, *, day: int) -> Places:
        """Return where counters were before they were charged and began again."""
        closed = sorted({axis for axis, _ in self._closing(day)})
        at = where - self.lows[day + 1]
        index: tuple[Any, ...] = tuple(
            slice(None) if axis in closed else at[axis] for axis in range(self.axes)
        )
        view = opened[index]
        before = where.copy()
        before[closed] = np.unravel_index(int(view.argmin()), view.shape)
        return before

    def _step_back(
        self, person: int, state: int, where: Places, *, day: int
    ) -> tuple[int, Places, int]:
        """Return the state and places before a day, and the symbol worked on it."""
        layer = self.structure.layers[day]
        steps = slice(int(layer.starts[state]), int(layer.starts[state + 1]))
        symbols, gains = layer.symbols[steps], layer.gains[steps]
        costs = layer.costs[steps]
        costs = costs + self.prices[person, day - self.frame.first, symbols]
        rows, origins, over = self._origins(where, gains)
        low = self.lows[day]
        fits = ((origins >= low) & (origins <= self.highs[day])).all(axis=1)
        rows, origins, over = rows[fits], origins[fits], over[fits]
        before = self.before[day - self.frame.first]
        flat = before.reshape(before.shape[0], before.shape[1], -1)
        places = (origins - low) @ self.structure.strides[day]
        sources = layer.sources[steps][rows]
        values = flat[sources, person, places] + costs[rows] + over
        best = int(values.argmin())
        return int(sources[best]), origins[best], int(symbols[rows[best]])

    def _origins(self, where: Places, gains: Places) -> tuple[Places, Places, Numbers]:
        """Return which steps can come from which places, and their overflow costs."""
        rows = np.arange(len(gains))
        origins = where - gains  # (steps, axes)
        over = np.zeros(len(gains))
        for at, axis in enumerate(self.structure.axes):
            if where[at] < axis.size - 1 or axis.overflow == inf:
                continue
            counts = gains[rows, at] + 1
            beyond = np.concatenate([np.arange(count) for count in counts])
            rows, origins = np.repeat(rows, counts), np.repeat(origins, counts, axis=0)
            over = np.repeat(over, counts) + beyond * axis.overflow
            origins[:, at] += beyond
        return rows, origins, over


def _best_sources(current: Numbers, group: Group) -> Numbers:
    block: Numbers = current[group.ranks[0]]
    for sources in group.ranks[1:]:
        part = block[: len(sources)]
        np.minimum(part, current[sources], out=part)
    return block


def _saturated(block: Numbers, gain: int, axis: Axis, *, at: int) -> Numbers:
    """Return the block moved along an axis whose last place takes all beyond it."""
    moved = np.full_like(block, np.inf)
    front = [slice(None)] * block.ndim
    kept = max(0, axis.size - gain)
    front[at] = slice(0, kept)
    back = list(front)
    back[at] = slice(axis.size - kept, axis.size)
    moved[tuple(back)] = block[tuple(front)]
    front[at] = slice(kept, axis.size)
    first = (
        kept + gain - (axis.size - 1)
    )  # places beyond the last, of the first of these
    beyond = np.arange(first, first + axis.size - kept) * axis.overflow
    shape = [1] * block.ndim
    shape[at] = len(beyond)
    spilled = (block[tuple(front)] + beyond.reshape(shape)).min(axis=at, keepdims=True)
    back[at] = slice(axis.size - 1, axis.size)
    moved[tuple(back)] = np.minimum(moved[tuple(back)], spilled)
    return moved


def _along(costs: Numbers, place: int, *, axes: int) -> Numbers:
    shape = [1] * (axes + 2)
    shape[place + 2] = len(costs)
    return costs.reshape(shape)
