"""Column generation: the master prices the cells, the people answer with rows."""

from collections.abc import Sequence
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.columns import Column, Counts, Demands, Pool
from scheduling.solver.columns.master import LinearAnswer, Master
from scheduling.solver.columns.pricing import Answer, Pricer
from scheduling.solver.columns.stretch import Stretch

Numbers = NDArray[np.float64]

_SMOOTHING = 0.6  # weight of the best duals so far against the newest
_GAIN = 1e-6  # a column must promise more than rounding errors


class Generation:
    """Generates rows of some people while everybody else's cover stands.

    Attributes:
        bound: The best proven lower bound on what these people and the demands cost.
        answer: The master's newest answer, None before the first.
        is_converged: Whether no further row can lower the master.
    """

    def __init__(
        self,
        pricer: Pricer,
        pool: Pool,
        demands: Demands,
        *,
        people: Sequence[int],
        base: Counts,
        center: Numbers | None = None,
        stretch: Stretch | None = None,
    ) -> None:
        """Begin with no columns.

        Args:
            pricer: Finds cheapest rows.
            pool: Where the columns are kept.
            demands: What cover costs.
            people: Whose rows are free.
            base: How often the others serve each demand.
            center: Duals to stay near at first.
            stretch: The days that are open; None for all. What then costs nothing
                different, whatever these rows hold, is left out.
        """
        self.pricer, self.pool, self.demands = pricer, pool, demands
        self.people, self.base, self.stretch = list(people), base, stretch
        self._places = (
            None
            if stretch is None
            else pool.cover.served_in(stretch.first, stretch.end)
        )
        self.master = Master(demands, self.people, base=base, places=self._places)
        self.bound = -inf
        self.answer: LinearAnswer | None = None
        self.is_converged = False
        self._center = None if center is None else self._within(center)
        self._smoothing = _SMOOTHING

    def begin(self, duals: Numbers | None = None) -> None:
        """Give everybody rows to start with, the best at some duals."""
        start = np.zeros(len(self.base)) if duals is None else duals
        self._price(self._within(self.demands.clipped(start)))

    def step(self, *, tolerance: float = _GAIN) -> bool:
        """Solve the master once and let everybody answer; return whether it goes on."""
        answer = self.master.solve()
        if answer is None:
            return False
        self.answer = answer
        duals = self.demands.clipped(answer.duals)
        center = duals if self._center is None else self._center
        weight = self._smoothing
        columns = self._price(weight * center + (1 - weight) * duals)
        gains = [self._reduced(column, answer) < -_GAIN for column in columns]
        if answer.objective - self.bound <= tolerance:
            self.is_converged = True
        elif not any(gains):
            self.is_converged = weight == 0.0
            self._smoothing = 0.0  # the smoothed duals missed: ask at the true ones
        else:
            self._smoothing = _SMOOTHING
        return not self.is_converged

    def _price(self, duals: Numbers) -> list[Column]:
        """Let everybody answer to duals: their columns are added, the bound improved."""
        people = np.array(self.people, np.intp)
        prices = -self.pool.cover.value(duals, people=people)
        found = self.pricer.best(self.people, prices, stretch=self.stretch)
        value = self.demands.dual_value(duals, base=self.base)
        value += sum(answer.least for answer in found)
        if value > self.bound:
            self.bound, self._center = value, duals
        columns = self._columns(found)
        self.master.add(columns)
        return columns

    def _within(self, duals: Numbers) -> Numbers:
        """Return duals of the demands in which rows can differ, 0 for the others."""
        if self._places is None:
            return duals
        within = np.zeros_like(duals)
        within[self._places] = duals[self._places]
        return within

    def _columns(self, found: list[Answer]) -> list[Column]:
        return [
            self.pool.column(person, row.codes, cost=row.cost)
            for person, answer in zip(self.people, found, strict=True)
            for row in answer.rows
        ]

    def _reduced(self, column: Column, answer: LinearAnswer) -> float:
        place = self.people.index(column.person)
        earned = float(answer.duals @ column.served) + float(answer.rents[place])
        return column.cost - earned


def rounded_bound(value: float) -> float:
    """Return the least whole number that a proven bound allows, if any is proven.

    Every weight is whole, so every objective is; a margin takes up rounding errors.
    """
    if value == -inf:
        return value
    margin = 1e-5 + 1e-9 * abs(value)
    return float(ceil(value - margin))
