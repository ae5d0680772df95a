"""Whole rows at a time: exact pricing, column generation, bounds, dives for parts.

A run makes a first roster of its own where no demand is hard, sweeps a long horizon
window by window, proves the root, dives once for everybody where the root is near, and
then for parts of the roster that are chosen by what they gained of late.
"""

from scheduling.solver.columns.pricing import best_row
from scheduling.solver.columns.strategy import run, supports

__all__ = ["best_row", "run", "supports"]
