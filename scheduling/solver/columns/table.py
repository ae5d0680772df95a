"""The cheapest rows of several people at once: one dense table, filled day by day.

`table[d][state, person, places...]` is the least cost of days before d that end in that
state with those counts. Every step of a day is one vectorized move along the axes, so
there is nothing to dominate or to prune, and the answer is exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # Any: what indexes an array, slices and places mixed

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.counters import Axis
from scheduling.solver.columns.structure import Group, Layer, Structure

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Path:
    """A row as symbols, with its cost at the prices it was found by."""

    cost: float
    symbols: tuple[int, ...]


class Table:
    """The filled table of people who share a structure."""

    def __init__(self, structure: Structure, prices: Numbers) -> None:
        """Fill it.

        Args:
            structure: The states and steps of their rows.
            prices: Shape (people, days, symbols): cost of each cell, infinite where it
                is forbidden.
        """
        self.structure = structure
        self.prices = prices
        self.shape = tuple(axis.size for axis in structure.axes)
        self.strides = _strides(self.shape)
        self.before: list[Numbers] = []  # of each day
        self.open: list[Numbers | None] = []  # after each day, where windows then close
        self.ends = self._fill()  # (people, states * places)

    def best(self) -> Numbers:
        """Return the least cost of a row of each person, infinite where none is legal."""
        least: Numbers = self.ends.min(axis=1)
        return least

    def paths(self, person: int, *, most: int) -> list[Path]:
        """Return the cheapest rows of different endings, cheapest first."""
        ends = self.ends[person]
        count = min(most, ends.size)
        chosen = np.argpartition(ends, count - 1)[:count] if count < ends.size else None
        chosen = np.arange(ends.size) if chosen is None else chosen
        chosen = chosen[np.argsort(ends[chosen], kind="stable")]
        return [
            self._path(person, int(end)) for end in chosen if np.isfinite(ends[end])
        ]

    def _fill(self) -> Numbers:
        structure = self.structure
        people = len(self.prices)
        current = np.full((1, people, *self.shape), np.inf)
        current.reshape(people, -1)[:, 0] = 0.0
        last = len(structure.layers) - 1
        for day, layer in enumerate(structure.layers):
            self.before.append(current)
            current = self._advance(current, layer, day=day)
            for place, costs in self._closing(day):
                current += _along(costs, place, axes=len(self.shape))
            is_closing = day < last and any(self._closing(day))
            self.open.append(current if is_closing else None)
            if is_closing:
                current = self._begun_again(current, day=day)
        current = current + structure.finish.reshape(-1, *([1] * (current.ndim - 1)))
        return np.moveaxis(current, 1, 0).reshape(people, -1)

    def _advance(self, current: Numbers, layer: Layer, *, day: int) -> Numbers:
        after = np.full((layer.states, *current.shape[1:]), np.inf)
        for group in layer.groups:
            block = _best_sources(current, group)
            cell = group.costs[:, None] + self.prices[:, day, group.symbols].T
            block += cell.reshape(*cell.shape, *([1] * len(self.shape)))
            self._spread(block, group, after)
        return after

    def _spread(self, block: Numbers, group: Group, after: Numbers) -> None:
        """Move a group's costs along the axes, and into the states they lead to."""
        sources: list[slice] = []
        targets: list[slice] = []
        for place, (gain, axis) in enumerate(
            zip(group.gains, self.structure.axes, strict=True)
        ):
            if gain and np.isfinite(axis.overflow):
                block = _saturated(block, gain, axis, at=place + 2)
                gain = 0  # noqa: PLW2901  # moved already
            kept = max(0, axis.size - gain)
            sources.append(slice(0, kept))
            targets.append(slice(axis.size - kept, axis.size))
        for nodes, states in group.rounds:
            here: tuple[Any, ...] = (nodes, slice(None), *sources)
            there: tuple[Any, ...] = (states, slice(None), *targets)
            after[there] = np.minimum(after[there], block[here])

    def _closing(self, day: int) -> Iterator[tuple[int, Numbers]]:
        for place, axis in enumerate(self.structure.axes):
            for end, costs in axis.closings:
                if end == day:
                    yield place, costs

    def _begun_again(self, current: Numbers, *, day: int) -> Numbers:
        again = np.full_like(current, np.inf)
        closed = {place for place, _ in self._closing(day)}
        first = tuple(
            slice(0, 1) if place in closed else slice(None)
            for place in range(len(self.shape))
        )
        axes = tuple(place + 2 for place in closed)
        again[(slice(None), slice(None), *first)] = current.min(
            axis=axes, keepdims=True
        )
        return again

    def _path(self, person: int, end: int) -> Path:
        size = int(np.prod(self.shape, dtype=np.int64))
        state, place = divmod(end, size)
        symbols: list[int] = []
        for day in range(len(self.structure.layers) - 1, -1, -1):
            opened = self.open[day]
            if opened is not None:
                place = self._place_before_closing(
                    opened[state, person], place, day=day
                )
            state, place, symbol = self._step_back(person, state, place, day=day)
            symbols.append(symbol)
        return Path(float(self.ends[person, end]), tuple(reversed(symbols)))

    def _place_before_closing(self, opened: Numbers, place: int, *, day: int) -> int:
        where = list(np.unravel_index(place, self.shape))
        closed = [axis for axis, _ in self._closing(day)]
        view = opened[
            tuple(
                slice(None) if axis in closed else int(where[axis])
                for axis in range(len(self.shape))
            )
        ]
        best = np.unravel_index(int(view.argmin()), view.shape)
        for axis, chosen in zip(sorted(set(closed)), best, strict=True):
            where[axis] = chosen
        return int(np.ravel_multi_index(where, self.shape))

    def _step_back(
        self, person: int, state: int, place: int, *, day: int
    ) -> tuple[int, int, int]:
        """Return the state and place before a day, and the symbol worked on it."""
        layer = self.structure.layers[day]
        steps = slice(int(layer.starts[state]), int(layer.starts[state + 1]))
        symbols, gains = layer.symbols[steps], layer.gains[steps]
        costs = layer.costs[steps] + self.prices[person, day, symbols]
        where = np.array(np.unravel_index(place, self.shape), dtype=np.intp)
        rows, places, over = self._origins(where, gains)
        before = self.before[day]
        flat = before.reshape(before.shape[0], before.shape[1], -1)
        sources = layer.sources[steps][rows]
        values = flat[sources, person, places] + costs[rows] + over
        best = int(values.argmin())
        return int(sources[best]), int(places[best]), int(symbols[rows[best]])

    def _origins(self, where: Places, gains: Places) -> tuple[Places, Places, Numbers]:
        """Return which steps can come from which places, and their overflow costs."""
        rows = np.arange(len(gains))
        origins = where - gains  # (steps, axes)
        over = np.zeros(len(gains))
        for at, axis in enumerate(self.structure.axes):
            if where[at] < axis.size - 1 or not np.isfinite(axis.overflow):
                continue
            extra = [np.arange(gain + 1) for gain in gains[rows, at]]
            counts = [len(one) for one in extra]
            beyond = np.concatenate(extra)
            rows, origins = np.repeat(rows, counts), np.repeat(origins, counts, axis=0)
            over = np.repeat(over, counts) + beyond * axis.overflow
            origins[:, at] += beyond
        sizes = np.array(self.shape, dtype=np.intp)
        fits = ((origins >= 0) & (origins < sizes)).all(axis=1)
        return rows[fits], origins[fits] @ self.strides, over[fits]


def _best_sources(current: Numbers, group: Group) -> Numbers:
    block = current[group.ranks[0]]
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


def _strides(shape: tuple[int, ...]) -> Places:
    sizes = [int(np.prod(shape[at + 1 :], dtype=np.int64)) for at in range(len(shape))]
    return np.array(sizes, dtype=np.intp)
