"""Which of a person's counters are axes just now.

The best row with some counters left aside is the best of all where it happens to keep
them; where it does not, those it breaks join in.
"""

from collections.abc import Sequence

from scheduling.solver.columns.rulebook import RuleBook

Row = Sequence[str]

_PATIENCE = 3  # times that a counter may be far from its bounds and still be kept


class ActiveCounters:
    """The counters of one person that bind at the prices of late.

    Attributes:
        active: Their places in the rule book.
    """

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.active: frozenset[int] = frozenset()
        self._idle: dict[int, int] = {}
        self._patience: dict[int, int] = {}

    def broken(self, row: Row) -> frozenset[int]:
        """Return the counters left aside that a row breaks or pays for."""
        return frozenset(
            place
            for place in range(len(self.book.counters))
            if place not in self.active and self.book.counter_cost(place, row) != 0
        )

    def near(self, row: Row) -> frozenset[int]:
        """Return the active counters that are near their bounds in a row."""
        return frozenset(
            place for place in self.active if not self.book.is_far(place, row)
        )

    def rest(self, row: Row) -> None:
        """Leave counters aside again that were far from their bounds several times."""
        near = self.near(row)
        for place in self.active:
            self._idle[place] = 0 if place in near else self._idle.get(place, 0) + 1
            patience = self._patience.get(place, _PATIENCE)
            if self._idle[place] >= patience:
                self._patience[place] = 2 * patience
                self._idle[place] = 0
                self.active -= {place}
