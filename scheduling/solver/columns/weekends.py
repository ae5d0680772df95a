"""Weekend rules as automata: what the current weekend and those before it were."""

from collections.abc import Sequence

from scheduling.solver.columns.components import (
    Component,
    CountingComponent,
    Letter,
    Move,
    State,
    charged,
    moved,
)
from scheduling.solver.rules import OFF, Weekends

_WEEK = 7
_FREE, _WORKED, _MIXED = 1, 2, 3  # what a weekend held so far; 0 before its first day


def weekends_in(
    rule: Weekends, *, days: int, first_weekday: int
) -> list[tuple[int, ...]]:
    """Return the days of each weekend that lie in the horizon, oldest first."""
    opening = rule.weekdays[0]
    steps = [(weekday - opening) % _WEEK for weekday in rule.weekdays]
    starts = range((opening - first_weekday) % _WEEK - _WEEK, days, _WEEK)
    weekends = (
        tuple(start + step for step in steps if 0 <= start + step < days)
        for start in starts
    )
    return [weekend for weekend in weekends if weekend]


def weekend_component(
    rule: Weekends, *, weekends: list[tuple[int, ...]], shifts: tuple[str, ...]
) -> Component:
    """Return the automaton of a weekend rule."""
    if rule.measure == "run":
        return _RunComponent(rule, weekends, shifts)
    if rule.measure == "complete":
        return _CompleteComponent(rule, weekends, shifts)
    return _IdenticalComponent(rule, weekends, shifts)


def weekend_counter(
    rule: Weekends, *, weekends: list[tuple[int, ...]], shifts: tuple[str, ...]
) -> CountingComponent:
    """Return the automaton that counts the weekends worked."""
    return _CountComponent(rule, weekends, shifts)


class _WeekendComponent:
    """What all of them share: where weekends begin and end, and working or not."""

    def __init__(
        self,
        rule: Weekends,
        weekends: list[tuple[int, ...]],
        shifts: tuple[str, ...],
    ) -> None:
        self.rule = rule
        self.inside = {day for weekend in weekends for day in weekend}
        self.first = {weekend[0] for weekend in weekends}
        self.last = {weekend[-1] for weekend in weekends}
        self.code = {shift: code for code, shift in enumerate(shifts, start=1)}
        self.start: State = (0,)

    def letter(self, shift: str) -> Letter:
        return _FREE if shift == OFF else _WORKED

    def phase(self, day: int) -> int:
        return (day in self.inside) + 2 * (day in self.first) + 4 * (day in self.last)

    def step(self, state: State, *, day: int, letter: Letter) -> Move | None:
        if day not in self.inside:
            return Move(state)
        opened = (*state[:-1], 0) if day in self.first else state
        return self.within(opened, day=day, letter=letter)

    def within(self, state: State, *, day: int, letter: Letter) -> Move | None:
        """Return the step of a weekend's day."""
        raise NotImplementedError

    def finish(self, state: State) -> int | None:
        return 0

    def kept(self, seen: int, *, day: int) -> int:
        """Return what is remembered of a weekend: nothing after its last day."""
        return 0 if day in self.last else seen


class _CountComponent(_WeekendComponent):
    """Whether the current weekend counts already; its counter is an axis elsewhere."""

    def gains(self, row: Sequence[str]) -> list[int]:
        """Return a one on the first worked day of each weekend."""
        gains, seen = [0] * len(row), False
        for day in sorted(self.inside):
            seen = seen and day not in self.first
            if row[day] != OFF and not seen:
                gains[day], seen = 1, True
        return gains

    def within(self, state: State, *, day: int, letter: Letter) -> Move | None:
        seen = max(state[0], letter)
        gain = int(letter == _WORKED and state[0] != _WORKED)
        return Move((self.kept(seen, day=day),), 0, gain)


class _RunComponent(_WeekendComponent):
    """How many weekends in a row were worked, and whether the current one is."""

    def __init__(
        self,
        rule: Weekends,
        weekends: list[tuple[int, ...]],
        shifts: tuple[str, ...],
    ) -> None:
        super().__init__(rule, weekends, shifts)
        self.need = rule.at_least or 0
        self.cap = max(self.need, rule.at_most or 0, 1)
        self.start = (min(rule.before, self.cap), 0)
        self.has_weekends = bool(weekends)

    def within(self, state: State, *, day: int, letter: Letter) -> Move | None:
        run, before = state
        seen = max(before, letter)
        if day not in self.last:
            return Move((run, seen))
        if seen != _WORKED:
            return moved((0, 0), broken=self._missing(run), weight=self.rule.weight)
        most = self.rule.at_most
        over = most is not None and run + 1 > most
        after = (min(run + 1, self.cap), 0)
        return moved(after, broken=int(over), weight=self.rule.weight)

    def finish(self, state: State) -> int | None:
        missing = self._missing(state[0]) if self.has_weekends else 0
        return charged(missing, self.rule.weight)

    def _missing(self, run: int) -> int:
        return max(0, self.need - run) if run else 0


class _CompleteComponent(_WeekendComponent):
    """Whether the current weekend was worked, free, or broken and paid for."""

    def within(self, state: State, *, day: int, letter: Letter) -> Move | None:
        before = state[0]
        seen = letter if before in {0, letter} else _MIXED
        is_new = seen == _MIXED and before != _MIXED
        after = (self.kept(seen, day=day),)
        return moved(after, broken=int(is_new), weight=self.rule.weight)


class _IdenticalComponent(_WeekendComponent):
    """What the day before in the same weekend was."""

    def letter(self, shift: str) -> Letter:
        return self.code[shift]

    def within(self, state: State, *, day: int, letter: Letter) -> Move | None:
        before = state[0]
        after = (self.kept(letter, day=day),)
        differs = before not in {0, letter}
        return moved(after, broken=int(differs), weight=self.rule.weight)
