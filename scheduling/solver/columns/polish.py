"""One row at a time: the best row of a person for what everybody else covers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.columns import Counts, Demands, Pool
from scheduling.solver.columns.incumbent import Incumbent
from scheduling.solver.columns.pricing import Pricer
from scheduling.solver.columns.stretch import Stretch

Numbers = NDArray[np.float64]


def marginal_costs(demands: Demands, served: Counts) -> Numbers:
    """Return what one more person costs each demand (below 0 where one is missing)."""
    added: Numbers = demands.costs(served + 1) - demands.costs(served)
    return added


def polished(
    incumbent: Incumbent,
    *,
    pricer: Pricer,
    pool: Pool,
    chance: np.random.Generator,
    is_over: Callable[[], bool],
    stretch: Stretch | None = None,
) -> Incumbent:
    """Return a roster that no change of a single row can better, on the open days.

    Demands are apart from each other, so what a row adds to their cost is the sum of
    what its cells add; only a row that serves one demand twice is judged a little wrong,
    and is taken only where the whole cost falls.
    """
    idle = 0
    everybody = range(len(incumbent.columns))
    people = chance.permutation([*everybody] if stretch is None else stretch.people)
    at = 0
    while idle < len(people) and not is_over():
        better = _with_best_row(
            incumbent, int(people[at]), pricer=pricer, pool=pool, stretch=stretch
        )
        idle = 0 if better.cost < incumbent.cost else idle + 1
        if better.cost <= incumbent.cost:
            incumbent = better
        at = (at + 1) % len(people)
    return incumbent


def _with_best_row(
    incumbent: Incumbent,
    person: int,
    *,
    pricer: Pricer,
    pool: Pool,
    stretch: Stretch | None,
) -> Incumbent:
    others = incumbent.served - incumbent.columns[person].served
    added = marginal_costs(incumbent.demands, others)
    prices = pool.cover.value(added, people=np.array([person], np.intp))
    rows = pricer.best([person], prices, stretch=stretch)[0].rows
    if not rows:
        return incumbent
    column = pool.column(person, rows[0].codes, cost=rows[0].cost)
    return incumbent.with_columns([column])
