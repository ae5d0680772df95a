"""The restricted master program: which share of which known row each person works."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt.python import mathopt

from scheduling.solver.columns.columns import Column, Counts, Demands

Numbers = NDArray[np.float64]

# Without a row of their own yet, people are bridged at a cost above any roster's.
_BRIDGE_FACTOR = 10.0


@dataclass(frozen=True, slots=True)
class LinearAnswer:
    """An optimal answer of the master.

    Attributes:
        duals: What one more person is worth to each demand.
        rents: What each of the people must earn, in their order.
        shares: Each column's share, in the order in which they were added.
    """

    objective: float
    duals: Numbers
    rents: Numbers
    shares: Numbers


class Master:
    """The linear program over known columns; columns join it between solves."""

    def __init__(
        self,
        demands: Demands,
        people: Sequence[int],
        *,
        base: Counts,
        places: NDArray[np.intp] | None = None,
    ) -> None:
        """Make one without columns.

        Args:
            demands: What cover costs.
            people: Whose rows are chosen.
            base: How often everybody else serves each demand.
            places: The demands that rows can differ in; None for all.
        """
        self.people = list(people)
        self.columns: list[Column] = []
        self._place = {person: place for place, person in enumerate(self.people)}
        self._known: set[Column] = set()
        self._demands = len(base)
        self._model = mathopt.Model(name="rows")
        self._places = np.arange(len(base)) if places is None else places
        lows = (demands.lows - base)[self._places]
        highs = (demands.highs - base)[self._places]
        under, over = demands.under[self._places], demands.over[self._places]
        self._rows = [
            self._model.add_linear_constraint(lb=float(low), ub=float(high))
            for low, high in zip(lows, highs, strict=True)
        ]
        for place, row in enumerate(self._rows):
            self._slack(row, 1.0, float(under[place]))
            if np.isfinite(highs[place]):
                self._slack(row, -1.0, float(over[place]))
        dearest = float(under.max(initial=1.0))
        bridge = _BRIDGE_FACTOR * (1.0 + dearest) * (1 + len(self._rows))
        self._convexity = [
            self._model.add_linear_constraint(lb=1.0, ub=1.0) for _ in self.people
        ]
        for constraint in self._convexity:
            self._slack(constraint, 1.0, bridge)
        self._variables: list[mathopt.Variable] = []
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        self._parameters = mathopt.SolveParameters(
            threads=1,
            presolve=mathopt.Emphasis.OFF,
            lp_algorithm=mathopt.LPAlgorithm.PRIMAL_SIMPLEX,
        )

    def add(self, columns: Iterable[Column]) -> int:
        """Add columns that are not there yet; return how many."""
        added = 0
        for column in columns:
            if column in self._known:
                continue
            self._known.add(column)
            variable = self._model.add_variable(lb=0.0)
            self._model.objective.set_linear_coefficient(variable, float(column.cost))
            self._convexity[self._place[column.person]].set_coefficient(variable, 1.0)
            served = column.served[self._places]
            for place in np.flatnonzero(served):
                times = float(served[place])
                self._rows[place].set_coefficient(variable, times)
            self.columns.append(column)
            self._variables.append(variable)
            added += 1
        return added

    def solve(self) -> LinearAnswer | None:
        """Return an optimal answer, None where the solver found none."""
        result = self._solver.solve(params=self._parameters)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        duals = np.zeros(self._demands)
        duals[self._places] = result.dual_values(self._rows)
        return LinearAnswer(
            objective=result.objective_value(),
            duals=duals,
            rents=np.array(result.dual_values(self._convexity)),
            shares=np.array(result.variable_values(self._variables)),
        )

    def _slack(
        self, row: mathopt.LinearConstraint, coefficient: float, cost: float
    ) -> None:
        variable = self._model.add_variable(lb=0.0)
        self._model.objective.set_linear_coefficient(variable, cost)
        row.set_coefficient(variable, coefficient)
