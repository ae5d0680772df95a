"""CP-SAT reads a linear model.

It is spoken to through its own extension module: the usual front loads pandas first,
which takes longer than a first roster may.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal  # Any: the extension's messages carry no types

from ortools.sat.python import cp_model_helper as cpsat

from scheduling.solver.search.model.linear import LinearModel

NO_LIMIT = 2**63 - 1
EVERYTHING_LINEAR = 2  # a richer linear relaxation: helps or is neutral on rosters

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
STATUSES: dict[str, Status] = {
    "OPTIMAL": "optimal",
    "FEASIBLE": "feasible",
    "INFEASIBLE": "infeasible",
}

OnSolution = Callable[[Sequence[int]], bool]  # False stops


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one solve may spend.

    Attributes:
        seconds: Wall time.
        work: Deterministic time; None for the clock alone.
        workers: Threads.
        first_only: Stop at the first solution.
        gap: Stop when the bound is that near, as a share of the objective.
        is_small: Simplify little before searching: small models are solved sooner so.
        is_rough: Simplify once: what is solved roughly is solved sooner so.
    """

    seconds: float
    work: float | None = None
    seed: int = 0
    workers: int = 1
    first_only: bool = False
    gap: float = 0.0
    is_small: bool = False
    is_rough: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a solve found.

    Attributes:
        values: One a variable; None where no solution was found.
        bound: No solution costs less (as far as proven).
        work: Deterministic time spent.
        core: Assumptions that cannot all hold, where the answer is infeasible.
    """

    status: Status
    values: tuple[int, ...] | None
    objective: float | None
    bound: float | None
    work: float
    core: tuple[int, ...] = ()


def solve_cpsat(
    model: LinearModel,
    *,
    budget: Budget,
    hint: Mapping[int, int] | None = None,
    assumptions: Sequence[int] = (),
    on_solution: OnSolution | None = None,
) -> Answer:
    """Return what CP-SAT makes of the model within the budget.

    Args:
        model: What to solve.
        budget: What it may spend.
        hint: Values to begin from.
        assumptions: Variables taken to be 1; a conflict among them comes back as core.
        on_solution: Sees the values of every better solution; False stops the search.
    """
    message = message_of(model, hint=hint or {}, assumptions=assumptions)
    wrapper: Any = cpsat.SolveWrapper()  # Any: none of it carries types
    wrapper.set_parameters(_parameters(budget))
    if on_solution is not None:
        wrapper.add_solution_callback(_Listener(on_solution))
    response = wrapper.solve(message)
    return _answer(response)


class _Listener(cpsat.SolutionCallback):
    """Hands every solution on."""

    def __init__(self, on_solution: OnSolution) -> None:
        super().__init__()
        self._on_solution = on_solution

    def OnSolutionCallback(self) -> None:  # noqa: N802  (their name)
        response = self.Response()  # type: ignore[no-untyped-call]  # no types in there
        if not self._on_solution(list(response.solution)):
            self.StopSearch()


def message_of(
    model: LinearModel, *, hint: Mapping[int, int], assumptions: Sequence[int]
) -> Any:
    """Return the model in CP-SAT's own form."""
    message = cpsat.CpModelProto()
    variables = message.variables
    for ends in zip(model.lower, model.upper, strict=True):
        variables.add().domain.extend(ends)
    constraints = message.constraints
    for row in model.rows:
        constraint = constraints.add()
        if row.guard is not None:
            constraint.enforcement_literal.append(row.guard)
        linear = constraint.linear
        linear.vars.extend([variable for variable, _by in row.terms])
        linear.coeffs.extend([by for _variable, by in row.terms])
        low = -NO_LIMIT if row.low is None else row.low
        high = NO_LIMIT if row.high is None else row.high
        linear.domain.extend((low, high))
    objective = message.objective
    if model.cost:
        objective.vars.extend(list(model.cost))
        objective.coeffs.extend(list(model.cost.values()))
        objective.offset = float(model.offset)
    if hint:
        message.solution_hint.vars.extend(list(hint))
        message.solution_hint.values.extend(list(hint.values()))
    if assumptions:
        message.assumptions.extend(list(assumptions))
    return message


def _parameters(budget: Budget) -> Any:
    parameters = cpsat.SatParameters()
    parameters.max_time_in_seconds = max(0.0, budget.seconds)
    if budget.work is not None:
        parameters.max_deterministic_time = budget.work
    parameters.num_workers = budget.workers
    parameters.random_seed = budget.seed
    parameters.linearization_level = EVERYTHING_LINEAR
    parameters.relative_gap_limit = budget.gap
    parameters.stop_after_first_solution = budget.first_only
    if budget.is_small:
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
    if budget.is_rough:
        parameters.max_presolve_iterations = 1
    return parameters


def _answer(response: Any) -> Answer:
    status = STATUSES.get(response.status.name, "unknown")
    is_solved = status in {"optimal", "feasible"}
    return Answer(
        status=status,
        values=tuple(response.solution) if is_solved else None,
        objective=response.objective_value if is_solved else None,
        bound=None if status == "infeasible" else response.best_objective_bound,
        work=response.deterministic_time,
        core=tuple(response.sufficient_assumptions_for_infeasibility),
    )
