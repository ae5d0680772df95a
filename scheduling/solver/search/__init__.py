"""The search for rosters: models, strategies, and the coordinator that runs them."""

from scheduling.solver.search.limits import Progress, Solution, SolveLimits

__all__ = ["Progress", "Solution", "SolveLimits"]
