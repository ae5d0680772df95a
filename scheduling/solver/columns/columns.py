"""Rows as columns of a program: what each costs and which demands it serves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.cells import Cells, Codes, Cover, Served
from scheduling.solver.instance import Instance
from scheduling.solver.rules import Weight

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

# A hard demand first costs this many times the dearest soft unit for each person missing.
# Low prices let the duals settle soon; where rosters come out that break one, they rise.
HARD_FACTOR = 8
_RISE = 4.0
_HIGHEST = 1e6  # beyond, a linear program's tolerances no longer see soft costs


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One legal row of one person.

    Attributes:
        cost: What the person's own rules and wishes make it cost.
        served: How often it serves each demand.
    """

    person: int
    codes: Codes
    cost: int
    served: Served


class Demands:
    """What people missing or beyond cost, demand by demand.

    Attributes:
        lows, highs: The ranges that cost nothing, less what the history brings.
        hard: The price at which hard demands are broken meanwhile.
        under, over: The cost of each person outside, hard demands' at that price.
        is_hard_under, is_hard_over: Where that price stands for a hard rule.
    """

    def __init__(self, instance: Instance, cover: Cover) -> None:
        hard = float(HARD_FACTOR * max(1, dearest_unit(instance)))
        self.hard = hard
        demands = instance.demands
        self.lows = np.array([float(one.at_least) for one in demands]) - cover.base
        self.highs = np.array(
            [np.inf if one.at_most is None else one.at_most for one in demands]
        )
        self.highs = self.highs - cover.base
        self.under = np.array([_price(one.under_weight, hard) for one in demands])
        self.over = np.array([_price(one.over_weight, hard) for one in demands])
        self.is_hard_under = np.array(
            [one.under_weight is None for one in demands], bool
        )
        self.is_hard_over = np.array([one.over_weight is None for one in demands], bool)

    @property
    def has_hard(self) -> bool:
        """Whether some demand is a hard rule."""
        return bool(self.is_hard_under.any() or self.is_hard_over.any())

    def harden(self) -> None:
        """Raise the price of hard demands, where it can still rise."""
        self.hard = min(_HIGHEST, _RISE * self.hard)
        self.under[self.is_hard_under] = self.hard
        self.over[self.is_hard_over] = self.hard

    def cost(self, served: Counts) -> float:
        """Return what a cover costs."""
        return float(self.costs(served).sum())

    def costs(self, served: Counts) -> Numbers:
        below = np.maximum(self.lows - served, 0.0) * self.under
        above = np.maximum(served - self.highs, 0.0) * self.over
        total: Numbers = below + above
        return total

    def is_kept(self, served: Counts) -> bool:
        """Whether every hard demand is kept."""
        below = (served < self.lows) & self.is_hard_under
        above = (served > self.highs) & self.is_hard_over
        return not (below | above).any()

    def clipped(self, duals: Numbers) -> Numbers:
        """Return duals within what the demands can ever be worth."""
        lowest = np.where(np.isfinite(self.highs), -self.over, 0.0)
        return np.clip(duals, lowest, self.under)

    def dual_value(self, duals: Numbers, *, base: Counts) -> float:
        """Return the demands' part of the bound that some (clipped) duals prove."""
        wanted = np.where(duals > 0, self.lows - base, 0.0)
        wanted = np.where(duals < 0, self.highs - base, wanted)
        return float((duals * wanted).sum())


class Pool:
    """Columns found so far, by person, each row once."""

    def __init__(self, cells: Cells, cover: Cover) -> None:
        self.cells = cells
        self.cover = cover
        self._columns: list[dict[Codes, Column]] = [{} for _ in cells.instance.people]

    def column(self, person: int, codes: Codes, *, cost: int) -> Column:
        """Return the column of a row, remembered."""
        known = self._columns[person]
        if codes not in known:
            served = self.cover.served_by(person, codes)
            known[codes] = Column(person, codes, cost, served)
        return known[codes]

    def of(self, person: int) -> list[Column]:
        return list(self._columns[person].values())

    def keep(self, person: int, columns: Sequence[Column]) -> None:
        """Forget all columns of a person but these."""
        self._columns[person] = {column.codes: column for column in columns}


def dearest_unit(instance: Instance) -> int:
    """Return the highest soft weight of the instance."""
    weights: list[Weight] = [request.weight for request in instance.requests]
    for demand in instance.demands:
        weights += [demand.under_weight, demand.over_weight]
    for contract in instance.contracts:
        weights += [rule.weight for rule in contract.rules]
    for person in instance.people:
        weights += [rule.weight for rule in person.rules]
    return max((weight for weight in weights if weight is not None), default=1)


def _price(weight: Weight, hard: float) -> float:
    return hard if weight is None else float(weight)
