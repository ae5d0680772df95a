"""Long work of the rostering room; only workers import it."""
