"""What bends a hard rule: changes of a problem, their prices, the problem with them made."""

from scheduling.solver.mending.changes import Change
from scheduling.solver.mending.mended import OF_RULES, mended

__all__ = ["OF_RULES", "Change", "mended"]
