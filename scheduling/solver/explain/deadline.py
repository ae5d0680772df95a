"""How long an explanation may take."""

import time

from scheduling.solver.errors import SolverError
from scheduling.solver.message import phrase


class Undecided(SolverError):
    """The time was over before an answer was certain."""


class Deadline:
    """A moment after which nothing more is tried."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Return the time that is left.

        Raises:
            Undecided: None is.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            message = phrase("The time was over before the answer was certain.")
            raise Undecided(message)
        return left
