"""Whole rows at a time: exact pricing, column generation, bounds, group search."""
