"""What bends a hard rule: changes of a problem, their prices, the problem with them made."""

from scheduling.solver.mending.changes import Change
from scheduling.solver.mending.mended import mended

__all__ = ["Change", "mended"]
