"""The states that a row can be in, day by day: the product of its rules' automata."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from scheduling.solver.columns.components import Component, Letter, Move, State
from scheduling.solver.columns.counters import Axis
from scheduling.solver.columns.errors import NoRowError, TooLargeError
from scheduling.solver.columns.layers import Layer, Numbers, Places, Step, make_layer
from scheduling.solver.columns.windows import place_windows

MAX_STATES_A_DAY = 1_000  # beyond, building alone takes longer than other ways need


@dataclass(frozen=True, slots=True)
class Part:
    """An automaton, with the place of its axis where it counts."""

    component: Component
    axis: int | None = None


@dataclass(frozen=True)
class Structure:
    """All legal rows of some rules, counters apart.

    Attributes:
        classes: For each symbol the shifts (or OFF) that it stands for.
        layers: One a day; layer d leads from the states before day d to those after.
        finish: Cost of ending in each last state.
        windows: Shape (days + 1, axes, 2): the lowest and the highest place of each
            axis that a legal row can have before each day, and at the end.
    """

    classes: tuple[tuple[str, ...], ...]
    axes: tuple[Axis, ...]
    layers: tuple[Layer, ...]
    finish: Numbers
    windows: Places

    @cached_property
    def sizes(self) -> list[tuple[int, ...]]:
        """Return how many places each axis has before each day, and at the end."""
        counts = self.windows[:, :, 1] - self.windows[:, :, 0] + 1
        return [tuple(int(one) for one in day) for day in counts]

    @cached_property
    def strides(self) -> list[Places]:
        """Return how far apart the places of each axis lie in a flat table, by day."""
        return [
            np.array([prod(sizes[at + 1 :]) for at in range(len(sizes))], np.intp)
            for sizes in self.sizes
        ]

    @cached_property
    def cells(self) -> int:
        """Return how many numbers a table of one person holds."""
        states = (1, *(layer.states for layer in self.layers))
        return sum(n * prod(s) for n, s in zip(states, self.sizes, strict=True))


Steps = list[tuple[Step, ...]]  # by state


def symbol_classes(
    parts: Sequence[Part], shifts: Sequence[str]
) -> dict[tuple[Letter, ...], tuple[str, ...]]:
    """Return the shifts that no rule tells apart, by what the rules read of them."""
    classes: dict[tuple[Letter, ...], tuple[str, ...]] = defaultdict(tuple)
    for shift in shifts:
        letters = tuple(part.component.letter(shift) for part in parts)
        classes[letters] = (*classes[letters], shift)
    return dict(classes)


def build_structure(
    parts: Sequence[Part], *, axes: tuple[Axis, ...], shifts: Sequence[str], days: int
) -> Structure:
    """Return the reachable product of the parts, with equal states merged.

    Raises:
        TooLargeError: A day has more states than can be handled.
        NoRowError: The rules leave no row at all.
    """
    classes = symbol_classes(parts, shifts)
    words = list(classes)
    walker = _Walker(parts, words=words, axes=len(axes))
    states = [tuple(part.component.start for part in parts)]
    forward: list[Steps] = []
    for day in range(days):
        steps, states = walker.walk(states, day=day)
        forward.append(steps)
    ends = [_finish(parts, state) for state in states]
    layers, finish = _merged(forward, ends, axes=len(axes))
    windows = place_windows(layers, axes)
    return Structure(tuple(classes.values()), axes, layers, finish, windows)


class _Walker:
    """Takes the parts through one day after another."""

    def __init__(
        self, parts: Sequence[Part], *, words: list[tuple[Letter, ...]], axes: int
    ) -> None:
        self.parts = parts
        self.words = words
        self.axes = axes
        self._walked: dict[
            tuple[tuple[int, ...], tuple[tuple[State, ...], ...]],
            tuple[Steps, list[tuple[State, ...]]],
        ] = {}

    def walk(
        self, states: list[tuple[State, ...]], *, day: int
    ) -> tuple[Steps, list[tuple[State, ...]]]:
        """Return the steps from each state on one day, and the states after it.

        Weeks are much alike: the same states on the same kind of day are walked once.
        """
        phases = tuple(part.component.phase(day) for part in self.parts)
        key = (phases, tuple(states))
        if key not in self._walked:
            self._walked[key] = self._steps(states, day=day)
        return self._walked[key]

    def _steps(
        self, states: list[tuple[State, ...]], *, day: int
    ) -> tuple[Steps, list[tuple[State, ...]]]:
        known: dict[tuple[int, State, Letter], Move | None] = {}
        after: dict[tuple[State, ...], int] = {}
        steps: Steps = []
        for state in states:
            found: list[Step] = []
            for symbol, word in enumerate(self.words):
                moves = self._moves(state, word, day=day, known=known)
                if moves is not None:
                    target = tuple(move.state for move in moves)
                    place = after.setdefault(target, len(after))
                    cost = sum(move.cost for move in moves)
                    found.append((symbol, place, cost, self._gains(moves)))
            steps.append(tuple(found))
        if len(after) > MAX_STATES_A_DAY:
            message = f"The rules of a row have {len(after)} states on day {day}."
            raise TooLargeError(message)
        return steps, list(after)

    def _moves(
        self,
        state: tuple[State, ...],
        word: tuple[Letter, ...],
        *,
        day: int,
        known: dict[tuple[int, State, Letter], Move | None],
    ) -> list[Move] | None:
        moves = []
        for place, one in enumerate(state):
            key = (place, one, word[place])
            if key not in known:
                component = self.parts[place].component
                known[key] = component.step(one, day=day, letter=word[place])
            move = known[key]
            if move is None:
                return None
            moves.append(move)
        return moves

    def _gains(self, moves: list[Move]) -> tuple[int, ...]:
        gains = [0] * self.axes
        for part, move in zip(self.parts, moves, strict=True):
            if part.axis is not None:
                gains[part.axis] = move.gain
        return tuple(gains)


def _finish(parts: Sequence[Part], state: tuple[State, ...]) -> int | None:
    total = 0
    for part, one in zip(parts, state, strict=True):
        cost = part.component.finish(one)
        if cost is None:
            return None
        total += cost
    return total


def _merged(
    forward: list[Steps], ends: list[int | None], *, axes: int
) -> tuple[tuple[Layer, ...], Numbers]:
    """Return the layers without dead ends, states of one future merged into one."""
    costs = sorted({cost for cost in ends if cost is not None})
    places: list[int | None] = [
        None if cost is None else costs.index(cost) for cost in ends
    ]
    count = len(costs)
    layers: list[Layer] = []
    known: dict[tuple[int, tuple[int | None, ...]], _Backward] = {}
    for steps in reversed(forward):
        if not count:
            break
        key = (id(steps), tuple(places))
        if key not in known:
            known[key] = _backward(steps, places, count=count, axes=axes)
        layers.append(known[key].layer)
        places, count = known[key].places, known[key].count
    if not count:
        message = "The rules of a row contradict each other: no row keeps them all."
        raise NoRowError(message)
    return tuple(reversed(layers)), np.array(costs, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Backward:
    """One day gone back: its layer, the merged place of each state before it."""

    layer: Layer
    places: list[int | None]
    count: int


def _backward(
    steps: Steps, places: list[int | None], *, count: int, axes: int
) -> _Backward:
    futures: dict[tuple[Step, ...], int] = {}
    before: list[int | None] = []
    for found in steps:
        future = _alive(found, places)
        before.append(futures.setdefault(future, len(futures)) if future else None)
    layer = make_layer(list(futures), states=count, axes=axes)
    return _Backward(layer, before, len(futures))


def _alive(found: tuple[Step, ...], places: list[int | None]) -> tuple[Step, ...]:
    alive = []
    for symbol, target, cost, gains in found:
        place = places[target]
        if place is not None:
            alive.append((symbol, place, cost, gains))
    return tuple(alive)
