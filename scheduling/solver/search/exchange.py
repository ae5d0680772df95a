"""How searching processes share rosters and bounds with the one that judges them.

A strategy is `run(instance, *, start, seed, exchange)`. It sees an `Exchange` and never
another strategy: what it offers is judged by the coordinator, and the best of everybody
comes back to it. A strategy ends by returning, and may be killed at any moment.
"""

import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, Protocol  # Any: messages are pickled tuples of a few kinds

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF

# Kinds of messages: from a strategy to the coordinator, and back.
ROSTER, BOUND, INFEASIBLE, DONE = "roster", "bound", "infeasible", "done"
BEST, STOP = "best", "stop"


class Exchange(Protocol):
    """What a strategy knows of the world."""

    def offer(self, roster: Roster) -> None:
        """Give a legal roster; the coordinator judges it again."""

    def bound(self, value: float) -> None:
        """Give a proven lower bound of the objective, the instance's offset included."""

    def prove_infeasible(self, without_row: Sequence[str] = ()) -> None:
        """Say that no legal roster exists: a proof, not a guess.

        Args:
            without_row: Who has no legal row, whatever the others do, where that is known.
        """

    def best(self) -> Roster | None:
        """Return the newest best roster of everybody."""

    def seconds_left(self) -> float:
        """Return the wall time that is left, never below 0."""

    def is_over(self) -> bool:
        """Whether to return now: time is up, or somebody stopped the search."""

    def spend(self, work: float) -> None:
        """Count work done, where the search is limited by work and not by the clock."""


class Strategy(Protocol):
    """A way of searching."""

    def __call__(
        self, instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
    ) -> None: ...


class Codec:
    """Rosters as bytes: one a cell, 0 for a free day."""

    def __init__(self, instance: Instance) -> None:
        self._ids = (OFF, *(shift.id for shift in instance.shift_types))
        self._code = {shift: code for code, shift in enumerate(self._ids)}
        self._days = instance.days

    def pack(self, roster: Roster) -> bytes:
        return bytes(self._code[shift] for row in roster.rows for shift in row)

    def unpack(self, cells: bytes) -> Roster:
        shifts = [self._ids[code] for code in cells]
        starts = range(0, len(shifts), self._days)
        return Roster(tuple(tuple(shifts[at : at + self._days]) for at in starts))


class ChildExchange:
    """The strategy's end of a pipe to the coordinator.

    A thread listens, so that a stop is heard, and a coordinator that died is noticed,
    while the strategy computes.
    """

    def __init__(
        self,
        pipe: Connection,
        *,
        instance: Instance,
        deadline: float,
        work: float | None = None,
        when_alone: Callable[[], None] = lambda: os._exit(0),
    ) -> None:
        """Make one.

        Args:
            pipe: To the coordinator.
            instance: What is searched.
            deadline: When time is up, on the monotonic clock.
            work: What may be spent; None for the clock alone.
            when_alone: What to do when the coordinator is gone: nobody wants what this
                finds, so end at once, whatever computes.
        """
        self._when_alone = when_alone
        self._pipe = pipe
        self._codec = Codec(instance)
        self._deadline = deadline
        self._work_left = math.inf if work is None else work
        self._best: Roster | None = None
        self._stopped = threading.Event()
        self._sending = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def offer(self, roster: Roster) -> None:
        self.send(ROSTER, self._codec.pack(roster))

    def bound(self, value: float) -> None:
        self.send(BOUND, value)

    def prove_infeasible(self, without_row: Sequence[str] = ()) -> None:
        self.send(INFEASIBLE, tuple(without_row))

    def best(self) -> Roster | None:
        return self._best

    def seconds_left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def is_over(self) -> bool:
        is_spent = self._work_left <= 0 or self.seconds_left() <= 0
        return is_spent or self._stopped.is_set()

    def spend(self, work: float) -> None:
        self._work_left -= work

    def send(self, kind: str, content: Any) -> None:  # Any: bytes, a number or words
        with self._sending:
            self._pipe.send((kind, content))

    def _listen(self) -> None:
        try:
            while True:
                kind, content = self._pipe.recv()
                if kind == STOP:
                    self._stopped.set()
                elif kind == BEST:
                    self._best = self._codec.unpack(content)
        except (EOFError, OSError):
            self._when_alone()


class LocalExchange:
    """An exchange within one process: what a strategy offers, `on_offer` judges.

    Attributes:
        best_bound: The highest bound given.
        is_infeasible: Whether somebody proved that there is no roster.
    """

    def __init__(
        self,
        *,
        seconds: float,
        on_offer: Callable[[Roster], bool],
        on_bound: Callable[[float], None] = lambda _value: None,
        start: Roster | None = None,
        work: float | None = None,
    ) -> None:
        """Make one.

        Args:
            seconds: Wall time from now.
            on_offer: Says whether a roster offered is the new best.
            on_bound: Hears every bound.
            start: The best at the beginning.
            work: What may be spent; None for the clock alone.
        """
        self._deadline = time.monotonic() + seconds
        self._on_offer = on_offer
        self._on_bound = on_bound
        self._best = start
        self._stopped = False
        self._work_left = math.inf if work is None else work
        self.best_bound: float | None = None
        self.is_infeasible = False

    def offer(self, roster: Roster) -> None:
        if self._on_offer(roster):
            self._best = roster

    def bound(self, value: float) -> None:
        self.best_bound = (
            value if self.best_bound is None else max(self.best_bound, value)
        )
        self._on_bound(value)

    def prove_infeasible(self, without_row: Sequence[str] = ()) -> None:
        del without_row  # nobody asks here for whom
        self.is_infeasible = True

    def best(self) -> Roster | None:
        return self._best

    def seconds_left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def is_over(self) -> bool:
        is_spent = self._work_left <= 0 or self.seconds_left() <= 0
        return is_spent or self._stopped or self.is_infeasible

    def spend(self, work: float) -> None:
        self._work_left -= work

    def stop(self) -> None:
        self._stopped = True
