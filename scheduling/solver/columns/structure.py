"""The states that a row can be in, day by day: the product of its rules' automata."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.components import Component, Letter, Move, State
from scheduling.solver.columns.counters import Axis
from scheduling.solver.columns.errors import NoRowError, TooLargeError

Places = NDArray[np.intp]
Numbers = NDArray[np.float64]

MAX_STATES_A_DAY = 4_000  # beyond, building alone takes longer than other ways need


@dataclass(frozen=True, slots=True)
class Part:
    """An automaton, with the place of its axis where it counts."""

    component: Component
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Steps of one day that add the same to every axis.

    A node is what leads to one state by one symbol at one cost. Nodes are ordered by
    how many states lead to them, so that `ranks[r]`, the r-th of each, are the first
    `len(ranks[r])` nodes.
    """

    gains: tuple[int, ...]
    ranks: tuple[Places, ...]
    symbols: Places
    costs: Numbers
    rounds: tuple[
        tuple[Places, Places], ...
    ]  # nodes and the distinct states they reach


@dataclass(frozen=True, slots=True)
class Layer:
    """The steps of one day, grouped to go forward and listed by target to go back.

    Attributes:
        starts: Where the steps into each state start in the flat lists; one more at
            the end.
    """

    states: int
    groups: tuple[Group, ...]
    starts: Places
    sources: Places
    symbols: Places
    costs: Numbers
    gains: Places  # (steps, axes)


@dataclass(frozen=True, slots=True)
class Structure:
    """All legal rows of some rules, counters apart.

    Attributes:
        classes: For each symbol the shifts (or OFF) that it stands for.
        layers: One a day; layer d leads from the states before day d to those after.
        finish: Cost of ending in each last state.
    """

    classes: tuple[tuple[str, ...], ...]
    axes: tuple[Axis, ...]
    layers: tuple[Layer, ...]
    finish: Numbers

    @property
    def cells(self) -> int:
        """Return how many numbers a table of one person holds."""
        size = int(np.prod([axis.size for axis in self.axes], dtype=np.int64))
        return size * (1 + sum(layer.states for layer in self.layers))


Step = tuple[int, int, int, tuple[int, ...]]  # symbol, target, cost, gains
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
    return Structure(tuple(classes.values()), axes, layers, finish)


class _Walker:
    """Takes the parts through one day after another."""

    def __init__(
        self, parts: Sequence[Part], *, words: list[tuple[Letter, ...]], axes: int
    ) -> None:
        self.parts = parts
        self.words = words
        self.axes = axes

    def walk(
        self, states: list[tuple[State, ...]], *, day: int
    ) -> tuple[Steps, list[tuple[State, ...]]]:
        """Return the steps from each state on one day, and the states after it."""
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
    for steps in reversed(forward):
        if not count:
            break
        futures: dict[tuple[Step, ...], int] = {}
        before: list[int | None] = []
        for found in steps:
            future = _alive(found, places)
            before.append(futures.setdefault(future, len(futures)) if future else None)
        layers.append(_layer(list(futures), states=count, axes=axes))
        places, count = before, len(futures)
    if not count:
        message = "The rules of a row contradict each other: no row keeps them all."
        raise NoRowError(message)
    return tuple(reversed(layers)), np.array(costs, dtype=np.float64)


def _alive(found: tuple[Step, ...], places: list[int | None]) -> tuple[Step, ...]:
    alive = []
    for symbol, target, cost, gains in found:
        place = places[target]
        if place is not None:
            alive.append((symbol, place, cost, gains))
    return tuple(alive)


def _layer(futures: list[tuple[Step, ...]], *, states: int, axes: int) -> Layer:
    """Return the layer into `states` states; the futures are the states before it."""
    nodes: dict[tuple[int, int, int, tuple[int, ...]], list[int]] = defaultdict(list)
    for source, future in enumerate(futures):
        for symbol, target, cost, gains in future:
            nodes[target, symbol, cost, gains].append(source)
    flat = [
        (target, source, symbol, cost, gains)
        for (target, symbol, cost, gains), sources in sorted(nodes.items())
        for source in sources
    ]
    targets = np.array([step[0] for step in flat], dtype=np.intp)
    return Layer(
        states=states,
        groups=_groups(nodes),
        starts=np.searchsorted(targets, np.arange(states + 1)),
        sources=np.array([step[1] for step in flat], dtype=np.intp),
        symbols=np.array([step[2] for step in flat], dtype=np.intp),
        costs=np.array([step[3] for step in flat], dtype=np.float64),
        gains=np.array([step[4] for step in flat], dtype=np.intp).reshape(
            len(flat), axes
        ),
    )


def _groups(
    nodes: dict[tuple[int, int, int, tuple[int, ...]], list[int]],
) -> tuple[Group, ...]:
    by_gains: dict[tuple[int, ...], list[tuple[list[int], int, int, int]]]
    by_gains = defaultdict(list)
    for (target, symbol, cost, gains), sources in nodes.items():
        by_gains[gains].append((sources, target, symbol, cost))
    return tuple(_group(gains, found) for gains, found in sorted(by_gains.items()))


def _group(
    gains: tuple[int, ...], found: list[tuple[list[int], int, int, int]]
) -> Group:
    found = sorted(found, key=lambda node: -len(node[0]))
    ranks = tuple(
        np.array([node[0][rank] for node in found if len(node[0]) > rank], np.intp)
        for rank in range(len(found[0][0]))
    )
    rounds: list[tuple[list[int], list[int]]] = []
    reached: dict[int, int] = defaultdict(int)
    for place, (_, target, _, _) in enumerate(found):
        turn = reached[target]
        reached[target] += 1
        if turn == len(rounds):
            rounds.append(([], []))
        rounds[turn][0].append(place)
        rounds[turn][1].append(target)
    return Group(
        gains=gains,
        ranks=ranks,
        symbols=np.array([node[2] for node in found], dtype=np.intp),
        costs=np.array([node[3] for node in found], dtype=np.float64),
        rounds=tuple(
            (np.array(places, np.intp), np.array(targets, np.intp))
            for places, targets in rounds
        ),
    )
