"""Long work of the library; only workers import it."""
