"""Small automata, one a rule, that read a person's row day by day.

Each reads a letter a day (what its rule can tell of a shift) and says what the step
costs, what it adds to the rule's counter and which state comes next; None where a hard
rule forbids the step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from scheduling.solver.rules import OFF, Pattern, Run, Weight

State = tuple[int, ...]
Letter = int


@dataclass(frozen=True, slots=True)
class Move:
    """A step: the state after it, its cost, and what it adds to the rule's counter."""

    state: State
    cost: int = 0
    gain: int = 0


class Component(Protocol):
    """One rule (or several alike) as an automaton over days.

    Attributes:
        start: The state before the first day.
    """

    start: State

    def letter(self, shift: str) -> Letter:
        """Return what the rule can tell of a shift; shifts alike have one letter."""

    def phase(self, day: int) -> int:
        """Return a number; days with the same one have the same steps."""

    def step(self, state: State, *, day: int, letter: Letter) -> Move | None:
        """Return the step of one day, None where it is forbidden."""

    def finish(self, state: State) -> int | None:
        """Return the cost of ending here, None where that is forbidden."""


class CountingComponent(Component, Protocol):
    """An automaton whose steps add to a counter, and which forbids none."""

    def gains(self, row: Sequence[str]) -> list[int]:
        """Return what each day of a row adds."""


def charged(units: int, weight: Weight) -> int | None:
    """Return the cost of so many broken units; None where a hard rule breaks."""
    if units <= 0:
        return 0
    return None if weight is None else units * weight


def moved(state: State, *, broken: int, weight: Weight, gain: int = 0) -> Move | None:
    """Return the step into a state that breaks so many units, None where it may not."""
    cost = charged(broken, weight)
    return None if cost is None else Move(state, cost, gain)


class RunComponent:
    """Days in a row: the length so far, and whether it may have begun before day 0."""

    def __init__(self, rule: Run, *, history: tuple[str, ...]) -> None:
        self.rule = rule
        self.need = rule.at_least or 0
        self.cap = max(self.need, rule.at_most or 0)
        letters = [self.letter(shift) for shift in history]
        length = 0
        for letter in letters:
            length = min(length + 1, self.cap) if letter else 0
        self.start: State = (length, int(rule.open_start and all(letters)))

    def letter(self, shift: str) -> Letter:
        if self.rule.of == "shifts":
            return int(shift in self.rule.shifts)
        return int((shift != OFF) == (self.rule.of == "work"))

    def phase(self, day: int) -> int:
        return 0

    def step(self, state: State, *, day: int, letter: Letter) -> Move | None:
        length, is_open = state
        if not letter:
            missing = 0 if is_open else self._missing(length)
            return moved((0, 0), broken=missing, weight=self.rule.weight)
        most = self.rule.at_most
        grown = min(length + 1, self.cap)
        after = (grown, int(is_open and grown < self.need))
        over = most is not None and length + 1 > most
        return moved(after, broken=int(over), weight=self.rule.weight)

    def finish(self, state: State) -> int | None:
        length, is_open = state
        if is_open or self.rule.open_end:
            return 0
        return charged(self._missing(length), self.rule.weight)

    def _missing(self, length: int) -> int:
        return max(0, self.need - length) if length else 0


class SuccessionComponent:
    """Patterns of two days, whatever the weekday, all together: what the last day was.

    Shifts that may follow the same ones share a state, and so do those that may be
    followed alike share a letter.
    """

    def __init__(
        self,
        patterns: tuple[Pattern, ...],
        *,
        shifts: tuple[str, ...],
        history: tuple[str, ...],
    ) -> None:
        costs = [[_succession(patterns, a, b) for b in shifts] for a in shifts]
        columns = [list(column) for column in zip(*costs, strict=True)]
        self.count = len(shifts)
        self.leader = {s: costs.index(costs[at]) for at, s in enumerate(shifts)}
        self.follower = {s: columns.index(columns[at]) for at, s in enumerate(shifts)}
        self.costs = costs
        self.start: State = (self.leader[history[-1]],) if history else ()

    def letter(self, shift: str) -> Letter:
        return self.leader[shift] * self.count + self.follower[shift]

    def phase(self, day: int) -> int:
        return 0

    def step(self, state: State, *, day: int, letter: Letter) -> Move | None:
        leader, follower = divmod(letter, self.count)
        cost = self.costs[state[0]][follower] if state else 0
        return None if cost is None else Move((leader,), cost)

    def finish(self, state: State) -> int | None:
        return 0


def _succession(patterns: tuple[Pattern, ...], first: str, second: str) -> int | None:
    matched = [
        pattern.weight
        for pattern in patterns
        if first in pattern.days[0] and second in pattern.days[1]
    ]
    return None if None in matched else sum(weight or 0 for weight in matched)


class PatternComponent:
    """A sequence of days: which beginnings of it the last days are."""

    def __init__(
        self,
        pattern: Pattern,
        *,
        weekday: Callable[[int], int],
        history: tuple[str, ...],
    ) -> None:
        self.pattern = pattern
        self.weekday = weekday
        self.start: State = ()
        known = history if pattern.uses_history else ()
        for day, shift in enumerate(known, start=-len(known)):
            self.start, _ = self._advance(
                self.start, day=day, letter=self.letter(shift)
            )

    def letter(self, shift: str) -> Letter:
        fits = (shift in wanted for wanted in self.pattern.days)
        return sum(1 << place for place, does_fit in enumerate(fits) if does_fit)

    def phase(self, day: int) -> int:
        if self.pattern.start_days:
            return day
        return self.weekday(day) if self.pattern.weekdays else 0

    def step(self, state: State, *, day: int, letter: Letter) -> Move | None:
        begun, is_whole = self._advance(state, day=day, letter=letter)
        return moved(begun, broken=int(is_whole), weight=self.pattern.weight)

    def finish(self, state: State) -> int | None:
        return 0

    def _advance(self, begun: State, *, day: int, letter: Letter) -> tuple[State, bool]:
        weekdays, days = self.pattern.weekdays, self.pattern.start_days
        is_weekday = not weekdays or self.weekday(day) in weekdays
        may_start = is_weekday and (not days or day in days)
        tried = (0, *begun) if may_start else begun
        matched = tuple(length + 1 for length in tried if letter >> length & 1)
        whole = len(self.pattern.days)
        return tuple(length for length in matched if length < whole), whole in matched
