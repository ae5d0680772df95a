"""How good a model is, how it breaks, and what its maps are worth: pure functions."""
