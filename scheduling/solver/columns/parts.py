"""Which part of a roster to open next: whole rows of some people, or days of many."""

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.columns import Pool
from scheduling.solver.columns.incumbent import Incumbent
from scheduling.solver.columns.stretch import Stretch
from scheduling.solver.instance import Instance

_FORGETTING = 0.8  # of a way's pace that stays after each dive
_LEAST_SHARE = 0.2  # of the best way's pace: no way is ever given up
_FEWEST_DAYS = 7


@dataclass(slots=True)
class Way:
    """A way of choosing.

    Attributes:
        people, days: From which share to which is open.
        pace: What it gained of late a second; None before its first dive.
    """

    people: tuple[float, float]
    days: tuple[float, float]
    pace: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What is open.

    Attributes:
        stretch: The days; None for all.
        demands: Those that what is open can serve; None for all.
    """

    people: list[int]
    stretch: Stretch | None
    demands: NDArray[np.intp] | slice


class Parts:
    """All ways of choosing; those that gain are taken more often."""

    def __init__(
        self, instance: Instance, pool: Pool, *, chance: np.random.Generator
    ) -> None:
        self._instance, self._pool, self._chance = instance, pool, chance
        self._ways = [
            Way(people=(0.25, 0.6), days=(1.0, 1.0)),
            Way(people=(1.0, 1.0), days=(0.1, 0.35)),
            Way(people=(0.4, 0.7), days=(0.25, 0.6)),
        ]
        self._way = self._ways[0]
        self._begun, self._cost = 0.0, 0.0

    def next(self, best: Incumbent) -> Part:
        """Return a part to open, around something that costs."""
        self._way = self._chosen()
        self._begun, self._cost = monotonic(), best.cost
        costs = best.demands.costs(best.served)
        demand = None
        if costs.sum() > 0:
            demand = int(self._chance.choice(len(costs), p=costs / costs.sum()))
        people = self._people(demand)
        days = self._instance.days
        width = max(_FEWEST_DAYS, round(days * self._chance.uniform(*self._way.days)))
        if width >= days:
            return Part(people, None, slice(None))
        return self.days(best, self._first_day(demand, width), width, people=people)

    def days(
        self, best: Incumbent, first: int, width: int, *, people: list[int]
    ) -> Part:
        """Return some days of some people."""
        rows = {person: best.columns[person].codes for person in people}
        stretch = Stretch(first, first + width, rows=rows, cells=self._pool.cells)
        return Part(people, stretch, self._pool.cover.served_in(first, first + width))

    def learn(self, cost: float) -> None:
        """Take in what the roster costs after a dive into the part."""
        pace = (self._cost - cost) / max(1e-3, monotonic() - self._begun)
        before = pace if self._way.pace is None else self._way.pace
        self._way.pace = _FORGETTING * before + (1 - _FORGETTING) * pace

    def _chosen(self) -> Way:
        for way in self._ways:
            if way.pace is None:
                return way
        paces = np.array([way.pace or 0.0 for way in self._ways])
        shares = paces + (_LEAST_SHARE * paces.max() or 1.0)
        return self._ways[self._chance.choice(len(shares), p=shares / shares.sum())]

    def _people(self, demand: int | None) -> list[int]:
        """Return some people, those more often who could mend a demand that costs."""
        most = len(self._instance.people)
        share = self._chance.uniform(*self._way.people)
        weights = self._chance.random(most)
        if demand is not None:
            weights += 0.5 * self._able(demand)
        count = max(2, min(most, int(share * most)))
        return sorted(int(one) for one in np.argsort(-weights)[:count])

    def _able(self, demand: int) -> NDArray[np.bool_]:
        """Return who could serve a demand by what their cells may hold."""
        wanted = self._instance.demands[demand]
        codes = self._pool.cells.codes(wanted.shifts)
        may = np.isfinite(self._pool.cells.own[:, wanted.day][:, codes]).any(axis=1)
        able: NDArray[np.bool_] = may & self._pool.cover.holders[:, demand]
        return able

    def _first_day(self, demand: int | None, width: int) -> int:
        last = self._instance.days - width
        if demand is None:
            return int(self._chance.integers(0, last + 1))
        before = int(self._chance.integers(0, width))
        return max(0, min(last, self._instance.demands[demand].day - before))
