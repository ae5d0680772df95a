"""The steps of one day between states, arranged for vectorized moves."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
Numbers = NDArray[np.float64]

Step = tuple[int, int, int, tuple[int, ...]]  # symbol, target, cost, gains


@dataclass(frozen=True, slots=True)
class Round:
    """Nodes of a group that reach distinct states.

    Attributes:
        nodes: Their places; None for all of the group in their order.
        is_first: Whether nothing reached these states before.
    """

    nodes: Places | None
    states: Places
    is_first: bool


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
    rounds: tuple[Round, ...]


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


def make_layer(futures: list[tuple[Step, ...]], *, states: int, axes: int) -> Layer:
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
    reached: set[int] = set()
    return tuple(
        _group(gains, found, reached=reached)
        for gains, found in sorted(by_gains.items())
    )


def _group(
    gains: tuple[int, ...],
    found: list[tuple[list[int], int, int, int]],
    *,
    reached: set[int],
) -> Group:
    found = sorted(found, key=lambda node: -len(node[0]))
    ranks = tuple(
        np.array([node[0][rank] for node in found if len(node[0]) > rank], np.intp)
        for rank in range(len(found[0][0]))
    )
    return Group(
        gains=gains,
        ranks=ranks,
        symbols=np.array([node[2] for node in found], dtype=np.intp),
        costs=np.array([node[3] for node in found], dtype=np.float64),
        rounds=_rounds([node[1] for node in found], reached),
    )


def _rounds(targets: list[int], reached: set[int]) -> tuple[Round, ...]:
    """Return nodes in turns, so that no turn reaches a state twice."""
    turns: list[tuple[list[int], list[int]]] = []
    seen: dict[int, int] = defaultdict(int)
    for node, target in enumerate(targets):
        turn = seen[target]
        seen[target] += 1
        if turn == len(turns):
            turns.append(([], []))
        turns[turn][0].append(node)
        turns[turn][1].append(target)
    rounds = []
    for nodes, states in turns:
        rounds.append(
            Round(
                nodes=None if len(nodes) == len(targets) else np.array(nodes, np.intp),
                states=np.array(states, np.intp),
                is_first=not reached & set(states),
            )
        )
        reached |= set(states)
    return tuple(rounds)
