"""What column generation declines, so that a caller can go another way."""

from scheduling.solver.errors import SolverError


class TooLargeError(SolverError):
    """A person's rules need more states or counters than a table may hold."""


class UnsupportedError(SolverError):
    """The instance has rules that no single row can answer for."""


class NoRowError(SolverError):
    """A person has no legal row at all."""
