"""The search for rosters: models, strategies, and the coordinator that runs them."""

from scheduling.solver.search.coordinator import solve
from scheduling.solver.search.limits import Progress, Solution, SolveLimits, Status

__all__ = ["Progress", "Solution", "SolveLimits", "Status", "solve"]
