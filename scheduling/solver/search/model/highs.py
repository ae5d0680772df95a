"""HiGHS and PDLP read a linear model, through MathOpt: relaxations and whole programs."""

import math
from dataclasses import dataclass
from datetime import timedelta

from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers.highs_pb2 import HighsOptionsProto

from scheduling.solver.search.model.cpsat import Status
from scheduling.solver.search.model.linear import LinearModel


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearAnswer:
    """What a linear solver found.

    Attributes:
        bound: No solution costs less; None where nothing is proven.
        values: One a variable; None where no solution was found.
    """

    status: Status
    bound: float | None
    objective: float | None
    values: tuple[float, ...] | None


def solve_relaxed(
    model: LinearModel, *, seconds: float, is_first_order: bool = False
) -> LinearAnswer:
    """Return what the model costs at least, variables no longer whole.

    Args:
        model: What to relax.
        seconds: Wall time.
        is_first_order: By PDLP, for models too large for a simplex.
    """
    solver = mathopt.SolverType.PDLP if is_first_order else mathopt.SolverType.HIGHS
    return _solve(_mathopt_model(model, is_whole=False), solver, seconds)


def solve_whole(
    model: LinearModel, *, seconds: float, threads: int | None = None, seed: int = 0
) -> LinearAnswer:
    """Return what HiGHS makes of the model with whole variables.

    Args:
        model: What to solve.
        seconds: Wall time.
        threads: At most so many; None for what HiGHS itself takes. The first solve of a
            process decides it for all.
        seed: Where chance begins.
    """
    whole = _mathopt_model(model, is_whole=True)
    options = HighsOptionsProto()
    if threads is not None:
        options.int_options["threads"] = threads
    if seed:
        options.int_options["random_seed"] = seed
    return _solve(whole, mathopt.SolverType.HIGHS, seconds, options)


def _mathopt_model(model: LinearModel, *, is_whole: bool) -> mathopt.Model:
    target = mathopt.Model()
    variables = [
        target.add_variable(lb=lower, ub=upper, is_integer=is_whole)
        for lower, upper in zip(model.lower, model.upper, strict=True)
    ]
    for row in model.rows:
        constraint = target.add_linear_constraint(
            lb=-math.inf if row.low is None else row.low,
            ub=math.inf if row.high is None else row.high,
        )
        for variable, by in row.terms:
            constraint.set_coefficient(variables[variable], by)
    target.objective.is_maximize = False
    target.objective.offset = model.offset
    for variable, cost in model.cost.items():
        target.objective.set_linear_coefficient(variables[variable], cost)
    return target


def _solve(
    model: mathopt.Model,
    solver: mathopt.SolverType,
    seconds: float,
    options: HighsOptionsProto | None = None,
) -> LinearAnswer:
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(seconds, 0.01)),
        highs=options or HighsOptionsProto(),
    )
    result = mathopt.solve(model, solver, params=parameters)
    reason = result.termination.reason
    if reason in {mathopt.TerminationReason.INFEASIBLE}:
        return LinearAnswer(
            status="infeasible", bound=None, objective=None, values=None
        )
    bound = result.termination.objective_bounds.dual_bound
    has_values = result.has_primal_feasible_solution()
    values = (
        tuple(result.variable_values(list(model.variables()))) if has_values else None
    )
    is_optimal = reason == mathopt.TerminationReason.OPTIMAL
    found: Status = "feasible" if has_values else "unknown"
    return LinearAnswer(
        status="optimal" if is_optimal else found,
        bound=bound if math.isfinite(bound) else None,
        objective=result.objective_value() if has_values else None,
        values=values,
    )
