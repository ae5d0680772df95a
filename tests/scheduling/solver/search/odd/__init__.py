"""Strategies that misbehave: what a search has to survive."""
