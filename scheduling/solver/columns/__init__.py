"""Whole rows at a time: exact pricing, column generation, bounds, group search."""

from scheduling.solver.columns.pricing import best_row
from scheduling.solver.columns.strategy import run, supports

__all__ = ["best_row", "run", "supports"]
