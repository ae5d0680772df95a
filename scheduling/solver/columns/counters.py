"""What a row adds up to: counters as axes of a table, or as states where they overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, gcd, inf

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.components import Letter, Move, State, charged
from scheduling.solver.instance import Instance, ShiftType
from scheduling.solver.rules import OFF, Count, Weekends, Weight

Costs = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axis:
    """A counter as an axis of a table: place k stands for `before + k * grain`.

    Attributes:
        size: Places; the last one also stands for everything above it.
        overflow: Cost of each place beyond the last: infinite where that is forbidden.
        closings: After these days the count is charged (one cost a place) and begins
            again; after the last window nothing is kept.
    """

    size: int
    overflow: float
    closings: tuple[tuple[int, Costs], ...]


@dataclass(frozen=True, slots=True)
class _Range:
    at_least: int | None
    at_most: int | None
    before: int
    weight: Weight


@dataclass(frozen=True, slots=True)
class Worth:
    """What each shift adds to a counter, in its grain; the odd days are told apart.

    Attributes:
        kinds: For each letter what it adds on a usual day, then on each of the odd days.
        odd: The place of each day on which clocks change.
    """

    letters: Mapping[str, Letter]
    kinds: tuple[tuple[int, ...], ...]
    odd: Mapping[int, int]
    grain: int

    def letter(self, shift: str) -> Letter:
        return self.letters.get(shift, 0)

    def phase(self, day: int) -> int:
        return self.odd.get(day, 0)

    def places(self, letter: Letter, day: int) -> int:
        """Return what a letter adds on a day, in grains."""
        return self.kinds[letter][self.odd.get(day, 0)]

    @property
    def most(self) -> int:
        """Return the most that one day adds, without the grain."""
        return self.grain * max(max(kind) for kind in self.kinds)


def worth_of(rule: Count, instance: Instance) -> Worth:
    """Return what the shifts add to a count."""
    changes = instance.clock_changes if rule.unit == "minutes" else {}
    days = sorted({day for day, _shift in changes})
    added = {
        shift.id: _added(rule, shift, days, instance)
        for shift in instance.shift_types
        if shift.id != OFF and (not rule.shifts or shift.id in rule.shifts)
    }
    grain = gcd(*(one for kind in added.values() for one in kind)) or 1
    kinds = sorted({(0,) * (1 + len(days)), *added.values()})
    return Worth(
        letters={shift: kinds.index(kind) for shift, kind in added.items()},
        kinds=tuple(tuple(one // grain for one in kind) for kind in kinds),
        odd={day: place for place, day in enumerate(days, start=1)},
        grain=grain,
    )


def _added(
    rule: Count, shift: ShiftType, days: list[int], instance: Instance
) -> tuple[int, ...]:
    """Return what a shift adds on a usual day, then on each of these odd ones."""
    if rule.unit == "shifts":
        return (1,)
    usual = max(0, shift.minutes - rule.beyond)
    return (
        usual,
        *(instance.minutes(shift.id, day=day, beyond=rule.beyond) for day in days),
    )


class CountComponent:
    """What each day adds to a counter; the counter itself is an axis."""

    def __init__(self, rule: Count, instance: Instance) -> None:
        self.start: State = ()
        self.worth = worth_of(rule, instance)
        self.grain = self.worth.grain
        windows = _windows(rule, instance.days)
        inside = {day for first, end in windows for day in range(first, end)}
        self.counted = _counted_days(rule, instance.days) & inside
        self.is_every_day = len(self.counted) == instance.days

    def letter(self, shift: str) -> Letter:
        return self.worth.letter(shift)

    def phase(self, day: int) -> int:
        return 1 + self.worth.phase(day) if day in self.counted else 0

    def step(self, state: State, *, day: int, letter: Letter) -> Move | None:
        added = self.worth.places(letter, day) if day in self.counted else 0
        return Move(state, 0, added)

    def finish(self, state: State) -> int | None:
        return 0

    def gains(self, row: Sequence[str]) -> list[int]:
        """Return what each day of a row adds."""
        worth = self.worth
        gains = [worth.places(worth.letter(one), day) for day, one in enumerate(row)]
        if self.is_every_day:
            return gains
        return [gain if day in self.counted else 0 for day, gain in enumerate(gains)]


class WindowComponent:
    """A count whose windows overlap: what each window still open holds so far."""

    def __init__(self, rule: Count, instance: Instance) -> None:
        self.rule = rule
        self.start: State = ()
        self.worth = worth_of(rule, instance)
        self.grain = self.worth.grain
        self.counted = _counted_days(rule, instance.days)
        self.windows = _windows(rule, instance.days)
        most, need = rule.at_most, rule.at_least
        above = 0 if most is None else ceil((most - rule.before) / self.grain)
        self.cap = max(0, above, ceil(((need or 0) - rule.before) / self.grain))

    def letter(self, shift: str) -> Letter:
        return self.worth.letter(shift)

    def phase(self, day: int) -> int:
        return day

    def step(self, state: State, *, day: int, letter: Letter) -> Move | None:
        opened = (
            (*state, 0) if any(first == day for first, _ in self.windows) else state
        )
        added = self.worth.places(letter, day) if day in self.counted else 0
        sums = tuple(one + added for one in opened)
        if self.rule.weight is None:
            if any(self._broken(one) < 0 for one in sums):
                return None
            sums = tuple(min(one, self.cap) for one in sums)
        if not any(end == day + 1 for _, end in self.windows):
            return Move(sums)
        cost = charged(abs(self._broken(sums[0])), self.rule.weight)
        return None if cost is None else Move(sums[1:], cost)

    def finish(self, state: State) -> int | None:
        return 0

    def _broken(self, places: int) -> int:
        """Return the units below the range, or minus the units above it."""
        value = self.rule.before + places * self.grain
        if self.rule.at_most is not None and value > self.rule.at_most:
            return self.rule.at_most - value
        return max(0, (self.rule.at_least or 0) - value)


def is_overlapping(rule: Count) -> bool:
    """Whether several windows of a count are open at once."""
    return bool(rule.window) and rule.step < rule.window


def count_axis(rule: Count, component: CountComponent, instance: Instance) -> Axis:
    """Return the axis of a count whose windows do not overlap."""
    windows = _windows(rule, instance.days)
    longest = max((end - first for first, end in windows), default=0)
    most = longest * component.worth.most // component.grain
    wanted = _Range(rule.at_least, rule.at_most, rule.before, rule.weight)
    ends = [end - 1 for _, end in windows]
    return _axis(wanted, grain=component.grain, most=most, ends=ends)


def weekend_axis(rule: Weekends, *, weekends: int, days: int) -> Axis:
    """Return the axis of the weekends worked."""
    wanted = _Range(rule.at_least, rule.at_most, rule.before, rule.weight)
    return _axis(wanted, grain=1, most=weekends, ends=[days - 1])


def _axis(wanted: _Range, *, grain: int, most: int, ends: list[int]) -> Axis:
    is_hard = wanted.weight is None
    places = [0]
    if wanted.at_least is not None:
        places.append(ceil((wanted.at_least - wanted.before) / grain))
    if wanted.at_most is not None:
        rounded = floor if is_hard else ceil
        places.append(rounded((wanted.at_most - wanted.before) / grain))
    size = 1 + max(0, min(max(places), most))
    beyond = 0 if wanted.at_most is None or size > most else grain
    unit = inf if is_hard else float(wanted.weight or 0)
    costs = np.array(
        [_out_of(wanted, wanted.before + place * grain) for place in range(size)]
    )
    return Axis(
        size=size,
        overflow=unit * beyond if beyond else 0.0,
        closings=tuple((end, costs) for end in ends),
    )


def _out_of(wanted: _Range, value: int) -> float:
    below = 0 if wanted.at_least is None else max(0, wanted.at_least - value)
    above = 0 if wanted.at_most is None else max(0, value - wanted.at_most)
    cost = charged(below + above, wanted.weight)
    return inf if cost is None else float(cost)


def _counted_days(rule: Count, days: int) -> frozenset[int]:
    return frozenset(rule.days or range(days))


def _windows(rule: Count, days: int) -> list[tuple[int, int]]:
    if not rule.window:
        return [(0, days)]
    firsts = range(0, days - rule.window + 1, rule.step)
    return [(first, first + rule.window) for first in firsts]
