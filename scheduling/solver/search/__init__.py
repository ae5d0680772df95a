"""The search for rosters: models, strategies, and the coordinator that runs them."""

from scheduling.solver.search.coordinator import solve
from scheduling.solver.search.limits import Progress, Solution, SolveLimits, Status
from scheduling.solver.search.nearest import nearest, solve_or_nearest

__all__ = [
    "Progress",
    "Solution",
    "SolveLimits",
    "Status",
    "nearest",
    "solve",
    "solve_or_nearest",
]
