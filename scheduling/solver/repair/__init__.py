"""Repairs of a published roster after a sick call."""

from scheduling.solver.repair.options import CellChange, Option
from scheduling.solver.repair.search import repair
from scheduling.solver.repair.sick_call import Absence, RepairError, SickCall

__all__ = ["Absence", "CellChange", "Option", "RepairError", "SickCall", "repair"]
