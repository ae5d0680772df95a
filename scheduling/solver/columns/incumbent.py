"""The best roster known, as columns, and what it costs."""

from collections.abc import Iterable

import numpy as np

from scheduling.solver.columns.columns import Column, Counts, Demands, Pool
from scheduling.solver.columns.pricing import Pricer
from scheduling.solver.roster import Roster


class Incumbent:
    """One legal row for everybody.

    Attributes:
        columns: By person.
        served: How often all of them serve each demand.
        cost: What the rows and the demands cost, the instance's offset left out.
    """

    def __init__(self, columns: Iterable[Column], demands: Demands) -> None:
        self.columns = sorted(columns, key=lambda column: column.person)
        self.demands = demands
        self.served: Counts = np.sum([one.served for one in self.columns], axis=0)
        self.cost = sum(one.cost for one in self.columns) + demands.cost(self.served)

    @property
    def is_legal(self) -> bool:
        return self.demands.is_kept(self.served)

    def with_columns(self, columns: Iterable[Column]) -> "Incumbent":
        """Return the roster with the rows of some people changed."""
        changed = {column.person: column for column in columns}
        kept = (changed.get(one.person, one) for one in self.columns)
        return Incumbent(kept, self.demands)

    def roster(self, pool: Pool) -> Roster:
        return Roster(tuple(pool.cells.row(one.codes) for one in self.columns))


def incumbent_of(
    roster: Roster, *, pricer: Pricer, pool: Pool, demands: Demands
) -> Incumbent | None:
    """Return a roster as columns, None where a row of it is not legal."""
    columns = []
    for person, row in enumerate(roster.rows):
        codes = tuple(pool.cells.codes(row))
        cost = pricer.cost(person, codes)
        if cost is None:
            return None
        columns.append(pool.column(person, codes, cost=cost))
    return Incumbent(columns, demands)
