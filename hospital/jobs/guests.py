"""Streams of strangers: each holds a connection, so they are counted and have an end.

A web process counts its own; people with an account are known, and not counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Guests:
    """The streams that are open now, by what each of them counts for."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def fit(self, seats: Mapping[str, int]) -> bool:
        """Whether one more may open.

        Args:
            seats: What it counts for, and how many may be open of each.
        """
        return all(self._open[seat] < most for seat, most in seats.items())

    @contextmanager
    def seated(self, seats: Mapping[str, int]) -> Iterator[None]:
        """Count one more until it ends."""
        self._open.update(seats.keys())
        try:
            yield
        finally:
            self._open.subtract(seats.keys())
            self._open += Counter()  # forgets what nobody holds
