"""Everybody's rows at once, in shares: what a roster costs at least, and good prices."""

from collections.abc import Iterable, Sequence
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.columns import Column, Demands, Pool
from scheduling.solver.columns.generation import Generation
from scheduling.solver.columns.pricing import Pricer

Numbers = NDArray[np.float64]

_EXACT_ENOUGH = 0.02  # it is left when bound and master are so near
_NEAR = 0.15  # of the master's cost: so near, its columns are worth a dive


class Root:
    """Column generation for everybody, a round at a time.

    Attributes:
        is_done: Whether further rounds would change nothing.
        duals: What one more person is worth to each demand; None before a round.
    """

    def __init__(
        self,
        pricer: Pricer,
        pool: Pool,
        demands: Demands,
        *,
        people: Sequence[int],
        duals: Numbers | None = None,
    ) -> None:
        """Make one without columns; duals known already are where pricing begins."""
        self._generation = Generation(
            pricer,
            pool,
            demands,
            people=people,
            base=np.zeros(len(demands.lows), np.int64),
            center=duals,
        )
        self._demands, self._first_duals = demands, duals
        self._people = len(people)
        self._rounds, self._seconds = 0, 0.0
        self.is_done = False
        self.duals: Numbers | None = None

    @property
    def bound(self) -> float:
        return self._generation.bound

    @property
    def columns(self) -> list[Column]:
        return list(self._generation.master.columns)

    @property
    def seconds_a_row(self) -> float:
        return self._seconds / max(1, self._rounds) / self._people

    @property
    def is_near(self) -> bool:
        """Whether its bound is near what its columns cost."""
        answer = self._generation.answer
        if answer is None:
            return False
        gap = answer.objective - self.bound
        return self.is_done or gap <= _NEAR * abs(answer.objective)

    def add(self, columns: Iterable[Column]) -> None:
        """Take in known rows."""
        self._generation.master.add(columns)

    def step(self) -> None:
        """Do one round."""
        begun = monotonic()
        if not self._rounds:
            self._generation.begin(self._first_duals)
        self.is_done = not self._generation.step(tolerance=_EXACT_ENOUGH)
        self._rounds += 1
        self._seconds += monotonic() - begun
        if self._generation.answer is not None:
            self.duals = self._demands.clipped(self._generation.answer.duals)
